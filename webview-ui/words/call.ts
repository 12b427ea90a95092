import type { ActionCall } from '#schema/views/action-call.ts';
import { argvText, callHeading, callText } from '#schema/views/call-text.ts';
import { editorTools } from '#schema/views/editor-tools.ts';
import { visibleText } from './visible.ts';

const titleOf = (tool: string): string | undefined =>
  Object.entries(editorTools).find(([name]) => name === tool)?.[1].title;

/** Characters and lines that a card shows before it offers "more". */
const CARD_CHARACTERS = 900;
const CARD_LINES = 14;

/**
 * The beginning that a card shows, and how many characters follow; 0 when that is all. With a diff
 * on the card, the arguments it was made from come after "more".
 */
export function beginning(call: ActionCall): { shown: string; more: number } {
  const text = callText(call);
  if (call.diff !== undefined && call.argv === undefined && call.command_line === undefined) {
    const shown = callHeading(call).join('\n');
    return { shown, more: text.length - shown.length };
  }
  const lines = text.split('\n');
  const byLines = lines.length > CARD_LINES ? lines.slice(0, CARD_LINES).join('\n') : text;
  // A few characters behind "more" would be silly.
  const shown =
    byLines.length > CARD_CHARACTERS + 100 ? byLines.slice(0, CARD_CHARACTERS) : byLines;
  return { shown, more: text.length - shown.length };
}

/** A call in a few words for one line of a list. The whole call is one click away. */
export function callLine(call: ActionCall, max = 80): string {
  const title = titleOf(call.tool);
  const slots = Object.values(call.arguments).filter((value) => typeof value !== 'object');
  const text =
    title === undefined
      ? (call.command_line ??
        (call.argv === undefined ? undefined : argvText(call.argv)) ??
        [call.tool, call.paths?.[0] ?? call.url].filter(Boolean).join(' '))
      : [title, ...slots].join(' ');
  const line = visibleText(text);
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** Lines that a unified diff adds and removes. */
export function diffSize(diff: string): { added: number; removed: number } {
  const lines = diff.split('\n');
  return {
    added: lines.filter((line) => line.startsWith('+') && !line.startsWith('+++')).length,
    removed: lines.filter((line) => line.startsWith('-') && !line.startsWith('---')).length,
  };
}
