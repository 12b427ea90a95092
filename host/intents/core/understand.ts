import type { IntentMatch } from '#schema/views/intent.ts';
import { closestTo, type Candidate } from './closest.ts';
import type { Becomes, IntentRow, Vocabulary } from './intent-row.ts';
import { matchPattern, type Slots } from './match.ts';
import { patternsOf, spoken } from './phrase.ts';
import { readSchedule, type ScheduleReading } from './schedule/sentence.ts';
import { intentTable } from './table.ts';
import { negated, toWords, withoutPoliteness, type Word } from './words.ts';

/** What one sentence means: one intent, or none and what is closest to it. */
export interface Understanding {
  readonly match: IntentMatch | null;
  readonly closest: IntentMatch[];
  /** Set where the sentence names a time; then `match` is `new_schedule` if it makes a schedule. */
  readonly schedule?: ScheduleReading;
}

/** The intent of a sentence that makes a schedule; no row of the table, since its phrases are a grammar. */
export const NEW_SCHEDULE = 'new_schedule';

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
  return scheduled(words, vocabulary) ?? guessed(words, vocabulary);
}

const guessed = (words: readonly Word[], vocabulary: Vocabulary): Understanding =>
  negated(words) ? nothing : { match: null, closest: closestTo(words, candidates, vocabulary) };

/** The same for a sentence that says when something shall happen; null when it says no such thing. */
function scheduled(words: readonly Word[], vocabulary: Vocabulary): Understanding | null {
  if (vocabulary.moment === undefined) return null;
  const meanings = {
    of: (what: readonly Word[]): Becomes | null => {
      const matches = bestMatches(what, vocabulary);
      const [only] = matches;
      return only === undefined || matches.length > 1 ? null : (becomesOf(only.name) ?? null);
    },
    isNear: (what: readonly Word[]): boolean => closestTo(what, candidates, vocabulary).length > 0,
  };
  const schedule = readSchedule(words, vocabulary.moment, meanings);
  if (schedule === null) return null;
  if (schedule.kind === 'schedule') {
    const { when, what } = schedule;
    const match = {
      name: NEW_SCHEDULE,
      slots: { when, what },
      score: 1,
      phrase: `${what} ${when}`,
    };
    return { match, closest: [], schedule };
  }
  if (schedule.kind === 'unclear') {
    const closest = closestTo(schedule.what, candidates, vocabulary).map((one) => ({
      ...one,
      phrase: `${one.phrase} ${schedule.when}`,
    }));
    return { match: null, closest, schedule };
  }
  return { match: null, closest: [], schedule };
}

const byName = new Map<string, IntentRow>(intentTable.map((row) => [row.name, row]));
/** What an intent of the table becomes, or undefined for a name that it does not have. */
export const becomesOf = (name: string): Becomes | undefined => byName.get(name)?.becomes;

/** The most literal match of each intent; intents with fewer of their own words than another give way. */
function bestMatches(words: readonly Word[], vocabulary: Vocabulary): IntentMatch[] {
  const possible =
    vocabulary.schedules === undefined
      ? candidates.filter(({ row }) => row.becomes.kind !== 'schedule')
      : candidates;
  const found = possible.flatMap((candidate) => {
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
