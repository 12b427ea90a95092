import { asScore, sureness, weighed, type Evidence } from '../../core/rejection.ts';
import type { Reading } from './readings.ts';
import type { Rescored } from './search.ts';

/** What both looks say of one phrase. */
export interface BothFeatures {
  /** How much better it explains the sound than no sound does. */
  rank: number;
  /** The same by piece. */
  perPiece: number;
  /** How much likelier than it what may be anything is. */
  gap: number;
  /** How many pieces more that has: a short phrase leaves much of a long sentence unexplained. */
  shorter: number;
  /** How sure the first look was, where it heard the same. */
  first: number;
}

/**
 * Weights of a logistic function, fitted to what both looks said of 478 orders and 374 other sentences of the tuning set,
 * clean and in noise (test/bench/lib/voice/fit-rejection.ts). A little less is accepted than the fit would: what is none
 * must not be one.
 */
export const bothLooks: BothFeatures & { bias: number } = {
  bias: -1.5,
  rank: 0.266,
  perPiece: 1.106,
  gap: 0.148,
  shorter: -0.274,
  first: 0.597,
};

/** Beyond this a figure says no more. */
const MOST = { rank: 25, shorter: { least: -3, most: 5 }, first: 4 };
const within = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));

export function bothFeatures(
  first: Evidence,
  { text, rank, logp, pieces }: Reading,
  { free }: Rescored,
): BothFeatures {
  const { least, most } = MOST.shorter;
  return {
    rank: Math.min(MOST.rank, rank),
    perPiece: rank / pieces,
    gap: Math.max(0, free.logp - logp),
    shorter: within(free.pieces - pieces, least, most),
    first: text === first.text ? within(sureness(first), -MOST.first, MOST.first) : 0,
  };
}

/** The phrases of the second look, the surest first. 0.5 and more is accepted. */
export function judgedByBoth(
  first: Evidence,
  rescored: Rescored,
  weights = bothLooks,
): { text: string; score: number }[] {
  return rescored.phrases
    .map((reading) => ({
      text: reading.text,
      score: asScore(weighed(bothFeatures(first, reading, rescored), weights)),
    }))
    .toSorted((a, b) => b.score - a.score);
}
