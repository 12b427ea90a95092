import type { IntentMatch } from '#schema/views/intent.ts';
import { likeness } from './distance.ts';
import type { Slots } from './match.ts';
import { spokenNumber } from './numbers.ts';
import { spoken, type Pattern } from './phrase.ts';
import type { Becomes, IntentRow, Vocabulary } from './intent-row.ts';
import type { Word } from './words.ts';

const SUGGESTIONS = 3;
/** Below this a suggestion is noise. Set by the committed sentences: near misses lie above, chatter below. */
const WORTH_SAYING = 0.65;
/** Longer texts are not mistyped orders, and comparing them costs more than it tells. */
const LONGEST_SENTENCE = 16;
const LONGEST_WORD = 32;
/** Of schedules that a slip of the tongue is compared with. */
const MOST_NAMES = 50;

/** A pattern with the intent that it says. */
export interface Candidate {
  readonly row: IntentRow;
  readonly pattern: Pattern;
}

/**
 * What the sentence may have meant, best first, at most three. Only ever shown: a score is below 1
 * and nothing here acts.
 */
export function closestTo(
  words: readonly Word[],
  candidates: readonly Candidate[],
  vocabulary: Vocabulary,
): IntentMatch[] {
  if (words.length > LONGEST_SENTENCE || words.some((word) => word.norm.length > LONGEST_WORD))
    return [];
  const said = words.map((word) => (spokenNumber([word.norm]) === null ? word.norm : 'number'));
  const like = remembered(likeness);
  const suggestions = candidates
    .filter(({ row: { becomes } }) => mayOffer(becomes.kind, vocabulary))
    .flatMap(({ row, pattern }) =>
      fillings(pattern, vocabulary).flatMap((filling) => {
        const score = Math.min(0.99, similarity(wordsOf(pattern, filling), said, like));
        return score < WORTH_SAYING
          ? []
          : [
              {
                row,
                pattern,
                score,
                slots: { ...pattern.fixed, ...filling, ...numbersOf(pattern, words) },
              },
            ];
      }),
    )
    .map(({ row, pattern, score, slots }) => ({
      name: row.name,
      slots,
      score: Math.round(score * 100) / 100,
      phrase: spoken(pattern, slots),
    }));
  return bestOfEach(suggestions).slice(0, SUGGESTIONS);
}

const mayOffer = (kind: Becomes['kind'], { schedules }: Vocabulary): boolean =>
  kind !== 'decision_word' && (kind !== 'schedule' || schedules !== undefined);

type Like = (a: string, b: string) => number;

/** The same few words meet hundreds of times in one sentence: 17 ms without, 2 ms with this. */
function remembered(like: Like): Like {
  const known = new Map<string, number>();
  return (a, b) => {
    const key = `${a} ${b}`;
    const value = known.get(key) ?? like(a, b);
    known.set(key, value);
    return value;
  };
}

function fillings(pattern: Pattern, { tasks, schedules = [] }: Vocabulary): readonly Slots[] {
  // There are too many titles to compare them all with a slip of the tongue.
  if (pattern.elements.some((element) => element.kind === 'slot' && element.type === 'command'))
    return [];
  const named = pattern.elements.find(
    (element) =>
      element.kind === 'slot' && (element.type === 'task' || element.type === 'schedule'),
  );
  if (named?.kind !== 'slot') return [{}];
  const names = named.type === 'task' ? tasks : schedules.slice(0, MOST_NAMES);
  return names.map((name) => ({ [named.name]: name }));
}

/** A number that was said fills the one number slot: "go to lime 42". */
function numbersOf(pattern: Pattern, words: readonly Word[]): Slots {
  const slot = pattern.elements.find(
    (element) => element.kind === 'slot' && element.type === 'number',
  );
  const said = words
    .map((word) => spokenNumber([word.norm]))
    .filter((number) => number !== null && number > 0);
  const [only] = said;
  return slot?.kind === 'slot' && said.length === 1 && typeof only === 'number'
    ? { [slot.name]: only }
    : {};
}

/** What the pattern's words are, as far as they are known; an unknown slot stands for one word that fits nothing. */
function wordsOf(pattern: Pattern, filling: Slots): readonly string[] {
  return pattern.elements.flatMap((element) => {
    if (element.kind === 'word') return [element.word];
    const known = filling[element.name];
    return known === undefined
      ? [element.type]
      : String(known)
          .toLowerCase()
          .split(/[^\p{L}\p{N}]+/u);
  });
}

/** Mean likeness of each word to its best partner, both ways round, so that extra and missing words both cost. */
const similarity = (expected: readonly string[], said: readonly string[], like: Like): number =>
  (covered(expected, said, like) + covered(said, expected, like)) / 2;

/** Longer words say more about the meaning, so they weigh more. */
function covered(words: readonly string[], by: readonly string[], like: Like): number {
  const weight = (word: string): number => Math.max(1, word.length);
  const total = words.reduce((sum, word) => sum + weight(word), 0);
  const found = words.reduce((sum, word) => sum + weight(word) * best(word, by, like), 0);
  return total === 0 ? 0 : found / total;
}

/** Words that are less than half alike are different words, not slips of each other. */
function best(word: string, by: readonly string[], like: Like): number {
  const most = by.reduce((highest, other) => Math.max(highest, like(word, other)), 0);
  return most >= 0.5 ? most : 0;
}

/** Best first, one suggestion for each intent and slots. Equal scores keep the order of the table. */
function bestOfEach(suggestions: readonly IntentMatch[]): IntentMatch[] {
  const seen = new Map<string, IntentMatch>();
  for (const next of suggestions.toSorted((a, b) => b.score - a.score)) {
    const key = JSON.stringify([next.name, next.slots['name'] ?? null]);
    if (!seen.has(key)) seen.set(key, next);
  }
  return [...seen.values()];
}
