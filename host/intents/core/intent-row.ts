import type { EditorToolName } from '#schema/views/editor-tools.ts';
import type { Moment } from './schedule/reading.ts';

/** Questions and orders that Hob answers itself, from its own state, without a run. */
export type AnswerKind =
  | 'what_happened'
  | 'why'
  | 'who_is_waiting'
  | 'hold'
  | 'status'
  | 'help'
  | 'kill_switch_on'
  | 'kill_switch_off';

/** What a sentence does with schedules that exist, or with the one that was read back. */
export type ScheduleAct =
  | 'restore'
  | 'list'
  | 'next'
  | 'skipped'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'run_now'
  | 'save'
  | 'discard';

/** What an understood sentence leads to. An editor tool takes the slots as its arguments. */
export type Becomes =
  | { readonly kind: 'editor'; readonly tool: EditorToolName }
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'answer'; readonly answer: AnswerKind }
  | { readonly kind: 'schedule'; readonly act: ScheduleAct }
  /** Words that sound like a decision. A sentence never decides, whoever says it. */
  | { readonly kind: 'decision_word' };

/**
 * One way to say an intent. `[word]` may be left out, `(a|b)` is one of them, `{line:number}` is a
 * slot. `fixed` are slots that these words mean without naming them.
 */
export type Phrase =
  | string
  | { readonly say: string; readonly fixed: Readonly<Record<string, string | number>> };

/** One row of the table: everything that is true of an intent, in one place. */
export interface IntentRow {
  readonly name: string;
  /** The first is how Hob itself would say it. */
  readonly phrases: readonly [Phrase, ...Phrase[]];
  readonly becomes: Becomes;
}

/** Names that exist only in this workspace, and what the clock on its wall shows. */
export interface Vocabulary {
  readonly tasks: readonly string[];
  /** Titles of the editor's commands. Without them, no sentence is one. */
  readonly commands?: readonly string[];
  /** Names of schedules. Without them, no sentence is about schedules. */
  readonly schedules?: readonly string[];
  /** Without it, no sentence makes a schedule. */
  readonly moment?: Moment;
}
