import type { Piece } from './pieces.ts';
import type { SaidTime } from './time-of-day.ts';

/** When a schedule is due, as far as sentences can say it: a part of what a task's trigger can be. */
export type SaidTrigger =
  | { readonly kind: 'cron'; readonly expression: string }
  | { readonly kind: 'interval'; readonly every_seconds: number }
  | { readonly kind: 'once'; readonly at: string };

/** What it does, as far as sentences can say it: a part of what a task's action can be. */
export type SaidAction =
  | { readonly kind: 'command'; readonly argv: string[] }
  | { readonly kind: 'sentence'; readonly text: string }
  | { readonly kind: 'reminder'; readonly message: string };

/** What the words about when mean: a trigger in a zone, or what has to be asked first. */
export type WhenReading =
  | {
      readonly kind: 'when';
      readonly trigger: SaidTrigger;
      readonly zone: string;
      /** What was taken for granted, each a sentence. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'question';
      readonly question: string;
      /** Words that would answer it, in place of the ones that were said. */
      readonly instead: readonly string[];
    };

/** When it is now, and where. */
export interface Moment {
  /** Epoch ms. */
  readonly now: number;
  /** IANA name. */
  readonly zone: string;
}

export type PieceOf<K extends Piece['is']> = Extract<Piece, { is: K }>;

/** The pieces of one sentence, put in order. */
export interface Said extends Moment {
  find<K extends Piece['is']>(is: K): PieceOf<K> | undefined;
  /** What was said beside times, part of the day and zone. */
  readonly others: readonly Piece['is'][];
  readonly times: readonly SaidTime[];
  readonly part: string | null;
  /** The words as they were said. */
  readonly words: string;
}

export const question = (text: string, ...instead: string[]): WhenReading => ({
  kind: 'question',
  question: text,
  instead,
});

const two = (value: number): string => String(value).padStart(2, '0');

/** "09:30" */
export const clock = ({ hour, minute }: { hour: number; minute: number }): string =>
  `${two(hour)}:${two(minute)}`;

/** Says how an hour without am or pm was read, where the other reading is not absurd. */
export const bareNote = (time: SaidTime): readonly string[] =>
  time.bare && (time.hour > 12 || (time.hour >= 7 && time.hour <= 8))
    ? [
        `Read as ${clock(time)}; say "${time.hour > 12 ? 'in the morning' : 'in the evening'}" for the other one.`,
      ]
    : [];
