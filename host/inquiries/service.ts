import type { CommandPayload } from '#schema/commands/registry.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Asked, InquiryAnswer, InquiryView } from '#schema/views/inquiry.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { EventContext, EventStore, StoreTransaction } from '#host/store/ports.ts';
import { settledDocument } from '#host/store/settled-document.ts';
import { decideInquiry, type Given, type InquiryCommand } from './core/inquiry.ts';
import { inquiriesProjection } from './projection.ts';

export interface InquiriesOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  log: Log;
  /** A new one waits for the person. */
  onAsked(inquiry: InquiryView): void;
}

export type Asking = Pick<EventContext, 'workspace_id' | 'correlation_id' | 'causation_id'>;

/** So many of one agent wait at once: nobody answers a pile. */
const MOST_OF_ONE = 4;
const MOST = 64;
/** Longest time between two looks at an expiry, so that a sleeping machine or a clock jump is noticed. */
const MAX_TIMER_MS = 60_000;

/** What agents and servers ask people: asked, answered once, and kept over a restart of the host. */
export class InquiryService {
  readonly #o: InquiriesOptions;
  readonly #timers = new Map<string, () => void>();
  /** Resolves when it is settled, after some time, or on abort. */
  readonly settled: (id: string, ms: number, gone: AbortSignal) => Promise<InquiryView | null>;
  #closed = false;

  constructor(options: InquiriesOptions) {
    this.#o = options;
    this.settled = settledDocument(options.store, options.clock, {
      projection: inquiriesProjection,
      stream_type: 'inquiry',
      isOpen: ({ status }) => status === 'open',
    });
  }

  /**
   * Arms the clocks of everything that waits; what ran out meanwhile expires now. What a server asked is over:
   * the call in which it did ended with the host.
   */
  async recover(): Promise<void> {
    for (const inquiry of await this.open())
      if (inquiry.during === undefined) this.#watch(inquiry);
      else await this.withdraw(inquiry.inquiry_id, 'the host was started again');
  }

