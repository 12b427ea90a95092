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
  /** Whether the first look heard the same. */
  agreed: number;
  /** How sure it was then. */
  first: number;
}

/** Of one meaning: the phrase that explains the sound best, and what both looks make of it. */
export interface Judged {
  text: string;
  /** 0.5 and more is accepted. */
  score: number;
  /** Whether the first look heard the same. */
  agreed: boolean;
  /** How much better it explains the sound than the best that means something else. */
  lead: number;
}

/** Says what a text means, as a key. */
type MeaningOf = (text: string) => string;

/**
 * Weights of a logistic function, fitted to what both looks said of 478 orders and 374 other sentences of the tuning set,
 * clean and in noise (test/bench/lib/voice/fit-rejection.ts), before the model was taught noise (0141). The bias is since
 * then in the middle between the surest other sentence of that set and the order that is least sure and right.
 */
export const bothLooks: BothFeatures & { bias: number } = {
  bias: -1.8,
  rank: 0.181,
  perPiece: 1.319,
  gap: 0.094,
  shorter: -0.069,
  agreed: 2.208,
  first: 0.575,
};

/** Beyond this a figure says no more. */
const MOST = { rank: 25, shorter: { least: -3, most: 5 }, first: 4 };
const within = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));

export function bothFeatures(
  first: Evidence,
  { rank, logp, pieces }: Reading,
  { free, agreed }: { free: Rescored['free']; agreed: boolean },
): BothFeatures {
  const { least, most } = MOST.shorter;
  return {
    rank: Math.min(MOST.rank, rank),
    perPiece: rank / pieces,
    gap: Math.max(0, free.logp - logp),
    shorter: within(free.pieces - pieces, least, most),
    agreed: Number(agreed),
    first: agreed ? within(sureness(first), -MOST.first, MOST.first) : 0,
  };
}

/** Natural logarithms: where another order is a fourth as likely or more, nobody can say which it was. */
const TOO_CLOSE = 1.5;
export const isClear = ({ lead }: Pick<Judged, 'lead'>): boolean => lead >= TOO_CLOSE;

/** What the second look found, the surest first. Of two ways to say one thing the better one counts. */
export function judgedByBoth(
  first: Evidence,
  { phrases, free, cut = -Infinity }: Rescored,
  meaningOf: MeaningOf,
  weights = bothLooks,
): Judged[] {
  const heard = meaningOf(first.text);
  const apart = meantApart(phrases, meaningOf);
  return apart
    .map(({ meaning, reading }) => {
      const agreed = meaning === heard;
      const other = apart.find((one) => one.meaning !== meaning)?.reading.rank ?? -Infinity;
      const features = bothFeatures(first, reading, { free, agreed });
      const score = asScore(weighed(features, weights));
      return { text: reading.text, score, agreed, lead: reading.rank - Math.max(other, cut) };
    })
    .toSorted((a, b) => b.score - a.score);
}

/** Of each meaning the best phrase, best first. */
export function meantApart(
  phrases: readonly Reading[],
  meaningOf: MeaningOf,
): { meaning: string; reading: Reading }[] {
  const best = new Map<string, Reading>();
  for (const reading of phrases) {
    const meaning = meaningOf(reading.text);
    if (!best.has(meaning)) best.set(meaning, reading);
  }
  return [...best].map(([meaning, reading]) => ({ meaning, reading }));
}
