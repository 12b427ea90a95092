import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import type { StoreHealth } from '../../ports.ts';
import { unavailable, type Failure } from './failure.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Whether the store can be written. After a failure that may pass, one transaction now and then tries again. */
export class HealthKeeper {
  readonly #clock: Clock;
  readonly #log: Log;
  #failure: Failure | null = null;
  #retryAt = 0;
  #delay = FIRST_RETRY_MS;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  get health(): StoreHealth {
    const failure = this.#failure;
    if (failure === null || failure.reason === null) return { state: 'ok' };
    return { state: 'unavailable', reason: failure.reason, message: failure.message };
  }

  /** Throws `store_unavailable` while the last failure stands and it is too early to try again. */
  requireWritable(): void {
    const failure = this.#failure;
    if (failure === null) return;
    if (!failure.passes || this.#clock.monotonic() < this.#retryAt) throw unavailable(failure);
  }

  failed(failure: Failure, cause: unknown): void {
    // Another writer or short memory is the caller's bad luck, not a state of the store.
    if (failure.reason === null) return;
    const again = this.#failure?.reason === failure.reason;
    this.#delay = again ? Math.min(this.#delay * 2, LONGEST_RETRY_MS) : FIRST_RETRY_MS;
    this.#retryAt = this.#clock.monotonic() + this.#delay;
    this.#failure = failure;
    if (!again) this.#log.error(`event store unavailable: ${failure.reason}`, cause);
  }

  wrote(): void {
    if (this.#failure !== null) this.#log.info('event store available again');
    this.#failure = null;
  }
}
