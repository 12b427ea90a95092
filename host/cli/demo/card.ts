import type { ApprovalView } from '#schema/views/approval.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

const words = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');

/** A question as a terminal shows it: the same facts as the card in the panel, in the same order. */
export function cardLines(approval: ApprovalView): string[] {
  const { requester, task, call, explanation } = approval;
  const who = requester.proven ? requester.display : `calls itself "${requester.display}"`;
  const reversible = {
    yes: 'can be undone',
    no: 'cannot be undone',
    unknown: 'may not be undoable',
  };
  return [
    `${who}${task === null ? '' : ` · "${task}"`}`,
    `  ${call.argv === undefined ? (call.command_line ?? call.tool) : words(call.argv)}`,
    `  ${explanation.where} · ${reversible[explanation.reversible]}`,
    `  ${explanation.effect}`,
    `  ${explanation.silence}`,
  ];
}

/** One line an event: when, what, by whom. */
export const eventLine = (event: StoredEvent): string =>
  `  ${String(event.seq).padStart(3)}  ${event.recorded_at.slice(11, 19)}  ${event.event_type.padEnd(22)} ${event.actor.display}`;
