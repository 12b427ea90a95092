import type { AllowanceRate } from '#host/kernel/allowance.ts';

/**
 * How much one agent may say, in seconds of speech: about 100 words at once, and of ten minutes, one. An
 * agent that reports now and then never meets it; one that chatters is quiet most of the time.
 */
export const speechRate: AllowanceRate = { full: 40, perSecond: 0.1 };

const CHARACTERS_A_SECOND = 15;
/** "Done." again and again is chatter too. */
const LEAST_SECONDS = 3;

/** Seconds that saying so many characters counts as. */
export const speechCost = (characters: number): number =>
  Math.max(LEAST_SECONDS, characters / CHARACTERS_A_SECOND);
