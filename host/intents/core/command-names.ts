import { allOf } from '#host/kernel/steps.ts';
import { shortTitles, withoutCategory } from './titles.ts';

/** What titles of an editor's commands are called. */
export interface CommandNames {
  /** The title by its spelling; null where several are spelled like that. */
  readonly bySpelling: ReadonlyMap<string, string | null>;
  /** Without the category, where that names one of them only: that name, and whose it is. */
  readonly short: ReadonlyMap<string, string>;
}

const known = new WeakMap<readonly string[], CommandNames>();

/** There are thousands of them: worked out once for an array, which takes longer than anybody should wait in a turn. */
export function commandNames(titles: readonly string[]): CommandNames {
  return known.get(titles) ?? allOf(commandNamesInSteps(titles));
}

/** The same a title at a time, for who can do it ahead. */
export function* commandNamesInSteps(
  titles: readonly string[],
): Generator<undefined, CommandNames, undefined> {
  const found = known.get(titles);
  if (found !== undefined) return found;
  const spellings = new Map<string, string>();
  for (const title of titles) {
    for (const name of [title, withoutCategory(title)]) spellings.set(name, spelling(name));
    yield;
  }
  const names = namesOf(titles, (name) => spellings.get(name) ?? spelling(name));
  known.set(titles, names);
  return names;
}

function namesOf(titles: readonly string[], keyOf: (name: string) => string): CommandNames {
  const bySpelling = new Map<string, string | null>();
  for (const title of titles) {
    const key = keyOf(title);
    if (key !== '') bySpelling.set(key, bySpelling.has(key) ? null : title);
  }
  const short = shortTitles(titles, keyOf);
  for (const [name, title] of short) bySpelling.set(keyOf(name), title);
  return { bySpelling, short };
}

/** "npm: test-unit" is said "npm test unit". */
export const spelling = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
