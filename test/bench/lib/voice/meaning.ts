import { understand } from '#host/intents/core/understand.ts';
import type { SpeechVocabulary } from '../speech/speech-set.ts';

/**
 * What a sentence means: "show git status" is "show me the git status", and "stage changes" is "git stage changes"
 * where no other command is called that.
 */
export function meaning(text: string, { tasks, schedules, commands }: SpeechVocabulary): string {
  const { match } = understand(text, { tasks, schedules, commands });
  if (match !== null) return `${match.name} ${JSON.stringify(match.slots)}`;
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
