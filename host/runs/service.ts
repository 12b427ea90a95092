import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { callHashInput, type ActionCall } from '#schema/views/action-call.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { PolicyDecision, RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal, type AfterCommit } from '#host/policy/approvals/service.ts';
import { decidePolicy, needsTrust } from '#host/policy/core/decide.ts';
import type { CallFacts } from '#host/policy/core/facts.ts';
import { expiryOf, type HostSettings } from '#host/policy/core/settings.ts';
import type { CallAllowances } from '#host/policy/call-allowances.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Submission } from '#host/policy/submission.ts';
import type { Crypto, FactGatherer, WorkspaceFacts } from '#host/policy/ports.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import { AnsweredRuns, isAnswered, type AnsweredRun } from './answered.ts';
import { questionEvent, refusedEvent } from './core/question.ts';
import { deniedEvent, startEvents } from './core/start.ts';
import { hasEnded } from './core/run.ts';
import { Effects } from './effects.ts';
import { gateState, readSettings, refusalEvent, sameCall } from './gate-reads.ts';
import type { Prepared, Runner } from './ports.ts';
import { runsProjection } from './projections.ts';
import { appendToRun, readRun, runStream } from './run-log.ts';
import { RunWaiters } from './waiters.ts';

export interface RunServiceOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  crypto: Crypto;
  log: Log;
  facts: FactGatherer;
  workspaces: WorkspaceFacts;
  allowances: CallAllowances;
  runners: { host: Runner; editor: Runner; internal?: Runner; server?: Runner };
  /** False while the host drains. */
  accepting: () => boolean;
  /** Checked in every transaction that writes of a scheduled run: throws `not_leader`. */
  fence?: RunFence;
  /** Withdraws the question of a run that was cancelled. */
  cancelApproval: (approvalId: string, reason: string) => Promise<void>;
  /** Called when a new question waits. */
  watchApproval: (approval: ApprovalView) => void;
}

/** Whether this host may still write of scheduled runs, asked inside the transaction that would. */
export interface RunFence {
  leads(tx: StoreTransaction): Promise<boolean>;
  toStart(tx: StoreTransaction): Promise<void>;
  toRecord(tx: StoreTransaction): Promise<void>;
}

/** A submission with all that its transaction needs. */
interface Ready {
  readonly submission: Submission;
  readonly prepared: Prepared;
  readonly facts: CallFacts;
}

/** What a transaction made of it; `after` begins its effect. */
interface Created {
  readonly run: RunView;
  readonly approval: ApprovalView | null;
  readonly after: AfterCommit | null;
}

/** Runs that are created in one piece of a transaction: about 4 ms, so that the event loop turns between two. */
const TOGETHER = 8;

/** How long an answer waits for the window of its workspace to come back. */
const WINDOW_MS = 3_000;

/** The gate: every call becomes a run here, is judged in the transaction that creates it, and is started at most once. */
export class RunService implements Gate {
  readonly #o: RunServiceOptions;
  readonly #waiters: RunWaiters;
  readonly #effects: Effects;
  /** Calls as they were asked, while their run waits: what is stored may have had secrets removed. */
  readonly #calls = new Map<string, ActionCall>();
  readonly #answered: AnsweredRuns;

