import type { SpokenPhrases } from '#host/voice/ports.ts';
import { phrasesToSay } from '#host/voice/recognition/core/phrases.ts';
import { intentTable } from '#host/intents/core/table.ts';
import { answerPhrases } from './core/spoken-answer.ts';

const table = intentTable
  .filter(({ becomes }) => becomes.kind !== 'decision_word')
  .flatMap(({ phrases }) =>
    phrases.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.say)),
  );

/** What may be said in this moment: the intent table with the workspace's names, and answers while a question waits. */
export function phrasesFor(now: {
  tasks: readonly string[];
  agents: readonly string[];
  answers: boolean;
}): SpokenPhrases {
  const { tasks, agents, answers } = now;
  const phrases = phrasesToSay({ table, names: { task: tasks, agent: agents }, commands: [] });
  return { phrases: answers ? [...phrases, ...answerPhrases] : phrases, answers };
}
