import type { Clock } from '#host/kernel/clock.ts';

/** How long a call may take, without the time that a person needs to answer what the server asks in it. */
export class CallClock {
  readonly #clock: Pick<Clock, 'monotonic' | 'timer'>;
  readonly #late: () => void;
  #left: number;
  #since = 0;
  #pauses = 0;
  #stop: (() => void) | null = null;

  constructor(clock: Pick<Clock, 'monotonic' | 'timer'>, ms: number, late: () => void) {
    this.#clock = clock;
    this.#late = late;
    this.#left = ms;
    this.#run();
  }

  /** Stands still until every pause is over; the returned function ends this one. */
  pause(): () => void {
    if (this.#pauses === 0) this.#halt();
    this.#pauses += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#run();
    };
  }

  close(): void {
    this.#pauses = Infinity;
    this.#stop?.();
  }

  #run(): void {
    this.#since = this.#clock.monotonic();
    this.#stop = this.#clock.timer(this.#left, this.#late);
  }

  #halt(): void {
    this.#stop?.();
    this.#left = Math.max(0, this.#left - (this.#clock.monotonic() - this.#since));
  }
}
