import type { CommandPayload } from '#schema/commands/registry.ts';
import { signedListenSchema, type SignedListen } from '#schema/views/turn.ts';
import { listenStatement } from '#schema/views/statements.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Crypto } from '#host/policy/ports.ts';
import { decidersProjection } from '#host/policy/projections.ts';
import type { EventStore } from '#host/store/ports.ts';

/** A statement may be this old or early: long enough for a busy machine, too short to be kept for later. */
const MAX_SKEW_MS = 10_000;

/** Checks the signed statements that open talk turns. Each opens one. */
export class ListenStatements {
  readonly #o: { store: EventStore; crypto: Crypto; clock: Clock };
  /** Statement → when it may be forgotten, since it is too old by then. */
  readonly #used = new Map<string, number>();

  constructor(options: { store: EventStore; crypto: Crypto; clock: Clock }) {
    this.#o = options;
  }

  /**
   * The statement of a `listen_start`, or null when it has none. Throws `decider_unknown` and
   * `signature_invalid` for one that does not hold, rather than going on without it.
   */
  async check(payload: CommandPayload<'conversation.listen_start'>): Promise<SignedListen | null> {
    const { listen_id, opened_at, decider_id, signature } = payload;
    if ([listen_id, opened_at, decider_id, signature].every((field) => field === undefined))
      return null;
    const parsed = signedListenSchema.safeParse(payload);
    if (!parsed.success)
      throw new HobError('signature_invalid', {
        message: 'The statement that opens this turn is not whole.',
      });
    const signed = parsed.data;
    const decider = await this.#o.store.document(decidersProjection, signed.decider_id);
    if (decider === null || decider.status !== 'enrolled') throw new HobError('decider_unknown');
    const { signature: own, ...statement } = signed;
    const text = listenStatement(this.#o.store.storeId, statement);
    const now = this.#o.clock.now();
    const isFresh = Math.abs(Date.parse(signed.opened_at) - now) <= MAX_SKEW_MS;
    if (!isFresh || !this.#o.crypto.verify(decider.public_key, text, own))
      throw new HobError('signature_invalid', {
        message: isFresh
          ? 'The signature of this turn does not match it.'
          : 'This turn was signed at another time than now; check the clocks.',
      });
    this.#take(signed.listen_id, now);
    return signed;
  }

  #take(listenId: string, now: number): void {
    for (const [id, until] of this.#used) if (until < now) this.#used.delete(id);
    if (this.#used.has(listenId))
      throw new HobError('signature_invalid', {
        message: 'This statement has opened a turn already.',
      });
    this.#used.set(listenId, now + 2 * MAX_SKEW_MS);
  }
}
