import { momentText, outcomeText } from '#schema/views/schedule-text.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import { clockTime } from './time.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When something is due, as short as it stays clear: `in 5 min`, `at 09:00`, `tomorrow 09:00`, `Fri 09:00`, `24 Dec`. */
export function dueText(iso: string, now: number): string {
  const at = new Date(iso);
  const left = at.getTime() - now;
  if (left < MINUTE) return 'now';
  if (left < 60 * MINUTE) return `in ${Math.round(left / MINUTE)} min`;
  const midnight = new Date(now).setHours(24, 0, 0, 0);
  if (at.getTime() < midnight) return `at ${clockTime(at)}`;
  if (at.getTime() < midnight + DAY) return `tomorrow ${clockTime(at)}`;
  const parts: Intl.DateTimeFormatOptions =
    left < 6 * DAY ? { weekday: 'short' } : { day: 'numeric', month: 'short' };
  const day = new Intl.DateTimeFormat('en-GB', parts).format(at);
  return left < 6 * DAY ? `${day} ${clockTime(at)}` : day;
}

/** Where a schedule stands, on one short line. */
export function standing(task: TaskView, now: number): string {
  if (task.status === 'paused') {
    const reason = task.paused_reason ?? '';
    return reason.startsWith('paused') ? reason : `paused${reason && `: ${reason}`}`;
  }
  if (task.status === 'done') return 'done';
  if (task.active.some((slot) => slot.run_id !== null)) return 'running';
  if (task.active.length > 0) return 'will be tried again';
  if (task.trigger.kind === 'event') return 'waits for its event';
  return task.next_due === null ? 'not due again' : `next ${dueText(task.next_due, now)}`;
}

/** The last slots in words, for who cannot see the picture: `Last 12: 10 done, 1 failed, 1 skipped`. */
export function slotsText(slots: readonly SlotView[]): string {
  if (slots.length === 0) return 'It has not run yet';
  const counts = new Map<string, number>();
  for (const { status } of slots)
    counts.set(outcomeText(status), (counts.get(outcomeText(status)) ?? 0) + 1);
  return `Last ${slots.length}: ${[...counts].map(([word, n]) => `${n} ${word}`).join(', ')}`;
}

/** What became of one slot, with when and why. */
export const slotText = (slot: SlotView, zone: string): string =>
  `${momentText(slot.scheduled_at, zone)}: ${outcomeText(slot.status)}${slot.count !== null && slot.count > 1 ? ` (${slot.count} times)` : ''}${slot.reason === null ? '' : `. ${slot.reason}`}`;
