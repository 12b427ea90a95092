import { developerWords } from './developer-words.ts';
import { byRule, spelledOut } from './letter-sounds.ts';
import { numberWays } from './number-words.ts';

/** The sounds of a dictionary word (ARPABET, separated by spaces), or null when it has none. */
export type Dictionary = (word: string) => string | null;

const SHORTEST_PART = 3;
const LONGEST_WORD = 40;

/**
 * Every way to say one written word, the likeliest first; empty when nobody can say it. In this order:
 * numbers, developers' words, the dictionary, its parts (`breakpoint`, `OpenFolder`), letter by letter
 * where it has no vowel, and last by rule.
 */
export function waysToSay(written: string, dictionary: Dictionary): readonly string[] {
  const word = written.normalize('NFKD').replace(/\p{M}/gu, '');
  const lower = word.toLowerCase();
  if (word.length > LONGEST_WORD || !/^[a-z0-9']+$/i.test(word)) return [];
  if (/^\d+$/.test(word)) return saidAs(numberWays(word), dictionary);
  const known = developerWords.get(lower);
  if (known !== undefined) return saidAs(known, dictionary);
  const entry = dictionary(lower);
  if (entry !== null) return [entry];
  if (lower.includes("'")) return waysToSay(word.replaceAll("'", ''), dictionary);
  return inParts(word, dictionary) ?? asOne(word, lower, dictionary);
}

function asOne(word: string, lower: string, dictionary: Dictionary): readonly string[] {
  const compound = compoundOf(lower, dictionary);
  if (compound !== null) return [compound];
  const isAcronym = !/[aeiouy]/.test(lower) || (/^[A-Z]+$/.test(word) && word.length <= 4);
  // By the rules of English a word may be silent altogether, as a lone "e" is.
  const sounds = (isAcronym ? null : byRule(lower)) ?? spelledOut(lower);
  return sounds === null ? [] : [sounds];
}

/** `openFolder2` is said in its parts: open, folder, 2. Null for a word of one part. */
function inParts(word: string, dictionary: Dictionary): readonly string[] | null {
  const parts = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  if (parts.length < 2) return null;
  const said = parts.map((part) => waysToSay(part, dictionary)[0]);
  return said.includes(undefined) ? [] : [said.join(' ')];
}

/** Two known words written as one; of several cuts, the one with the most even parts. */
function compoundOf(word: string, dictionary: Dictionary): string | null {
  const cuts = Array.from({ length: word.length + 1 }, (_, at) => at)
    .filter((at) => at >= SHORTEST_PART && at <= word.length - SHORTEST_PART)
    .toSorted((a, b) => Math.abs(word.length - 2 * a) - Math.abs(word.length - 2 * b));
  for (const at of cuts) {
    const first = knownWord(word.slice(0, at), dictionary);
    const second = first === null ? null : knownWord(word.slice(at), dictionary);
    if (first !== null && second !== null) return `${first} ${second}`;
  }
  return null;
}

function knownWord(word: string, dictionary: Dictionary): string | null {
  const known = developerWords.get(word);
  return known === undefined ? dictionary(word) : (saidAs(known, dictionary)[0] ?? null);
}

/** Table entries and numbers to sounds; a way that uses an unknown word falls away. */
function saidAs(ways: readonly string[], dictionary: Dictionary): readonly string[] {
  return ways.flatMap((way) => {
    const parts = way.split(' ').map((part) => partSounds(part, dictionary));
    return parts.includes(null) ? [] : [parts.join(' ')];
  });
}

function partSounds(part: string, dictionary: Dictionary): string | null {
  if (part.startsWith('=')) return spelledOut(part.slice(1));
  if (/^[A-Z]+$/.test(part)) return part;
  return dictionary(part) ?? byRule(part);
}
