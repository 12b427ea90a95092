import { fullAllowance, isFull, spend, type Allowance, type AllowanceRate } from './allowance.ts';
import type { Clock } from './clock.ts';

/** What each of many may still use, by id. Who has used nothing for a while is forgotten. */
export class Allowances {
  readonly #rate: AllowanceRate;
  readonly #clock: Clock;
  readonly #used = new Map<string, Allowance>();

  constructor(rate: AllowanceRate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Uses `cost` and returns 0; or uses nothing and returns for how many ms to wait. */
  spend(id: string, cost: number): number {
    const now = this.#clock.monotonic();
    for (const [other, used] of this.#used)
      if (isFull(this.#rate, used, now)) this.#used.delete(other);
    const spent = spend(
      this.#rate,
      this.#used.get(id) ?? fullAllowance(this.#rate, now),
      cost,
      now,
    );
    if (spent.kind === 'wait') return spent.ms;
    this.#used.set(id, spent.allowance);
    return 0;
  }

  /** True when it used something and that has not come back yet. */
  isKnown(id: string): boolean {
    return this.#used.has(id);
  }
}
