import type { ActionCall } from './action-call.ts';

/*
 * How a call is written for people, wherever it is shown: card, notification, palette. What an agent
 * wrote in it goes through visible-text before it is shown.
 */

const plainWord = /^[\w@%+=:,./~-]+$/;

/** One word of argv as a shell would need it, so that two different argv never look the same. */
const quoted = (word: string): string =>
  plainWord.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A command as a shell would need it. */
export const argvText = (argv: readonly string[]): string => argv.map(quoted).join(' ');

/** What a call that is no command is about: its tool, and what it touches. */
export const callHeading = (call: ActionCall): string[] => [
  call.tool,
  ...(call.url === undefined ? [] : [call.url]),
  ...(call.paths ?? []),
];

/** The exact call, as many lines as it needs. Nothing of it is left out. */
export function callText(call: ActionCall): string {
  if (call.command_line !== undefined) return call.command_line;
  if (call.argv !== undefined) return argvText(call.argv);
  const hasArguments = Object.keys(call.arguments).length > 0;
  const lines = hasArguments ? [JSON.stringify(call.arguments, null, 2)] : [];
  return [...callHeading(call), ...lines].join('\n');
}
