// Time that passes only when it is told to: for tests of hours and days, and of several processes at once.
import type { Clock } from '#host/kernel/clock.ts';
import type { Machine } from '#host/kernel/machine.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** One machine's time. Every process on it gets a clock of its own; the wall clock can be set at will. */
export class VirtualMachine implements Machine {
  bootId: string | null = 'boot-1';
  #uptime = 1_000;
  /** Wall clock minus uptime. */
  #offset: number;

  constructor(wallStart = Date.UTC(2026, 10, 21, 8)) {
    this.#offset = wallStart - this.#uptime;
  }

  uptime(): number {
    return this.#uptime;
  }

  wall(): number {
    return this.#uptime + this.#offset;
  }

  /** Somebody sets the clock, or it is daylight saving in a program that keeps local time. */
  setBack(ms: number): void {
    this.#offset -= ms;
  }

  /** Asleep: the wall clock goes on, the monotonic one may not. */
  sleep(ms: number, countsSleep = false): void {
    if (countsSleep) this.#uptime += ms;
    else this.#offset += ms;
  }

  /** The next boot: another name, the monotonic clock begins again. */
  reboot(): void {
    const wall = this.wall();
    this.bootId = this.bootId === null ? null : `${this.bootId}+`;
    this.#uptime = 500;
    this.#offset = wall - this.#uptime;
  }

  advanceTo(uptime: number): void {
    this.#uptime = Math.max(this.#uptime, uptime);
  }
}

/** The clock of one process. While it is paused its timers wait; they fire when it goes on. */
export class VirtualClock implements Clock {
  readonly #machine: VirtualMachine;
  readonly #timers = new Set<Timer>();
  #order = 0;
  paused = false;

  constructor(machine: VirtualMachine) {
    this.#machine = machine;
  }

  now = (): number => this.#machine.wall();
  monotonic = (): number => this.#machine.uptime();

  timer = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#machine.uptime() + Math.max(0, ms), order: this.#order++, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Uptime at which the next timer is due; Infinity when there is none or the process is paused. */
  get next(): number {
    if (this.paused) return Infinity;
    let next = Infinity;
    for (const { at } of this.#timers) next = Math.min(next, at);
    return next;
  }

  /** Fires every timer that is due now, in order; `pick` may change the order. */
  fire(pick: (due: number) => number = () => 0): void {
    if (this.paused) return;
    const due = [...this.#timers]
      .filter(({ at }) => at <= this.#machine.uptime())
      .toSorted((a, b) => a.at - b.at || a.order - b.order);
    while (due.length > 0) {
      const [timer] = due.splice(pick(due.length), 1);
      if (timer !== undefined && this.#timers.delete(timer)) timer.run();
    }
  }

  /** The process is gone: nothing fires any more. */
  drop(): void {
    this.#timers.clear();
  }
}

/** Everything that can happen without time passing has happened. Group commits wait for the next turn. */
export async function settle(turns = 4): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets `ms` pass for some processes, timer by timer. */
export async function pass(
  machine: VirtualMachine,
  clocks: readonly VirtualClock[],
  ms: number,
): Promise<void> {
  const end = machine.uptime() + ms;
  for (;;) {
    const next = Math.min(...clocks.map((clock) => clock.next));
    if (next > end) break;
    machine.advanceTo(next);
    for (const clock of clocks) clock.fire();
    await settle();
  }
  machine.advanceTo(end);
}
