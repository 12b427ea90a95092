import type { Clock } from '#host/kernel/clock.ts';

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<{ at: number; run: () => void }>();

  now = (): number => this.time;
  monotonic = (): number => this.time;
  timer = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.time + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get armed(): number {
    return this.#timers.size;
  }

  move(ms: number): void {
    this.time += ms;
    // What a timer sets is due later.
    for (const timer of Array.from(this.#timers)) {
      if (timer.at > this.time) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }
}
