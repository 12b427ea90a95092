import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { PolicyDecision, RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal, type AfterCommit } from '#host/policy/approvals/service.ts';
import { decidePolicy, needsTrust } from '#host/policy/core/decide.ts';
import type { HostSettings } from '#host/policy/core/settings.ts';
import type { CallAllowances } from '#host/policy/call-allowances.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Submission } from '#host/policy/submission.ts';
import type { Crypto, FactGatherer, WorkspaceFacts } from '#host/policy/ports.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import { AnsweredRuns, isAnswered, type AnsweredRun } from './answered.ts';
import { refusedEvent } from './core/question.ts';
import { deniedEvent, startEvents } from './core/start.ts';
import { hasEnded } from './core/run.ts';
import { Creation, type Created, type Ready } from './creation.ts';
import { Effects } from './effects.ts';
import { gateState, readSettings } from './gate-reads.ts';
import type { Prepared, Runners } from './ports.ts';
import { Preparation } from './preparation.ts';
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
  runners: Runners;
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

/** Runs that are created in one piece of a transaction: about 4 ms, so that the event loop turns between two. */
const TOGETHER = 8;

/** The gate: every call becomes a run here, is judged in the transaction that creates it, and is started at most once. */
export class RunService implements Gate {
  readonly #o: RunServiceOptions;
  readonly #waiters: RunWaiters;
  readonly #effects: Effects;
  readonly #preparation: Preparation;
  readonly #creation: Creation;
  readonly #answered: AnsweredRuns;

  constructor(options: RunServiceOptions) {
    this.#o = options;
    this.#waiters = new RunWaiters(options.store, options.clock);
    this.#effects = new Effects(options);
    this.#preparation = new Preparation(options);
    this.#creation = new Creation({
      ...options,
      start: (tx, run, call, context) => this.#start(tx, run, call, [], context),
    });
    this.#answered = new AnsweredRuns({
      ...options,
      prepare: (run) => this.#preparation.again(run),
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
    return this.#made(
      ready,
      await this.#o.store.transact((tx) => this.#creation.create(tx, ready)),
    );
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
        for (const one of ready) all.push(await this.#creation.create(tx, one));
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
    const prepared = await this.#preparation.prepare(runner, submission.call, workspace_id);
    const call = prepared.ok ? prepared.call : submission.call;
    const facts = await this.#o.facts.gather({ ...submission, call });
    return { submission, prepared, facts };
  }

  /** After the commit: what was begun goes on. */
  #made({ facts }: Ready, done: Created): RunView {
    if (done.run.status === 'waiting_for_approval')
      this.#preparation.keep(done.run.run_id, facts.call);
    if (done.approval !== null) this.#o.watchApproval(done.approval);
    done.after?.();
    return done.run;
  }

  async evaluate(
    subject: Pick<Submission, 'principal' | 'workspace_id' | 'call'>,
  ): Promise<PolicyDecision> {
    const facts = await this.#o.facts.gather(subject);
    const settings = await readSettings(this.#o.store);
    const moment = { now: this.#o.clock.now(), accepting: this.#o.accepting() };
    return decidePolicy(facts, await gateState(this.#o.store, facts, settings, moment));
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
    this.#preparation.forget(runId);
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
    return run === null || run.runner === 'agent' ? null : this.#preparation.again(run);
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
    return () => this.#preparation.forget(run_id);
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
    this.#preparation.forget(run_id);
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
      return () => this.#preparation.forget(run.run_id);
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
    this.#preparation.forget(run.run_id);
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
}
