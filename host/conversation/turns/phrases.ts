import type { InquiryView } from '#schema/views/inquiry.ts';
import type { SpokenPhrases } from '#host/voice/ports.ts';
import { phrasesToSay } from '#host/voice/recognition/core/phrases.ts';
import { commandNames } from '#host/intents/core/command-names.ts';
import { intentTable } from '#host/intents/core/table.ts';
import { answerPhrases } from './core/spoken-answer.ts';

const table = intentTable
  .filter(({ becomes }) => becomes.kind !== 'decision_word')
  .flatMap(({ phrases }) =>
    phrases.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.say)),
  );

/** Names that this moment adds to the table. */
export interface SpokenNames {
  tasks: readonly string[];
  schedules: readonly string[];
  /** Titles of the editor's commands. */
  commands: readonly string[];
  /** An agent waits for one of these. */
  choices: readonly string[];
  /** A question waits. */
  answers: boolean;
}

/** What may be said in this moment: the intent table with the workspace's names, and answers while a question waits. */
export function phrasesFor(now: SpokenNames): SpokenPhrases {
  const { tasks, schedules, commands, choices, answers } = now;
  const names = { task: tasks, schedule: schedules };
  const those = phrasesToSay({ table, names, commands: choices });
  const phrases = [...new Set([...those, ...commandPhrases(commands)])];
  return { phrases: answers ? [...phrases, ...answerPhrases] : phrases, answers };
}

const known = new WeakMap<readonly string[], readonly string[]>();

/** Worked out once for the titles of a window: there are thousands, and somebody is about to talk. */
function commandPhrases(titles: readonly string[]): readonly string[] {
  const found = known.get(titles);
  if (found !== undefined) return found;
  const commands = [...titles, ...commandNames(titles).short];
  const phrases = phrasesToSay({ table: [], names: {}, commands });
  known.set(titles, phrases);
  return phrases;
}

/** What may be said to an inquiry in a turn of its own: what the agent listens for, else all that Hob knows. */
export function phrasesForInquiry(
  { choices, phrases }: Pick<InquiryView, 'choices' | 'phrases'>,
  otherwise: () => SpokenPhrases,
): SpokenPhrases {
  const expected = phrasesToSay({ table: [], names: {}, commands: [...choices, ...phrases] });
  return expected.length === 0 ? otherwise() : { phrases: expected, answers: false };
}
