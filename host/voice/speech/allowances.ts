import { Allowances } from '#host/kernel/allowances.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { speechCost, speechRate } from './core/allowance.ts';

/** What each agent may still say, by the id of its principal. */
export class SpeechAllowances {
  readonly #allowances: Allowances;

  constructor(clock: Clock) {
    this.#allowances = new Allowances(speechRate, clock);
  }

  /** Throws `too_many_requests`, with when to try again, where an agent has talked enough. */
  spend(principalId: string, characters: number): void {
    const wait = this.#allowances.spend(principalId, speechCost(characters));
    if (wait === 0) return;
    throw new HobError('too_many_requests', {
      message: `You have said enough for now; speak again in ${Math.ceil(wait / 1_000)} s, or use notify_user.`,
      retryAfterMs: wait,
    });
  }
}
