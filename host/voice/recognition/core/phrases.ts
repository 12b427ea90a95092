/*
 * Phrases as they are written in the intent table, made ready to be said: `[word]` may be left out,
 * `(a|b)` is one of them, `{line:number}` is a number. Names of tasks and the like are put in here.
 */

/** A number said in its words, as one step of a phrase. */
export const NUMBER = '{number}';

/** One exact way to say a phrase: written words, and `NUMBER`. */
export type Sequence = readonly string[];

export interface Speakable {
  /** Phrases in the notation of the intent table. */
  table: readonly string[];
  /** Names that fill slots, by the slot's type: `{ task: [...], schedule: [...] }`. */
  names: Readonly<Record<string, readonly string[]>>;
  /** Titles of the editor's commands. */
  commands: readonly string[];
}

const MOST_WAYS = 2_000;

/** All that may be said, for `SttEngine.setPhrases`. A phrase with free text is dropped: a grammar holds none. */
export function phrasesToSay({ table, names, commands }: Speakable): string[] {
  const filled = table.flatMap((phrase) => {
    const slot = /\{\w+:(?!number\})(\w+)\}/.exec(phrase);
    if (slot === null) return [phrase];
    const known = names[slot[1] ?? ''] ?? [];
    return known.map((name) => phrase.replace(slot[0], plainName(name)));
  });
  return [...new Set([...filled, ...commands.map(plainName)])].filter(
    (phrase) => phrase.trim() !== '',
  );
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

/** What answers a question: said only while one is asked. */
export const answerPhrases: readonly string[] = [
  '(yes|yeah|yep|yup|no|nope|okay|sure)',
  '[yes] (approve|allow|accept|confirm) [it|this|that]',
  '[no] (deny|reject|decline|refuse) [it|this|that]',
  '[yes] (go ahead|do it|go for it)',
  "[no] (don't|don't do it|do not|stop|not that one)",
  '(hold|hold on|wait|not sure|i am not sure|cancel)',
  '(the first|the second|the third|the fourth) [one]',
  '(one|two|three|four)',
];
