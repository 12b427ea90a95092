import type { SoundingPhrase } from './grammar.ts';

const OFFERED = 3;
/** Sounds that are easily taken for each other. */
const families = [
  'AA AH AO AE',
  'EH IH AE',
  'IY IH EY',
  'UW UH OW',
  'ER R AH',
  'P B',
  'T D DH',
  'K G',
  'F V TH',
  'S Z SH ZH',
  'CH JH SH',
  'M N NG',
  'L W R',
].map((family) => new Set(family.split(' ')));

/**
 * The phrases that sound most like what was heard, best first, with a likeness of 0..1: the weighted edit
 * distance of their sounds to the sounds that a free phone loop heard.
 */
export function closestBySound(
  heard: readonly string[],
  phrases: readonly SoundingPhrase[],
): { text: string; score: number }[] {
  if (heard.length === 0) return [];
  return phrases
    .filter(({ sounds }) => Math.abs(sounds.length - heard.length) <= heard.length / 2 + 2)
    .map(({ text, sounds }) => ({ text, score: likeness(heard, sounds) }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, OFFERED)
    .map(({ text, score }) => ({ text, score: Math.round(score * 100) / 100 }));
}

/** 1 for the same sounds, 0 for none in common. */
export function likeness(heard: readonly string[], expected: readonly string[]): number {
  const longest = Math.max(heard.length, expected.length);
  if (longest === 0) return 0;
  let above = expected.map((_, at) => at + 1);
  for (const [row, sound] of heard.entries()) {
    let corner = row;
    let left = row + 1;
    above = above.map((up, at) => {
      const changed = corner + difference(sound, expected[at] ?? '');
      corner = up;
      left = Math.min(up + 1, left + 1, changed);
      return left;
    });
  }
  return Math.max(0, 1 - (above.at(-1) ?? longest) / longest);
}

const costs = new Map<string, number>();

function difference(a: string, b: string): number {
  if (a === b) return 0;
  const key = `${a} ${b}`;
  const known = costs.get(key);
  if (known !== undefined) return known;
  const cost = families.some((family) => family.has(a) && family.has(b)) ? 0.4 : 1;
  costs.set(key, cost);
  return cost;
}
