import type { EditorToolName } from '#schema/views/editor-tools.ts';

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

/** What an understood sentence leads to. An editor tool takes the slots as its arguments. */
export type Becomes =
  | { readonly kind: 'editor'; readonly tool: EditorToolName }
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'answer'; readonly answer: AnswerKind }
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

/** Names that exist only in this workspace. */
export interface Vocabulary {
  readonly tasks: readonly string[];
}
