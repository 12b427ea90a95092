import type { Principal } from '#schema/envelope/principal.ts';
import type { ApprovalView, SignedDecision } from '#schema/views/approval.ts';
import { decisionStatement } from '#schema/views/statements.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import { initialSettings } from '../core/settings.ts';
import { addToProof, noProof, spokenProblem } from '../core/spoken.ts';
import {
  approvalsProjection,
  decidersProjection,
  settingsProjection,
  SETTINGS_KEY,
} from '../projections.ts';
import type { Crypto } from '../ports.ts';
import { decideApproval, type ApprovalCommand } from './approval.ts';

/** Runs after the commit, outside the transaction. */
export type AfterCommit = () => void;

/** Who must act when an approval ends; called inside the transaction that ends it. */
export interface ApprovalFollower {
  /** Slow checks before the transaction (is the executable still the same?); its answer is handed to `approved`. */
  beforeApprove(approval: ApprovalView): Promise<unknown>;
  approved(
    tx: StoreTransaction,
    approval: ApprovalView,
    prepared: unknown,
    context: EventContext,
  ): Promise<AfterCommit>;
  refused(tx: StoreTransaction, approval: ApprovalView, context: EventContext): Promise<void>;
}

export interface ApprovalsOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  crypto: Crypto;
  log: Log;
  follower: ApprovalFollower;
}

/** The host itself, as the actor of what nobody asked for: an expiry, a withdrawal. */
export const hostPrincipal: Principal = {
  kind: 'service',
  id: 'host',
  display: 'Hob',
  role: 'engine',
  proven: true,
};

/** A signature may be this old or this early. */
const MAX_SKEW_MS = 5 * 60_000;
/** A spoken answer is signed at once, or not at all. */
const MAX_SPOKEN_MS = 15_000;
/** Longest time between two looks at an expiry, so that a sleeping machine or a clock jump is noticed. */
const MAX_TIMER_MS = 60_000;

/** Settles approvals: checks who signed what, appends the outcome and what follows from it in one transaction, and watches the clock. */
export class ApprovalService {
  readonly #o: ApprovalsOptions;
  readonly #timers = new Map<string, () => void>();
  #closed = false;

  constructor(options: ApprovalsOptions) {
    this.#o = options;
  }

