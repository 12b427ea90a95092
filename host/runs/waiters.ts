import type { RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { EventStore } from '#host/store/ports.ts';
import { hasEnded } from './core/run.ts';
import { runsProjection } from './projections.ts';

/** Lets callers wait for the end of a run without polling. */
export class RunWaiters {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(store: EventStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    store.onAppended((events) => {
      for (const event of events) {
        if (event.stream.stream_type === 'run')
          for (const wake of this.#waiting.get(event.stream.stream_id) ?? []) wake();
      }
    });
  }

  /** The run when it has ended, or as it is after `waitMs` or on abort. Throws `not_found`. */
  async settled(runId: string, waitMs: number, signal?: AbortSignal): Promise<RunView> {
    const deadline = this.#clock.monotonic() + waitMs;
    for (;;) {
      // Listening begins before the look, so an end in between is not missed.
      const woken = this.#listen(runId, deadline - this.#clock.monotonic(), signal);
      const run = await this.#store.document(runsProjection, runId);
      if (
        run === null ||
        hasEnded(run) ||
        signal?.aborted === true ||
        this.#clock.monotonic() >= deadline
      ) {
        woken.stop();
        if (run === null) throw new HobError('not_found');
        return run;
      }
      await woken.promise;
    }
  }

  #listen(
    runId: string,
    ms: number,
    signal: AbortSignal | undefined,
  ): { promise: Promise<void>; stop: () => void } {
    let wake = (): void => {};
    const promise = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const set = this.#waiting.get(runId) ?? new Set();
    this.#waiting.set(runId, set.add(wake));
    const cancelTimer = this.#clock.timer(Math.max(0, ms), wake);
    signal?.addEventListener('abort', wake, { once: true });
    const stop = (): void => {
      cancelTimer();
      signal?.removeEventListener('abort', wake);
      set.delete(wake);
      if (set.size === 0 && this.#waiting.get(runId) === set) this.#waiting.delete(runId);
    };
    return { promise: promise.then(stop), stop };
  }
}
