import { commandNames, spelling } from './command-names.ts';
import type { Vocabulary } from './intent-row.ts';
import { spokenNumber } from './numbers.ts';
import type { Element, Pattern, SlotType } from './phrase.ts';
import { writtenText, type Word } from './words.ts';

export type Slots = Record<string, string | number>;

const LONGEST_NUMBER = 12;
/** What a search field of the editor takes. */
const LONGEST_TEXT = 1_024;

/** The slots with which the pattern covers every word of the sentence, or null. */
export function matchPattern(
  pattern: Pattern,
  words: readonly Word[],
  vocabulary: Vocabulary,
): Slots | null {
  const slots = matchElements(pattern.elements, words, vocabulary);
  return slots === null ? null : { ...pattern.fixed, ...slots };
}

function matchElements(
  elements: readonly Element[],
  words: readonly Word[],
  vocabulary: Vocabulary,
): Slots | null {
  const [first, ...rest] = elements;
  if (first === undefined) return words.length === 0 ? {} : null;
  if (first.kind === 'word')
    return words[0]?.norm === first.word ? matchElements(rest, words.slice(1), vocabulary) : null;
  // Each element still to come needs at least one word.
  const available = words.length - rest.length;
  const longest = first.type === 'number' ? Math.min(available, LONGEST_NUMBER) : available;
  for (let taken = 1; taken <= longest; taken += 1) {
    const value = slotReaders[first.type](words.slice(0, taken), vocabulary);
    const others = value === null ? null : matchElements(rest, words.slice(taken), vocabulary);
    if (value !== null && others !== null) return { [first.name]: value, ...others };
  }
  return null;
}

type SlotReader = (words: readonly Word[], vocabulary: Vocabulary) => string | number | null;

/** What these words mean as a slot, or null when they do not fit it. */
const slotReaders: Record<SlotType, SlotReader> = {
  number: (words) => spokenNumber(words.map((word) => word.norm)) || null,
  text: (words) => {
    const text = writtenText(words);
    return text.length > LONGEST_TEXT ? null : text;
  },
  task: taskNamed,
  schedule: scheduleNamed,
  command: commandTitled,
};

/** The command's title, when exactly one is spelled like that. There are thousands: looked up, not searched. */
function commandTitled(words: readonly Word[], { commands }: Vocabulary): string | null {
  if (commands === undefined) return null;
  return commandNames(commands).bySpelling.get(spelling(writtenText(words))) ?? null;
}

/** The task's true name, when exactly one task is called that. */
function taskNamed(words: readonly Word[], { tasks }: Vocabulary): string | null {
  const said = spelling(writtenText(words));
  const named = said === '' ? [] : tasks.filter((task) => spelling(task) === said);
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** The one schedule of this name, or the only one whose name has all of these words: "lint" for "npm run lint". */
function scheduleNamed(words: readonly Word[], { schedules = [] }: Vocabulary): string | null {
  const said = spelling(writtenText(words));
  if (said === '') return null;
  const same = schedules.filter((name) => spelling(name) === said);
  const parts = said.split(' ');
  const like = schedules.filter((name) => {
    const own = spelling(name).split(' ');
    return parts.every((part) => own.includes(part));
  });
  const named = same.length > 0 ? same : like;
  return named.length === 1 ? (named[0] ?? null) : null;
}
