import type { ActionCall } from '#schema/views/action-call.ts';
import { editorTools } from '#schema/views/editor-tools.ts';
import type { IntentMatch } from '#schema/views/intent.ts';
import type { RunnerKind } from '#schema/views/run.ts';
import type { Becomes } from '#host/intents/core/intent-row.ts';

/** What a sentence asks of the gate, and who would carry it out. */
export interface SaidCall {
  call: ActionCall;
  runner: Extract<RunnerKind, 'editor' | 'host'>;
}

/** The one exact call that an understood sentence means; null when Hob answers it itself. */
export function callOf(match: IntentMatch, becomes: Becomes): SaidCall | null {
  if (becomes.kind === 'editor') {
    const { action } = editorTools[becomes.tool];
    return {
      runner: 'editor',
      call: { action, tool: becomes.tool, arguments: match.slots },
    };
  }
  if (becomes.kind === 'command') {
    const argv = [...becomes.argv];
    return {
      runner: 'host',
      call: { action: 'command.run', tool: 'command.run', argv, arguments: { argv } },
    };
  }
  return null;
}

/** A call in words, for a reply: what would be typed, or what the tool does. Never cut in the middle of a word that matters: at most 200 characters. */
export function callInWords(call: ActionCall): string {
  const line = call.command_line ?? call.argv?.map(quoted).join(' ');
  if (line !== undefined) return short(line);
  const tool = Object.hasOwn(editorTools, call.tool)
    ? editorTools[call.tool as keyof typeof editorTools]
    : undefined;
  const values = Object.values(call.arguments).filter(
    (value) => typeof value === 'string' || typeof value === 'number',
  );
  return short([tool?.title ?? call.tool, ...values].join(' '));
}

const LONGEST = 200;
const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