  constructor(options: RunServiceOptions) {
    this.#o = options;
    this.#waiters = new RunWaiters(options.store, options.clock);
    this.#effects = new Effects(options);
    this.#answered = new AnsweredRuns({
      ...options,
      prepare: (run) => this.#prepareAgain(run),
      resume: (tx, run, ready) => this.#resumeQueued(tx, run, ready),
    });
  }

  /** Effects that execute now. */
  get executing(): number {
    return this.#effects.count;
  }

  /** Resolves when nothing executes any more, or after `ms`. */
  idle(ms: number): Promise<void> {
    return this.#effects.idle(ms);
  }

  /** Ends what a crash left running. Nothing is ever run again by itself. */
  async recover(): Promise<void> {
    const cut = await this.#o.store.documents(runsProjection, {
      where: { status: ['running', 'queued'] },
      limit: 100_000,
    });
    for (const run of cut) {
      if (isAnswered(run)) continue;
      const reason = 'The host ended while this ran; it may or may not have taken effect.';
      await appendToRun(this.#o.store, run, [
        { type: 'run.interrupted', data: { run_id: run.run_id, reason } },
      ]);
    }
  }

  async submit(submission: Submission): Promise<RunView> {
    const ready = await this.#ready(submission);
    return this.#made(ready, await this.#o.store.transact((tx) => this.#create(tx, ready)));
  }

  async submitAll(submissions: readonly Submission[]): Promise<PromiseSettledResult<RunView>[]> {
    const parts: Promise<PromiseSettledResult<RunView>[]>[] = [];
    for (let at = 0; at < submissions.length; at += TOGETHER)
      parts.push(this.#submitTogether(submissions.slice(at, at + TOGETHER)));
    return (await Promise.all(parts)).flat();
  }

  /** One transaction for all of them; where one cannot be created, one for each. */
  async #submitTogether(part: readonly Submission[]): Promise<PromiseSettledResult<RunView>[]> {
    try {
      const ready = await Promise.all(part.map((submission) => this.#ready(submission)));
      const created = await this.#o.store.transact(async (tx) => {
        const all: Created[] = [];
        for (const one of ready) all.push(await this.#create(tx, one));
        return all;
      });
      return ready.flatMap((one, i) => {
        const done = created[i];
        return done === undefined ? [] : [{ status: 'fulfilled', value: this.#made(one, done) }];
      });
    } catch {
      return Promise.allSettled(part.map((submission) => this.submit(submission)));
    }
  }

  /** What must be known before the transaction. */
  async #ready(submission: Submission): Promise<Ready> {
    const { runner, workspace_id } = submission;
    const prepared = await this.#prepare(runner, submission.call, workspace_id);
    const call = prepared.ok ? prepared.call : submission.call;
    const facts = await this.#o.facts.gather({ ...submission, call });
    return { submission, prepared, facts };
  }

  /** After the commit: what was begun goes on. */
  #made({ facts }: Ready, done: Created): RunView {
    if (done.run.status === 'waiting_for_approval') this.#calls.set(done.run.run_id, facts.call);
    if (done.approval !== null) this.#o.watchApproval(done.approval);
    done.after?.();
    return done.run;
  }

  async evaluate(
    subject: Pick<Submission, 'principal' | 'workspace_id' | 'call'>,
  ): Promise<PolicyDecision> {
    const facts = await this.#o.facts.gather(subject);
    const settings = await readSettings(this.#o.store);
    return decidePolicy(facts, await gateState(this.#o.store, facts, settings, this.#moment()));
  }

  async settled(runId: string, waitMs: number, signal?: AbortSignal): Promise<RunView> {
    return this.#waiters.settled(runId, waitMs, signal);
  }

  async cancel(runId: string, by: Principal, reason: string): Promise<RunView> {
    const run = await this.#o.store.document(runsProjection, runId);
    if (run === null) throw new HobError('not_found');
    if (hasEnded(run)) return run;
    if (run.approval_id !== null && run.status === 'waiting_for_approval') {
      await this.#o.cancelApproval(run.approval_id, 'run_cancelled');
    }
    if (run.status === 'running' && (await this.#effects.abort(runId, reason)))
      return this.#waiters.settled(runId, 15_000);
    const latest = await appendToRun(
      this.#o.store,
      run,
      [{ type: 'run.cancelled', data: { run_id: runId, reason } }],
      by,
    );
    this.#calls.delete(runId);
    return latest;
  }

  /** Stops everything that executes: the kill switch, or the host's end. */
  abortAll(reason: string): void {
    this.#effects.abortAll(reason);
  }

  // Follower of approvals: see ApprovalFollower.

  async beforeApprove(approval: ApprovalView): Promise<Prepared | null> {
    if (approval.run_id === null) return null;
    const run = await this.#o.store.document(runsProjection, approval.run_id);
    return run === null || run.runner === 'agent' ? null : this.#prepareAgain(run);
  }

  /** What was asked, as it would be done now; no longer ready when it is not the same any more. */
  async #prepareAgain(run: RunView): Promise<Prepared> {
    const asked = this.#calls.get(run.run_id) ?? run.call;
    if (this.#o.crypto.sha256(callHashInput(asked, run.workspace_id)) !== run.call_hash) {
      return {
        ok: false,
        error: new HobError('arguments_changed', {
          message:
            'The call held a secret, which Hob does not keep over a restart; it must be asked again.',
        }).toWire(),
      };
    }
    const again = await this.#prepareWithWindow(run, asked);
    if (!again.ok) return again;
    const same =
      this.#o.crypto.sha256(callHashInput(again.call, run.workspace_id)) === run.call_hash;
    return same
      ? again
      : {
          ok: false,
          error: new HobError('arguments_changed', {
            message: 'The program that would run is not the one that was shown.',
          }).toWire(),
        };
  }

  async approved(
    tx: StoreTransaction,
    approval: ApprovalView,
    prepared: unknown,
    context: EventContext,
  ): Promise<AfterCommit> {
    const run =
      approval.run_id === null ? null : await tx.document(runsProjection, approval.run_id);
    if (run === null || run.status !== 'waiting_for_approval') return () => {};
    const { run_id } = run;
    const { approval_id } = approval;
    if (run.trigger.kind === 'schedule' && (await this.#o.fence?.leads(tx)) === false) {
      // The answer counts now; only the start waits for somebody who leads.
      const queued: DomainEvent = { type: 'run.queued', data: { run_id, approval_id } };
      await tx.append(runStream(run_id), 'any', [queued], context);
      this.#answered.note();
      return () => {};
    }
    return this.#resume(tx, run, approval_id, prepared as Prepared | null, context);
  }

  /** Goes on with a run after its yes, or ends it when what was asked cannot be done any more. */
  async #resume(
    tx: StoreTransaction,
    run: RunView,
    approval_id: string,
    ready: Prepared | null,
    context: EventContext,
  ): Promise<AfterCommit> {
    const { run_id } = run;
    const resumed: DomainEvent = { type: 'run.resumed', data: { run_id, approval_id } };
    if (ready === null || ready.ok)
      return this.#start(tx, run, ready?.call ?? run.call, [resumed], context);
    const failed: DomainEvent = {
      type: 'run.failed',
      data: { run_id, error: ready.error, result: null },
    };
    await tx.append(runStream(run_id), 'any', [resumed, failed], context);
    return () => this.#calls.delete(run_id);
  }

  goOnAnswered(): Promise<void> {
    return this.#answered.goOn();
  }

  async #resumeQueued(
    tx: StoreTransaction,
    { run_id, approval_id }: AnsweredRun,
    ready: Prepared,
  ): Promise<AfterCommit | null> {
    const latest = await readRun(tx, run_id);
    if (latest.status !== 'queued') return null;
    await this.#o.fence?.toStart(tx);
    const context: EventContext = {
      workspace_id: latest.workspace_id,
      actor: hostPrincipal,
      correlation_id: latest.correlation_id,
      causation_id: approval_id,
      run_id,
      zone: latest.policy.zone,
    };
    return this.#resume(tx, latest, approval_id, ready, context);
  }

  async refused(
    tx: StoreTransaction,
    approval: ApprovalView,
    context: EventContext,
  ): Promise<void> {
    if (approval.run_id === null) return;
    const run = await tx.document(runsProjection, approval.run_id);
    if (run === null || hasEnded(run)) return;
    const { run_id } = run;
    await tx.append(runStream(run_id), 'any', [refusedEvent(run_id, approval)], context);
    this.#calls.delete(run_id);
  }

  // Inside the transactions

  async #create(tx: StoreTransaction, { submission: s, facts, prepared }: Ready): Promise<Created> {
    const known = await sameCall(tx, s, facts, this.#o.clock.now());
    if (known !== null) return { run: known, approval: null, after: null };
    const settings = await readSettings(tx);
    const policy = decidePolicy(facts, await gateState(tx, facts, settings, this.#moment()));
    const run_id = this.#o.ids.domain('run');
    const refusal = await refusalEvent(tx, run_id, s.principal, policy, prepared);
    // A slot is the person's own plan, and a sentence was counted when it was said.
    if (s.trigger.kind !== 'schedule' && s.trigger.kind !== 'sentence')
      this.#o.allowances.spend(s.principal, refusal === null ? 'act' : 'refused', s.workspace_id);
    const context: EventContext = {
      workspace_id: s.workspace_id,
      actor: s.principal,
      correlation_id: s.correlation_id,
      causation_id: s.causation_id,
      run_id,
      zone: policy.zone,
    };
    await s.claim?.(tx, run_id);
    const trigger = { kind: s.trigger.kind, ref: s.dedupe_key ?? s.trigger.ref };
    const created: DomainEvent = {
      type: 'run.created',
      data: {
        run_id,
        trigger,
        runner: s.runner,
        principal: s.principal,
        call: facts.call,
        call_hash: facts.call_hash,
        policy,
      },
    };
    await tx.append(runStream(run_id), 'no_stream', [created], context);
    if (s.idempotency_key !== null)
      await tx.remember(s.principal.id, 'run.created', s.idempotency_key, facts.call_hash, {
        run_id,
      });
    const next =
      refusal === null && prepared.ok
        ? await this.#next(tx, s, facts, prepared.call, policy, settings, context, run_id)
        : { approval: null, after: null };
    if (refusal !== null) await tx.append(runStream(run_id), 'any', [refusal], context);
    return { ...next, run: await readRun(tx, run_id) };
  }

  async #next(
    tx: StoreTransaction,
    s: Submission,
    facts: CallFacts,
    call: ActionCall,
    policy: PolicyDecision,
    settings: HostSettings,
    context: EventContext,
    run_id: string,
  ): Promise<{ approval: ApprovalView | null; after: AfterCommit | null }> {
    if (policy.decision === 'require_approval')
      return {
        approval: await this.#ask(tx, s, facts, policy, settings, context, run_id),
        after: null,
      };
    if (policy.grant_id !== null)
      await tx.append(
        { stream_type: 'grant', stream_id: policy.grant_id },
        'any',
        [{ type: 'grant.used', data: { grant_id: policy.grant_id, run_id } }],
        context,
      );
    const run = await readRun(tx, run_id);
    return { approval: null, after: await this.#start(tx, run, call, [], context) };
  }

  async #ask(
    tx: StoreTransaction,
    s: Submission,
    facts: CallFacts,
    policy: PolicyDecision,
    settings: HostSettings,
    context: EventContext,
    run_id: string,
  ): Promise<ApprovalView> {
    const approval_id = this.#o.ids.domain('approval');
    const requested = questionEvent({
      approval_id,
      run_id,
      submission: s,
      facts,
      policy,
      expiryMs: s.trigger.kind === 'schedule' || s.waits === true ? null : expiryOf(settings),
      now: this.#o.clock.now(),
    });
    await tx.append(
      { stream_type: 'approval', stream_id: approval_id },
      'no_stream',
      [requested],
      context,
    );
    await tx.append(
      runStream(run_id),
      'any',
      [{ type: 'run.waiting', data: { run_id, approval_id } }],
      context,
    );
    const approval = await tx.document(approvalsProjection, approval_id);
    if (approval === null) throw new HobError('internal_error');
    return approval;
  }

  /** Starts the effect, unless the kill switch is on at this very moment. */
  async #start(
    tx: StoreTransaction,
    run: RunView,
    call: ActionCall,
    before: DomainEvent[],
    context: EventContext,
  ): Promise<AfterCommit> {
    if (run.trigger.kind === 'schedule') await this.#o.fence?.toStart(tx);
    const settings = await readSettings(tx);
    const stop = this.#stopNow(settings, run);
    if (stop !== null && call.action !== 'notify.show') {
      await tx.append(
        runStream(run.run_id),
        'any',
        [...before, deniedEvent(run.run_id, stop)],
        context,
      );
      return () => this.#calls.delete(run.run_id);
    }
    const ids = {
      step_id: this.#o.ids.domain('step'),
      tool_call_id: this.#o.ids.domain('toolCall'),
    };
    await tx.append(
      runStream(run.run_id),
      'any',
      [...before, ...startEvents(run, ids, null)],
      context,
    );
    this.#calls.delete(run.run_id);
    const runner = run.runner === 'agent' ? undefined : this.#o.runners[run.runner];
    if (runner === undefined) return () => {};
    return () => void this.#effects.execute(runner, run, ids.tool_call_id, call);
  }

  /** Why nothing starts at this moment, whatever was decided before; null when it may. */
  #stopNow(settings: HostSettings, run: RunView): { reason_code: string; reason: string } | null {
    if (settings.kill_switch)
      return { reason_code: 'kill_switch_on', reason: 'The kill switch is on.' };
    if (settings.stopped || !this.#o.accepting())
      return { reason_code: 'runtime_stopped', reason: 'Hob is paused.' };
    const isUntrusted = this.#o.workspaces.trusted(run.workspace_id) === false;
    if (isUntrusted && needsTrust(run.call, run.principal))
      return { reason_code: 'workspace_untrusted', reason: 'This workspace is not trusted.' };
    return null;
  }

  #moment(): { now: number; accepting: boolean } {
    return { now: this.#o.clock.now(), accepting: this.#o.accepting() };
  }

  /**
   * Prepares a call whose approval is being answered. After a restart the answer can come before the
   * window has said what it is: that is waited for, and then refused as it is, so that the question
   * stays open instead of being used up. Throws `no_editor`.
   */
  async #prepareWithWindow(run: RunView, call: ActionCall): Promise<Prepared> {
    const deadline = this.#o.clock.monotonic() + WINDOW_MS;
    for (;;) {
      const prepared = await this.#prepare(run.runner, call, run.workspace_id);
      if (prepared.ok || prepared.error.code !== 'no_editor') return prepared;
      if (this.#o.clock.monotonic() >= deadline)
        throw new HobError('no_editor', { message: prepared.error.message });
      await new Promise<void>((resolve) => {
        this.#o.clock.timer(50, resolve);
      });
    }
  }

  async #prepare(
    kind: Submission['runner'],
    call: ActionCall,
    workspaceId: string,
  ): Promise<Prepared> {
    const runner = kind === 'agent' ? undefined : this.#o.runners[kind];
    return runner === undefined ? { ok: true, call } : runner.prepare(call, workspaceId);
  }
}
