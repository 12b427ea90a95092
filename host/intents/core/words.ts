/** One word of a sentence: as it was written, for slots, and as it is compared. */
export interface Word {
  readonly raw: string;
  readonly norm: string;
}

/** Said around an order without changing it. Only whole runs at the start or the end are dropped. */
const openings = [
  'please',
  'hey hob',
  'ok hob',
  'okay hob',
  'hob',
  'hey',
  'could you',
  'can you',
  'would you',
  'will you',
  'would you mind',
  "let's",
  'lets',
  'i want to',
  'i want you to',
  "i'd like to",
  "i'd like you to",
  'i would like to',
  'i would like you to',
  'now',
  'just',
].map((words) => words.split(' '));
const endings = [
  'please',
  'thanks',
  'thank you',
  'now',
  'for me',
  'hob',
  'right now',
  'if you please',
].map((words) => words.split(' '));

/** Words after which an order is not an order. */
const negations = new Set(
  "don't dont not never no cannot can't won't shouldn't mustn't without instead unless do-not".split(
    ' ',
  ),
);

/** Splits a sentence into words: case, typographic quotes and a writer's punctuation are not compared; `$(`, `;` before a word and the like are. */
export function toWords(sentence: string): readonly Word[] {
  return sentence
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .split(' ')
    .map((raw) => ({ raw, norm: normal(raw) }))
    .filter((word) => word.raw !== '');
}

function normal(raw: string): string {
  const plain = raw.toLowerCase().replace(/[\u2018\u2019\u02bc]/g, "'");
  return plain.replace(/^["'“”«¿¡(]+|[.,!?;:…"'“”»)]+$/gu, '');
}

/** The sentence without politeness and lone punctuation at its edges. Never empties it: "please" alone stays a word. */
export function withoutPoliteness(words: readonly Word[]): readonly Word[] {
  if (words[0]?.norm === '') return withoutPoliteness(words.slice(1));
  if (words.at(-1)?.norm === '') return withoutPoliteness(words.slice(0, -1));
  const opening = openings.find((run) => run.length < words.length && startsWith(words, run));
  if (opening !== undefined) return withoutPoliteness(words.slice(opening.length));
  const ending = endings.find(
    (run) => run.length < words.length && startsWith(words.slice(-run.length), run),
  );
  return ending === undefined ? words : withoutPoliteness(words.slice(0, -ending.length));
}

const startsWith = (words: readonly Word[], run: readonly string[]): boolean =>
  run.every((word, at) => words[at]?.norm === word);

/** True when something in the sentence says not to. */
export const negated = (words: readonly Word[]): boolean =>
  words.some((word) => negations.has(word.norm));

/** What was written, for a text slot; one pair of quotes around the whole is not part of it. */
export function writtenText(words: readonly Word[]): string {
  const text = words.map((word) => word.raw).join(' ');
  return (
    /^"(.+)"$|^'(.+)'$|^“(.+)”$/u
      .exec(text)
      ?.slice(1)
      .find((inner) => inner !== undefined) ?? text
  );
}
