import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { PolicyDecision, RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { AfterCommit } from '#host/policy/approvals/service.ts';
import type { CallAllowances } from '#host/policy/call-allowances.ts';
import { decidePolicy } from '#host/policy/core/decide.ts';
import type { CallFacts } from '#host/policy/core/facts.ts';
import { expiryOf, type HostSettings } from '#host/policy/core/settings.ts';
import { approvalsProjection } from '#host/policy/projections.ts';
import type { Submission } from '#host/policy/submission.ts';
import type { EventContext, StoreTransaction } from '#host/store/ports.ts';
import { questionEvent } from './core/question.ts';
import { gateState, readSettings, refusalEvent, sameCall } from './gate-reads.ts';
import type { Prepared } from './ports.ts';
import { readRun, runStream } from './run-log.ts';

export interface CreationOptions {
  clock: Clock;
  ids: IdSource;
  allowances: CallAllowances;
  /** False while the host drains. */
  accepting: () => boolean;
  /** Starts what may start at once, in the same transaction. */
  start: (
    tx: StoreTransaction,
    run: RunView,
    call: ActionCall,
    context: EventContext,
  ) => Promise<AfterCommit>;
}

/** A submission with all that its transaction needs. */
export interface Ready {
  readonly submission: Submission;
  readonly prepared: Prepared;
  readonly facts: CallFacts;
}

/** What a transaction made of it; `after` begins its effect. */
export interface Created {
  readonly run: RunView;
  readonly approval: ApprovalView | null;
  readonly after: AfterCommit | null;
}

/** What a run and its next step have in common. */
interface Judged {
  readonly submission: Submission;
  readonly facts: CallFacts;
  readonly policy: PolicyDecision;
  readonly settings: HostSettings;
  readonly context: EventContext;
  readonly run_id: string;
}

/** Makes runs: each is judged inside the transaction that creates it, and refused, asked about or started there. */
export class Creation {
  readonly #o: CreationOptions;

  constructor(options: CreationOptions) {
    this.#o = options;
  }

  async create(tx: StoreTransaction, { submission: s, facts, prepared }: Ready): Promise<Created> {
    const known = await sameCall(tx, s, facts, this.#o.clock.now());
    if (known !== null) return { run: known, approval: null, after: null };
    const settings = await readSettings(tx);
    const policy = decidePolicy(
      facts,
      await gateState(tx, facts, settings, {
        now: this.#o.clock.now(),
        accepting: this.#o.accepting(),
      }),
    );
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
    const judged = { submission: s, facts, policy, settings, context, run_id };
    const next =
      refusal === null && prepared.ok
        ? await this.#next(tx, judged, prepared.call)
        : { approval: null, after: null };
    if (refusal !== null) await tx.append(runStream(run_id), 'any', [refusal], context);
    return { ...next, run: await readRun(tx, run_id) };
  }

  async #next(
    tx: StoreTransaction,
    judged: Judged,
    call: ActionCall,
  ): Promise<{ approval: ApprovalView | null; after: AfterCommit | null }> {
    const { policy, context, run_id } = judged;
    if (policy.decision === 'require_approval')
      return { approval: await this.#ask(tx, judged), after: null };
    if (policy.grant_id !== null)
      await tx.append(
        { stream_type: 'grant', stream_id: policy.grant_id },
        'any',
        [{ type: 'grant.used', data: { grant_id: policy.grant_id, run_id } }],
        context,
      );
    const run = await readRun(tx, run_id);
    return { approval: null, after: await this.#o.start(tx, run, call, context) };
  }

  async #ask(
    tx: StoreTransaction,
    { submission: s, facts, policy, settings, context, run_id }: Judged,
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
}
