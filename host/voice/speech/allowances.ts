import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { fullAllowance, isFull, spend, type SpeechAllowance } from './core/allowance.ts';

/** What each agent may still say, by the id of its principal. */
export class SpeechAllowances {
  readonly #clock: Clock;
  readonly #left = new Map<string, SpeechAllowance>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws `too_many_requests`, with when to try again, where an agent has talked enough. */
  spend(principalId: string, characters: number): void {
    const now = this.#clock.monotonic();
    for (const [id, allowance] of this.#left) if (isFull(allowance, now)) this.#left.delete(id);
    const answer = spend(this.#left.get(principalId) ?? fullAllowance(now), characters, now);
    if (answer.kind === 'may_speak') {
      this.#left.set(principalId, answer.left);
      return;
    }
    const seconds = Math.ceil(answer.ms / 1_000);
    throw new HobError('too_many_requests', {
      message: `You have said enough for now; speak again in ${seconds} s, or use notify_user.`,
      retryAfterMs: answer.ms,
    });
  }
}
