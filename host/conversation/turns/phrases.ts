import type { InquiryView } from '#schema/views/inquiry.ts';
import type { Meaning, SpokenPhrases } from '#host/voice/ports.ts';
import { meaningsOf, plainName, type TablePhrase } from '#host/voice/recognition/core/phrases.ts';
import { commandNamesInSteps } from '#host/intents/core/command-names.ts';
import { intentTable } from '#host/intents/core/table.ts';
import { allOf } from '#host/kernel/steps.ts';
import { answerPhrases } from './core/spoken-answer.ts';
import { inSlices } from './in-slices.ts';

const table = intentTable
  .filter(({ becomes }) => becomes.kind !== 'decision_word')
  .flatMap(({ name, phrases }) =>
    phrases.map((phrase): TablePhrase => {
      const { say, fixed } = typeof phrase === 'string' ? { say: phrase, fixed: {} } : phrase;
      return { say, means: `${name} ${JSON.stringify(fixed)}` };
    }),
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
  const orders = meaningsOf(table, { task: tasks, schedule: schedules });
  const all = [...orders, ...eachAlone(choices), ...commandMeanings(commands)];
  return { meanings: answers ? [...all, ...answerPhrases.values()] : all, answers };
}

const known = new WeakMap<readonly string[], readonly Meaning[]>();
const inWork = new WeakSet<readonly string[]>();

/** Worked out once for the titles of a window: there are thousands, and somebody is about to talk. */
function commandMeanings(titles: readonly string[]): readonly Meaning[] {
  return known.get(titles) ?? allOf(commandMeaningsInSteps(titles));
}

/** The same a title at a time. */
function* commandMeaningsInSteps(
  titles: readonly string[],
): Generator<undefined, readonly Meaning[], undefined> {
  const names = yield* commandNamesInSteps(titles);
  const short = new Map([...names.short].map(([name, title]) => [title, name]));
  const meanings: Meaning[] = [];
  for (const title of titles) {
    meanings.push(named([title, short.get(title) ?? title]));
    yield;
  }
  known.set(titles, meanings);
  return meanings;
}

/**
 * Works out ahead what titles of an editor's commands are called, between other work: the first turn of a window would
 * wait up to 100 ms for it, and everybody else with it.
 */
export async function prepareTitles(titles: readonly string[], now: () => number): Promise<void> {
  if (known.has(titles) || inWork.has(titles)) return;
  inWork.add(titles);
  await inSlices(commandMeaningsInSteps(titles), now);
}

const named = (names: readonly string[]): Meaning =>
  [...new Set(names.map(plainName))].filter((name) => name !== '');

const eachAlone = (names: readonly string[]): Meaning[] => names.map((name) => named([name]));

/** What may be said to an inquiry in a turn of its own: what the agent listens for, else all that Hob knows. */
export function phrasesForInquiry(
  { choices, phrases }: Pick<InquiryView, 'choices' | 'phrases'>,
  otherwise: () => SpokenPhrases,
): SpokenPhrases {
  const meanings = eachAlone([...new Set([...choices, ...phrases])]).filter(
    (same) => same.length > 0,
  );
  return meanings.length === 0 ? otherwise() : { meanings, answers: false };
}
