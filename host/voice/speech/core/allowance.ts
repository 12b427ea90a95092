/**
 * How much one agent may say: a bucket of seconds of speech that fills with time. An agent that reports
 * now and then never meets it; one that chatters is quiet most of the time.
 */
export interface SpeechAllowance {
  readonly seconds: number;
  /** Monotonic ms of `seconds`. */
  readonly at: number;
}

/** About 100 words at once. */
const FULL_SECONDS = 40;
/** Of ten minutes, an agent may speak one. */
const REFILL = 0.1;
const CHARACTERS_A_SECOND = 15;
/** "Done." again and again is chatter too. */
const LEAST_SECONDS = 3;

export const fullAllowance = (at: number): SpeechAllowance => ({ seconds: FULL_SECONDS, at });

/** True when it is as if nothing had been said: it need not be remembered. */
export const isFull = (allowance: SpeechAllowance, now: number): boolean =>
  filled(allowance, now) >= FULL_SECONDS;

/** What is left after saying so many characters at `now`; or how long to wait until they may be said. */
export function spend(
  allowance: SpeechAllowance,
  characters: number,
  now: number,
): { kind: 'may_speak'; left: SpeechAllowance } | { kind: 'wait'; ms: number } {
  const cost = Math.min(FULL_SECONDS, Math.max(LEAST_SECONDS, characters / CHARACTERS_A_SECOND));
  const seconds = filled(allowance, now);
  return seconds >= cost
    ? { kind: 'may_speak', left: { seconds: seconds - cost, at: now } }
    : { kind: 'wait', ms: Math.ceil(((cost - seconds) / REFILL) * 1_000) };
}

const filled = ({ seconds, at }: SpeechAllowance, now: number): number =>
  Math.min(FULL_SECONDS, seconds + (Math.max(0, now - at) / 1_000) * REFILL);