  /** Arms the clocks of everything that waits; approvals whose time is over expire now. */
  async recover(): Promise<void> {
    const open = await this.#o.store.documents(approvalsProjection, {
      where: { status: 'pending' },
      limit: 100_000,
    });
    for (const approval of open) this.watch(approval);
  }

  /** Watches the expiry of one pending approval. Calling it again replaces the watch. */
  watch(approval: Pick<ApprovalView, 'approval_id' | 'expires_at' | 'status'>): void {
    this.#timers.get(approval.approval_id)?.();
    this.#timers.delete(approval.approval_id);
    if (this.#closed || approval.status !== 'pending' || approval.expires_at === null) return;
    const left = Date.parse(approval.expires_at) - this.#o.clock.now();
    const stop = this.#o.clock.timer(Math.min(Math.max(left, 0), MAX_TIMER_MS), () => {
      void this.#tick(approval.approval_id);
    });
    this.#timers.set(approval.approval_id, stop);
  }

  async #tick(approvalId: string): Promise<void> {
    try {
      await this.#settle(
        approvalId,
        () => ({ kind: 'expire', at: this.#o.clock.now() }),
        hostPrincipal,
      );
    } catch (failure) {
      this.#o.log.warn('an approval could not expire yet', {
        approval_id: approvalId,
        cause: String(failure),
      });
    }
    const approval = await this.#o.store
      .document(approvalsProjection, approvalId)
      .catch(() => null);
    if (approval !== null) this.watch(approval);
  }

  /**
   * A decision of a person. Throws `approval_source_refused`, `decider_unknown`,
   * `signature_invalid`, `kill_switch_on`, `already_settled`, `approval_expired`,
   * `arguments_changed`, `second_step_required`.
   */
  async respond(signed: SignedDecision, by: Principal): Promise<ApprovalView> {
    const known = await this.#o.store.document(approvalsProjection, signed.approval_id);
    if (known === null) throw new HobError('not_found');
    const prepared =
      signed.decision === 'approve' ? await this.#o.follower.beforeApprove(known) : undefined;
    return this.#settle(
      signed.approval_id,
      async (tx) => {
        await this.#checkSignature(tx, signed);
        await this.#checkSpoken(tx, signed);
        if (signed.decision === 'approve') await this.#checkStops(tx, known);
        return {
          kind: 'respond',
          signed,
          grant_id:
            signed.decision === 'approve' && signed.offer_id !== null
              ? this.#o.ids.domain('grant')
              : null,
          at: this.#o.clock.now(),
        };
      },
      by,
      prepared,
    );
  }

  /** Withdraws a question: its requester is gone, its run was cancelled. Nothing happens when it was settled. */
  async cancel(approvalId: string, reason: string, by: Principal = hostPrincipal): Promise<void> {
    await this.#settle(approvalId, () => ({ kind: 'cancel', reason }), by);
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }

  async #settle(
    approvalId: string,
    command: (tx: StoreTransaction) => Promise<ApprovalCommand> | ApprovalCommand,
    by: Principal,
    prepared?: unknown,
  ): Promise<ApprovalView> {
    const done = await this.#o.store.transact(async (tx) => {
      const before = await tx.document(approvalsProjection, approvalId);
      const outcome = decideApproval(await command(tx), before);
      if (!outcome.ok) throw new HobError(outcome.code);
      if (before === null || outcome.events.length === 0) return { view: before, after: null };
      const context: EventContext = {
        workspace_id: before.workspace_id,
        actor: by,
        correlation_id: before.correlation_id,
        causation_id: approvalId,
        run_id: before.run_id,
        zone: before.danger ? 'high_stakes' : 'supervised',
      };
      await tx.append(
        { stream_type: 'approval', stream_id: approvalId },
        'any',
        outcome.events,
        context,
      );
      const view = await tx.document(approvalsProjection, approvalId);
      if (view === null) throw new HobError('internal_error');
      return { view, after: await this.#follow(tx, view, prepared, context) };
    });
    if (done.view === null) throw new HobError('not_found');
    this.watch(done.view);
    done.after?.();
    return done.view;
  }

  async #follow(
    tx: StoreTransaction,
    view: ApprovalView,
    prepared: unknown,
    context: EventContext,
  ): Promise<AfterCommit | null> {
    if (view.status === 'approved') {
      await this.#createGrant(tx, view, context);
      return this.#o.follower.approved(tx, view, prepared, context);
    }
    if (view.status !== 'pending' && view.status !== 'held')
      await this.#o.follower.refused(tx, view, context);
    return null;
  }

  async #createGrant(
    tx: StoreTransaction,
    view: ApprovalView,
    context: EventContext,
  ): Promise<void> {
    const offer = view.offers.find((o) => o.offer_id === view.decision?.offer_id);
    if (offer === undefined || view.grant_id === null || view.decision === null) return;
    const data = {
      grant_id: view.grant_id,
      offer,
      approval_id: view.approval_id,
      decider_id: view.decision.decider_id,
      // Ends with the token that it was given to.
      parent_id: view.requester.delegation?.at(-1) ?? null,
    };
    await tx.append(
      { stream_type: 'grant', stream_id: view.grant_id },
      'no_stream',
      [{ type: 'grant.created', data }],
      context,
    );
  }

  async #checkSignature(tx: StoreTransaction, signed: SignedDecision): Promise<void> {
    const decider = await tx.document(decidersProjection, signed.decider_id);
    if (decider === null || decider.status !== 'enrolled') throw new HobError('decider_unknown');
    const { signature, ...statement } = signed;
    if (
      !this.#o.crypto.verify(
        decider.public_key,
        decisionStatement(this.#o.store.storeId, statement),
        signature,
      )
    )
      throw new HobError('signature_invalid');
    if (Math.abs(Date.parse(signed.decided_at) - this.#o.clock.now()) > MAX_SKEW_MS)
      throw new HobError('signature_invalid', {
        message: 'The decision was signed at another time than now; check the clocks.',
      });
  }

  /** A spoken decision counts only with what the host itself heard. */
  async #checkSpoken(tx: StoreTransaction, signed: SignedDecision): Promise<void> {
    const turn = signed.heard?.turn_id;
    const events =
      turn === undefined ? [] : await tx.load({ stream_type: 'turn', stream_id: turn });
    const problem = spokenProblem(signed, events.reduce(addToProof, noProof));
    if (problem !== null) throw new HobError('approval_source_refused', { message: problem });
    if (signed.heard === undefined) return;
    if (Math.abs(Date.parse(signed.heard.heard_at) - this.#o.clock.now()) > MAX_SPOKEN_MS)
      throw new HobError('approval_source_refused', {
        message: 'This was heard too long ago; say it again.',
      });
  }

  async #checkStops(tx: StoreTransaction, approval: ApprovalView): Promise<void> {
    if (approval.call.action === 'decider.enroll') return;
    const settings = (await tx.document(settingsProjection, SETTINGS_KEY)) ?? initialSettings;
    if (settings.kill_switch) throw new HobError('kill_switch_on');
  }
}
