import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent, DomainEventData } from '#schema/events/domain-events.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { callHashInput } from '#schema/views/action-call.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { enrolmentStatement, settingStatement } from '#schema/views/statements.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { textField } from '#host/kernel/fields.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import type { DeciderView } from './core/decider.ts';
import type { Crypto } from './ports.ts';
import { approvalsProjection, decidersProjection } from './projections.ts';

export interface DecidersOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  crypto: Crypto;
  instanceId: string;
}

export interface Enrolment {
  decider_id: string;
  status: 'enrolled' | 'pending';
  approval_id: string | null;
}

/** A signed setting may be this old or early, so that an old one cannot be played again much later. */
const MAX_SKEW_MS = 60_000;

/** The editors that may decide: who is enrolled, and whether a signature is theirs. */
export class Deciders {
  readonly #o: DecidersOptions;

  constructor(options: DecidersOptions) {
    this.#o = options;
  }

  async list(): Promise<DeciderView[]> {
    return this.#o.store.documents(decidersProjection, {
      where: { status: 'enrolled' },
      limit: 100,
    });
  }

  /**
   * Enrols a public key whose holder proved it: at once when the store has no decider, else by an
   * approval of one that is enrolled. Asking again gives the same answer.
   */
  async enroll(
    input: { public_key: string; label: string; proof: string },
    by: Principal,
    workspaceId: string,
  ): Promise<Enrolment> {
    const { crypto, store, instanceId } = this.#o;
    if (
      !crypto.verify(
        input.public_key,
        enrolmentStatement(store.storeId, instanceId, input.public_key),
        input.proof,
      )
    )
      throw new HobError('signature_invalid', {
        message: 'The enrolment does not prove that this editor holds the key.',
      });
    return store.transact(async (tx) => {
      const known = await tx.documents(decidersProjection, {
        where: { status: 'enrolled' },
        limit: 100,
      });
      const same = known.find((d) => d.public_key === input.public_key);
      if (same !== undefined)
        return { decider_id: same.decider_id, status: 'enrolled', approval_id: null };
      const decider_id = this.#o.ids.domain('decider');
      const context: EventContext = {
        workspace_id: workspaceId,
        actor: by,
        correlation_id: decider_id,
        causation_id: null,
        zone: 'high_stakes',
      };
      if (known.length > 0) return this.#ask(tx, input, decider_id, context);
      const enrolled: DomainEvent = {
        type: 'decider.enrolled',
        data: { decider_id, public_key: input.public_key, label: input.label, approval_id: null },
      };
      await tx.append(
        { stream_type: 'decider', stream_id: decider_id },
        'no_stream',
        [enrolled],
        context,
      );
      return { decider_id, status: 'enrolled', approval_id: null };
    });
  }

  async #ask(
    tx: StoreTransaction,
    input: { public_key: string; label: string },
    decider_id: string,
    context: EventContext,
  ): Promise<Enrolment> {
    const open = await tx.documents(approvalsProjection, {
      where: { status: ['pending', 'held'] },
      limit: 10_000,
    });
    const asked = open.find(
      (a) =>
        a.call.action === 'decider.enroll' && a.call.arguments['public_key'] === input.public_key,
    );
    if (asked !== undefined)
      return {
        decider_id: textField(asked.call.arguments, 'decider_id'),
        status: 'pending',
        approval_id: asked.approval_id,
      };
    const call: ActionCall = {
      action: 'decider.enroll',
      tool: 'decider.enroll',
      arguments: { decider_id, public_key: input.public_key, label: input.label },
    };
    const approval_id = this.#o.ids.domain('approval');
    const data: DomainEventData<'approval.requested'> = {
      approval_id,
      run_id: null,
      requester: context.actor,
      task: null,
      call,
      call_hash: this.#o.crypto.sha256(callHashInput(call, context.workspace_id)),
      danger: true,
      danger_reasons: ['lets another editor decide everything that you can decide here'],
      reason_code: 'decider_enroll',
      explanation: {
        effect: `Lets "${input.label}" answer for you from now on.`,
        where: 'every workspace of this machine',
        reversible: 'no',
        silence: 'No answer: it waits, and that editor cannot decide.',
      },
      offers: [],
      expires_at: null,
      dedupe_key: null,
    };
    await tx.append(
      { stream_type: 'approval', stream_id: approval_id },
      'no_stream',
      [{ type: 'approval.requested', data }],
      context,
    );
    return { decider_id, status: 'pending', approval_id };
  }

  /** Follows an approved enrolment, in the transaction that approved it. */
  async approved(
    tx: StoreTransaction,
    approval: ApprovalView,
    context: EventContext,
  ): Promise<void> {
    const args = approval.call.arguments;
    const data = {
      decider_id: textField(args, 'decider_id'),
      public_key: textField(args, 'public_key'),
      label: textField(args, 'label'),
      approval_id: approval.approval_id,
    };
    await tx.append(
      { stream_type: 'decider', stream_id: data.decider_id },
      'no_stream',
      [{ type: 'decider.enrolled', data }],
      context,
    );
  }

  /** Checks a signed change that loosens a protection. Throws `decider_required`, `decider_unknown`, `signature_invalid`. */
  async checkSetting(
    change: JsonObject,
    signed: {
      decided_at?: string | undefined;
      decider_id?: string | undefined;
      signature?: string | undefined;
    },
  ): Promise<void> {
    const { decided_at, decider_id, signature } = signed;
    if (decided_at === undefined || decider_id === undefined || signature === undefined)
      throw new HobError('decider_required');
    const decider = await this.#o.store.document(decidersProjection, decider_id);
    if (decider === null || decider.status !== 'enrolled') throw new HobError('decider_unknown');
    const text = settingStatement(this.#o.store.storeId, { change, decided_at, decider_id });
    const fresh = Math.abs(Date.parse(decided_at) - this.#o.clock.now()) <= MAX_SKEW_MS;
    if (!fresh || !this.#o.crypto.verify(decider.public_key, text, signature))
      throw new HobError('signature_invalid');
  }
}
