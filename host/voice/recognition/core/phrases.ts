import type { Meaning } from '../../facts.ts';

/*
 * Phrases as they are written in the intent table, made ready to be said: `[word]` may be left out,
 * `(a|b)` is one of them, `{line:number}` is a number. Names of tasks and the like are put in here.
 */

/** A number said in its words, as one step of a phrase. */
export const NUMBER = '{number}';

/** One exact way to say a phrase: written words, and `NUMBER`. */
export type Sequence = readonly string[];

/** A phrase in the notation of the intent table. */
export interface TablePhrase {
  say: string;
  /** What it means, whatever is in its slots. */
  means: string;
}

/** Names that fill slots, by the slot's type: `{ task: [...], schedule: [...] }`. */
export type Names = Readonly<Record<string, readonly string[]>>;

const MOST_WAYS = 2_000;

/**
 * What the table can mean with these names, each with the phrases that mean it: of one intent those with the same in
 * their slots. A phrase with free text is dropped: a grammar holds none.
 */
export function meaningsOf(table: readonly TablePhrase[], names: Names): Meaning[] {
  const filled = table.flatMap((phrase) => filledIn(phrase, names));
  const groups = Map.groupBy(filled, ({ means }) => means);
  return [...groups.values()].map((same) => same.map(({ say }) => say));
}

function filledIn({ say, means }: TablePhrase, names: Names): TablePhrase[] {
  const [slot, name, type = ''] = /\{(\w+):(\w+)\}/.exec(say) ?? [];
  if (slot === undefined) return [{ say, means }];
  if (type === 'number') return [{ say, means: `${means} ${name}` }];
  return (names[type] ?? []).map((value) => ({
    say: say.replace(slot, plainName(value)),
    means: `${means} ${name} ${value}`,
  }));
}

/** A name from outside as a phrase that means just itself. */
export const plainName = (name: string): string =>
  name
    .replace(/[[\](){}|]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Every way to say the phrase, or null when it holds what cannot be said (free text, too many ways). */
export function waysOf(phrase: string): readonly Sequence[] | null {
  const parts = phrase.match(/\[[^\]]*\]|\([^)]*\)|\{[^}]*\}|[^\s[({]+/g) ?? [];
  let ways: readonly Sequence[] = [[]];
  for (const part of parts) {
    const choices = choicesOf(part);
    if (choices === null || ways.length * choices.length > MOST_WAYS) return null;
    ways = ways.flatMap((way) => choices.map((choice) => [...way, ...choice]));
  }
  return ways.filter((way) => way.length > 0);
}

function choicesOf(part: string): readonly Sequence[] | null {
  const inner = part.slice(1, -1);
  if (part.startsWith('[')) return [[], ...inner.split('|').map(wordsOf)];
  if (part.startsWith('(')) return inner.split('|').map(wordsOf);
  if (part.startsWith('{')) return inner.endsWith(':number') ? [[NUMBER]] : null;
  return [wordsOf(part)];
}

/** `npm:test-unit` is said in three words; an apostrophe stays. */
const wordsOf = (text: string): Sequence =>
  text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .split(/[^\p{L}\p{M}\p{N}']+/u)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
