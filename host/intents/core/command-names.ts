import { shortTitles } from './titles.ts';

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
  const names = known.get(titles) ?? namesOf(titles);
  known.set(titles, names);
  return names;
}

function namesOf(titles: readonly string[]): CommandNames {
  const bySpelling = new Map<string, string | null>();
  for (const title of titles) {
    const key = spelling(title);
    if (key !== '') bySpelling.set(key, bySpelling.has(key) ? null : title);
  }
  const short = shortTitles(titles, spelling);
  for (const [name, title] of short) bySpelling.set(spelling(name), title);
  return { bySpelling, short };
}

/** "npm: test-unit" is said "npm test unit". */
export const spelling = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
