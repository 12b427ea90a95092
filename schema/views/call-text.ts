import type { ActionCall } from './action-call.ts';

/*
 * How a call is written for people, wherever it is shown: card, notification, palette, terminal.
 * Text of an agent must look like what it is, so characters that hide, reorder or fake text are shown
 * by their number instead of being obeyed: a right-to-left override can make `exe.txt` of `txt.exe`.
 */

const plainWord = /^[\w@%+=:,./~-]+$/;

/** One word of argv as a shell would need it, so that two different argv never look the same. */
const quoted = (word: string): string =>
  plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** The exact call, as many lines as it needs. Nothing of it is left out. */
export function callText(call: ActionCall): string {
  if (call.command_line !== undefined) return call.command_line;
  if (call.argv !== undefined) return call.argv.map(quoted).join(' ');
  const heading = [call.tool, ...(call.url === undefined ? [] : [call.url]), ...(call.paths ?? [])];
  const hasArguments = Object.keys(call.arguments).length > 0;
  return [...heading, ...(hasArguments ? [JSON.stringify(call.arguments, null, 2)] : [])].join(
    '\n',
  );
}

/** C0 without tab and line feed, DEL and C1, soft hyphen, bidi controls, zero widths, fillers, BOM, tags, lone surrogates. */
const deceptive =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these are the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

const byNumber = (char: string): string =>
  `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** The text with every deceptive character shown by its number. Lines stay lines. */
export const visibleText = (text: string): string => text.replaceAll(deceptive, byNumber);

/** True when nothing in the text would be seen as something else. */
export const isPlainlyVisible = (text: string): boolean => visibleText(text) === text;
