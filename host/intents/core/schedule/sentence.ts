import { negated, type Word } from '../words.ts';
import type { Moment, SaidAction, SaidTrigger, WhenReading } from './reading.ts';
import { readWhen } from './when.ts';
import { readWork, remindWords, type Meanings, type WorkReading } from './work.ts';

/** What a sentence says that names a time. */
export type ScheduleReading =
  | {
      readonly kind: 'schedule';
      readonly name: string;
      readonly trigger: SaidTrigger;
      readonly zone: string;
      readonly action: SaidAction;
      /** What was taken for granted, each a sentence. */
      readonly notes: readonly string[];
      /** The words that say when, and those that say what. */
      readonly when: string;
      readonly what: string;
    }
  /** Something is missing or has two meanings; `suggestions` are whole sentences that would do. */
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly suggestions: readonly string[];
    }
  /** The time is clear and the rest is not. */
  | { readonly kind: 'unclear'; readonly when: string; readonly what: readonly Word[] }
  | { readonly kind: 'decision' };

/** Nobody says more in one breath, and every split is looked at. */
const LONGEST_SENTENCE = 60;
const LONGEST_WHEN = 18;

/** One way to cut a sentence into when and what. */
interface Split {
  readonly when: readonly Word[];
  readonly what: readonly Word[];
}

type Cut = Split & { readonly reading: WhenReading; readonly work: WorkReading | null };

/**
 * Sentence → schedule. Every word of it says when, or what in a way that would be understood without
 * the when; null where no such cut exists, so that nothing is ever half understood. `words` come
 * without politeness.
 */
export function readSchedule(
  words: readonly Word[],
  moment: Moment,
  meanings: Meanings,
): ScheduleReading | null {
  if (words.length > LONGEST_SENTENCE || negated(words.slice(0, 1))) return null;
  const cuts = splitsOf(words).flatMap((split): Cut[] => {
    const reading = readWhen(norms(split.when), moment);
    return reading === null ? [] : [{ ...split, reading, work: workOf(split.what, meanings) }];
  });
  const longest = cuts.toSorted((a, b) => b.when.length - a.when.length);
  const whole =
    longest.find(({ work, reading }) => work !== null && reading.kind === 'when') ??
    longest.find(({ work }) => work !== null);
  if (whole !== undefined) return meaning(whole);
  return unclear(longest, words);
}

const workOf = (what: readonly Word[], meanings: Meanings): WorkReading | null =>
  what.length === 0 ? null : readWork(what, meanings);

function meaning({ when, what, reading, work }: Cut): ScheduleReading | null {
  if (work === null) return null;
  const said = text(what);
  if (work.kind === 'unfit')
    return work.why === 'decision'
      ? { kind: 'decision' }
      : {
          kind: 'question',
          question: `That cannot be done by the clock: ${said}.`,
          suggestions: [],
        };
  if (reading.kind === 'question')
    return {
      kind: 'question',
      question: reading.question,
      suggestions: reading.instead.map((instead) => `${said} ${instead}`),
    };
  const { trigger, zone, notes } = reading;
  const { name, action } = work;
  return { kind: 'schedule', name, trigger, zone, action, notes, when: text(when), what: said };
}

/** When it says only when, or when and something that nobody understands. */
function unclear(cuts: readonly Cut[], words: readonly Word[]): ScheduleReading | null {
  const best = cuts.find(({ reading }) => reading.kind === 'when');
  if (best === undefined || negated(words)) return null;
  return best.what.length === 0
    ? { kind: 'question', question: `What should happen ${text(best.when)}?`, suggestions: [] }
    : { kind: 'unclear', when: text(best.when), what: best.what };
}

/** "WHEN what", "what WHEN", "WHEN what WHEN", and "remind me WHEN to what". */
function splitsOf(words: readonly Word[]): readonly Split[] {
  const fronts = counts(words, (front) => mayOpen(words[0]) && front <= LONGEST_WHEN);
  const backs = counts(
    words,
    (back) => mayOpen(words[words.length - back]) && back <= LONGEST_WHEN,
  );
  const around = [0, ...fronts].flatMap((front) =>
    [0, ...backs].flatMap((back): Split[] =>
      front + back === 0 || front + back > words.length
        ? []
        : [
            {
              when: [...words.slice(words.length - back), ...words.slice(0, front)],
              what: words.slice(front, words.length - back),
            },
          ],
    ),
  );
  const remind = remindWords(words);
  const middle =
    remind === 0 || !mayOpen(words[remind]) ? [] : counts(words, (end) => end > remind);
  return [
    ...around,
    ...middle.map((end) => ({
      when: words.slice(remind, end),
      what: [...words.slice(0, remind), ...words.slice(end)],
    })),
  ];
}

const counts = (words: readonly Word[], fits: (count: number) => boolean): readonly number[] =>
  words.map((_word, at) => at + 1).filter(fits);

const openings =
  /^(?:every|each|daily|hourly|weekly|monthly|at|on|in|the|between|from|noon|midday|midnight|today|tonight|tomorrow|yesterday|this|next|weekdays|weekends|workdays|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|first|last|\d.*)$/;
const mayOpen = (word: Word | undefined): boolean => word !== undefined && openings.test(word.norm);

const norms = (words: readonly Word[]): string[] => words.map(({ norm }) => norm);
const text = (words: readonly Word[]): string =>
  words
    .map(({ raw }) => raw)
    .join(' ')
    .replace(/[,;.?!]+$/, '');
