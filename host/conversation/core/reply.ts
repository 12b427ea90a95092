import type { SayResult } from '#schema/commands/conversation.ts';
import type { IntentMatch } from '#schema/views/intent.ts';
import type { RunStatus, RunView } from '#schema/views/run.ts';
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

/** One sentence about what became of a call. */
export function replyTo(run: RunView): string {
  const what = callInWords(run.call);
  const replies: Record<RunStatus, string> = {
    queued: `It is still running: ${what}.`,
    running: `It is still running: ${what}.`,
    waiting_for_approval: `It waits for your answer on the card: ${what}.`,
    succeeded: `Done: ${what}.`,
    failed: `It did not work: ${what}. ${run.error?.message ?? ''}`.trim(),
    denied: `Not done: ${what}. ${run.error?.message ?? run.policy.reason}`,
    cancelled: `Cancelled: ${what}.`,
    interrupted: `The host ended in the middle of it, so it may or may not have happened: ${what}.`,
  };
  return replies[run.status];
}

const letters = ['A', 'B', 'C'];

/** "I heard …. Closest: A run the tests · B …". */
export function notUnderstood(text: string, closest: readonly IntentMatch[]): string {
  const heard = `I heard "${text.length > 120 ? `${text.slice(0, 120)}…` : text}" and did nothing.`;
  if (closest.length === 0) return `${heard} Say "help" for what I understand.`;
  return `${heard} Closest: ${closest.map(({ phrase }, at) => `${letters[at] ?? '·'} ${phrase}`).join(' · ')}`;
}
