import type { IntentMatch } from '#schema/views/intent.ts';
import { closestTo, type Candidate } from './closest.ts';
import type { Becomes, IntentRow, Vocabulary } from './intent-row.ts';
import { matchPattern, type Slots } from './match.ts';
import { patternsOf, spoken } from './phrase.ts';
import { intentTable } from './table.ts';
import { negated, toWords, withoutPoliteness, type Word } from './words.ts';

/** What one sentence means: one intent, or none and what is closest to it. */
export interface Understanding {
  readonly match: IntentMatch | null;
  readonly closest: IntentMatch[];
}

const nothing: Understanding = { match: null, closest: [] };

const candidates: readonly Candidate[] = intentTable.flatMap((row) =>
  row.phrases.flatMap((phrase) => patternsOf(phrase).map((pattern) => ({ row, pattern }))),
);

/**
 * Sentence → intent with slots. It matches only when a phrase of the table covers every word of it
 * (politeness aside); whatever is merely similar is offered as `closest` and never acts.
 */
export function understand(sentence: string, vocabulary: Vocabulary): Understanding {
  const words = withoutPoliteness(toWords(sentence));
  if (words.length === 0) return nothing;
  const matches = bestMatches(words, vocabulary);
  const [first, second] = matches;
  if (first !== undefined && second === undefined) return { match: first, closest: [] };
  if (first !== undefined) return { match: null, closest: matches.slice(0, 3) };
  return negated(words)
    ? nothing
    : { match: null, closest: closestTo(words, candidates, vocabulary) };
}

/** What an intent of the table becomes, or undefined for a name that it does not have. */
export const becomesOf = (name: string): Becomes | undefined => byName.get(name)?.becomes;
const byName = new Map<string, IntentRow>(intentTable.map((row) => [row.name, row]));

/** The most literal match of each intent; intents with fewer of their own words than another give way. */
function bestMatches(words: readonly Word[], vocabulary: Vocabulary): IntentMatch[] {
  const found = candidates.flatMap((candidate) => {
    const slots = matchPattern(candidate.pattern, words, vocabulary);
    return slots === null ? [] : [{ candidate, slots, literal: literalWords(candidate) }];
  });
  const most = Math.max(0, ...found.map(({ literal }) => literal));
  const best = found.filter(({ literal }) => literal === most);
  return best
    .filter(
      (one, at) => best.findIndex((other) => other.candidate.row === one.candidate.row) === at,
    )
    .map(toMatch);
}

const literalWords = ({ pattern }: Candidate): number =>
  pattern.elements.filter((element) => element.kind === 'word').length;

const toMatch = ({ candidate, slots }: { candidate: Candidate; slots: Slots }): IntentMatch => ({
  name: candidate.row.name,
  slots,
  score: 1,
  phrase: spoken(candidate.pattern, slots),
});
