import type { SayResult } from '#schema/commands/conversation.ts';
import type { IntentMatch } from '#schema/views/intent.ts';
import type { RunStatus, RunView } from '#schema/views/run.ts';
import { printedText } from '#schema/views/printed.ts';
import { callInWords } from './call-of.ts';

/** Where a run stands, in the words of a turn. */
export function statusOf(
  run: RunView,
): Extract<SayResult['status'], 'done' | 'failed' | 'denied' | 'pending'> {
  if (run.status === 'succeeded') return 'done';
  if (run.status === 'denied') return 'denied';
  return run.status === 'failed' || run.status === 'cancelled' || run.status === 'interrupted'
    ? 'failed'
    : 'pending';
}

/** What became of a call, and the line of its output that says most. */
export function replyTo(run: RunView): string {
  const which = { succeeded: 'first', failed: 'last' } as const;
  const { status } = run;
  return (
    outcomeOf(run) +
    (status === 'succeeded' || status === 'failed' ? printed(run, which[status]) : '')
  );
}

/** One sentence about what became of a call. */
export function outcomeOf(run: RunView): string {
  const what = callInWords(run.call);
  const outcomes: Record<RunStatus, string> = {
    queued: `It is still running: ${what}.`,
    running: `It is still running: ${what}.`,
    waiting_for_approval: `It waits for your answer on the card: ${what}.`,
    succeeded: `Done: ${what}.`,
    failed: `It did not work: ${what}. ${run.error?.message ?? ''}`.trim(),
    denied: `Not done: ${what}. ${run.error?.message ?? run.policy.reason}`,
    cancelled: `Cancelled: ${what}.`,
    interrupted: `The host ended in the middle of it, so it may or may not have happened: ${what}.`,
  };
  return outcomes[run.status];
}

/** More of a line is for the eye. */
const LINE_LENGTH = 120;

/**
 * The line of its output that says most: the first of what worked, the last of what did not. Somebody
 * who asks which branch this is wants to hear it.
 */
function printed(run: RunView, which: 'first' | 'last'): string {
  const lines = (printedText(run.result) ?? '').split('\n').filter((line) => line.trim() !== '');
  const line = lines.at(which === 'first' ? 0 : -1)?.trim();
  if (line === undefined) return '';
  const said = line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line;
  const more = lines.length - 1;
  const rest = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'line' : 'lines'}`;
  return ` It says "${said}"${rest}.`;
}

const letters = ['A', 'B', 'C'];

/** "I heard …. Closest: A run the tests · B …". */
export function notUnderstood(text: string, closest: readonly IntentMatch[]): string {
  const heard = `I heard "${text.length > 120 ? `${text.slice(0, 120)}…` : text}" and did nothing.`;
  if (closest.length === 0) return `${heard} Say "help" for what I understand.`;
  return `${heard} Closest: ${closest.map(({ phrase }, at) => `${letters[at] ?? '·'} ${phrase}`).join(' · ')}`;
}