  /** What waits for the person, oldest first. */
  open(): Promise<InquiryView[]> {
    return this.#o.store.documents(inquiriesProjection, {
      where: { status: 'open' },
      order: 'asc',
      limit: MOST,
    });
  }

  find(inquiryId: string): Promise<InquiryView | null> {
    return this.#o.store.document(inquiriesProjection, inquiryId);
  }

  async list(
    { status, limit }: CommandPayload<'inquiry.list'>,
    own: { principal_id?: string },
  ): Promise<{ inquiries: InquiryView[]; total: number }> {
    const { store } = this.#o;
    const where = { status, ...own };
    const inquiries = await store.documents(inquiriesProjection, { where, order: 'asc', limit });
    return { inquiries, total: await store.count(inquiriesProjection, where) };
  }

  /** The question with this ref if it was asked before. Throws `invalid_payload` and `too_many_requests`. */
  async ask(
    {
      ref = null,
      expires_in_s,
      ...text
    }: Asked & { ref?: string | null | undefined; expires_in_s: number },
    requester: Principal,
    asking: Asking,
  ): Promise<InquiryView> {
    const { store, ids, clock } = this.#o;
    const inquiry_id = ids.domain('inquiry');
    const context = { ...asking, actor: requester };
    const inquiry = await store.transact(async (tx) => {
      const known = ref === null ? null : await this.#asked(tx, requester, ref);
      if (known !== null) return known;
      await this.#checkRoom(tx, requester);
      const expires_at = isoTime(clock.now() + expires_in_s * 1_000);
      const command = { kind: 'ask', inquiry_id, text, requester, expires_at, ref } as const;
      return this.#apply(tx, inquiry_id, command, context);
    });
    if (inquiry.inquiry_id !== inquiry_id) return inquiry;
    this.#watch(inquiry);
    this.#o.onAsked(inquiry);
    return inquiry;
  }

  /** Throws `not_found`, `already_settled` and `invalid_payload`. */
  answer(
    inquiryId: string,
    given: Given,
    how: Pick<InquiryAnswer, 'source' | 'turn_id'>,
    by: Principal,
  ): Promise<InquiryView> {
    return this.#settle(inquiryId, { kind: 'answer', given, ...how }, by);
  }

  /** Throws `not_found` and `already_settled`. */
  decline(inquiryId: string, by: Principal): Promise<InquiryView> {
    return this.#settle(inquiryId, { kind: 'decline' }, by);
  }

  /** Takes a question back; a settled one stays. Throws `not_found`, also for somebody else's. */
  async cancel(inquiryId: string, by: Principal): Promise<InquiryView> {
    const known = await this.find(inquiryId);
    if (known === null || known.requester.id !== by.id) throw new HobError('not_found');
    return this.#settle(inquiryId, { kind: 'cancel', reason: 'taken back' }, by);
  }

  /** Nobody waits for the answer any more; a settled one stays. Throws `not_found`. */
  withdraw(inquiryId: string, reason: string, by = hostPrincipal): Promise<InquiryView> {
    return this.#settle(inquiryId, { kind: 'cancel', reason }, by);
  }

  /** An agent that may not speak to Hob any more asks nothing either. */
  async cancelAllOf(principalId: string): Promise<void> {
    const mine = (await this.open()).filter(({ requester }) => requester.id === principalId);
    for (const { inquiry_id } of mine) await this.withdraw(inquiry_id, 'agent_revoked');
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }

  async #asked(tx: StoreTransaction, { id }: Principal, ref: string): Promise<InquiryView | null> {
    const where = { principal_id: id, ref };
    const [known] = await tx.documents(inquiriesProjection, { where, order: 'desc', limit: 1 });
    return known ?? null;
  }

  async #checkRoom(tx: StoreTransaction, { id }: Principal): Promise<void> {
    const [own, all] = await Promise.all([
      tx.count(inquiriesProjection, { status: 'open', principal_id: id }),
      tx.count(inquiriesProjection, { status: 'open' }),
    ]);
    if (own >= MOST_OF_ONE || all >= MOST)
      throw new HobError('too_many_requests', {
        message: 'Enough questions wait for the person; wait for an answer, or take one back.',
      });
  }

  async #settle(id: string, command: InquiryCommand, by: Principal): Promise<InquiryView> {
    const inquiry = await this.#o.store.transact(async (tx) => {
      const before = await tx.document(inquiriesProjection, id);
      return this.#apply(tx, id, command, {
        workspace_id: before?.workspace_id ?? 'ws_dev',
        actor: by,
        correlation_id: id,
        causation_id: null,
      });
    });
    this.#watch(inquiry);
    return inquiry;
  }

  async #apply(
    tx: StoreTransaction,
    id: string,
    command: InquiryCommand,
    context: EventContext,
  ): Promise<InquiryView> {
    const outcome = decideInquiry(command, await tx.document(inquiriesProjection, id));
    if (!outcome.ok)
      throw new HobError(
        outcome.code,
        outcome.message === undefined ? {} : { message: outcome.message },
      );
    if (outcome.events.length > 0)
      await tx.append(
        { stream_type: 'inquiry', stream_id: id },
        command.kind === 'ask' ? 'no_stream' : 'any',
        outcome.events,
        context,
      );
    const after = await tx.document(inquiriesProjection, id);
    if (after === null) throw new HobError('internal_error');
    return after;
  }

  /** Watches the clock of one that is open; calling it again replaces the watch. */
  #watch({ inquiry_id, status, expires_at }: InquiryView): void {
    this.#timers.get(inquiry_id)?.();
    this.#timers.delete(inquiry_id);
    if (this.#closed || status !== 'open') return;
    const left = Date.parse(expires_at) - this.#o.clock.now();
    const stop = this.#o.clock.timer(
      Math.min(Math.max(left, 0), MAX_TIMER_MS),
      () => void this.#tick(inquiry_id),
    );
    this.#timers.set(inquiry_id, stop);
  }

  async #tick(id: string): Promise<void> {
    try {
      await this.#settle(id, { kind: 'expire', at: this.#o.clock.now() }, hostPrincipal);
    } catch (failure) {
      this.#o.log.warn('an inquiry could not expire yet', {
        inquiry_id: id,
        cause: String(failure),
      });
      const inquiry = await this.find(id).catch(() => null);
      if (inquiry !== null)
        this.#watch({ ...inquiry, expires_at: isoTime(this.#o.clock.now() + 1_000) });
    }
  }
}
