import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { StreamRef } from '#schema/events/stored-event.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { EventContext } from '../ports.ts';
import { SALT_BYTES, type ChainHead, type Digests } from './chain.ts';
import { eventIdAt } from './event-id.ts';
import type { Redactor } from './redact.ts';
import { seal, type SealedEvent } from './seal.ts';

const SALTS_AT_ONCE = 32;

export interface SealerOptions {
  clock: Clock;
  ids: IdSource;
  redact: Redactor;
  digests: Digests;
  /** Bytes of a base64url text. */
  decode: (secret: string) => Uint8Array;
}

/** Turns decided events into sealed ones: time, ids, salt, redaction and the place in the chain. */
export class Sealer {
  readonly #options: SealerOptions;
  #random: Uint8Array = new Uint8Array(0);

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** Seals the events of one append behind `head`; `version` is the stream's before it. */
  sealAll(
    head: ChainHead,
    stream: StreamRef,
    version: number,
    events: readonly DomainEvent[],
    context: EventContext,
  ): { sealed: SealedEvent[]; head: ChainHead; at: number } {
    const { clock, ids, redact, digests } = this.#options;
    const at = clock.now();
    const sealed: SealedEvent[] = [];
    let last = head;
    for (const [i, event] of events.entries()) {
      const next = seal(digests, last, {
        stream,
        stream_seq: version + i + 1,
        event_type: event.type,
        context,
        // Unique in its stream, so only the first event of an append can carry it.
        idempotency_key: i === 0 ? (context.idempotency_key ?? null) : null,
        at,
        event_id: eventIdAt(last.seq + 1, at, ids.uuid()),
        salt: this.#salt(),
        redaction: redact(event.data as JsonObject),
      });
      sealed.push(next);
      last = { seq: next.event.seq, hash: next.hash };
    }
    return { sealed, head: last, at };
  }

  /** Randomness is asked for in larger pieces: each asking costs more than the bytes. */
  #salt(): Uint8Array {
    if (this.#random.length < SALT_BYTES) {
      this.#random = this.#options.decode(this.#options.ids.secret(SALT_BYTES * SALTS_AT_ONCE));
    }
    const salt = this.#random.subarray(0, SALT_BYTES);
    this.#random = this.#random.subarray(SALT_BYTES);
    return salt;
  }
}
