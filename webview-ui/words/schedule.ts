import { momentText, outcomeText } from '#schema/views/schedule-text.ts';
import type { SlotView, TaskTrigger, TaskView } from '#schema/views/task.ts';
import type { TaskEdit } from '../state/schedule.ts';
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
  if (task.status === 'paused')
    return `paused${task.paused_reason ? `: ${task.paused_reason}` : ''}`;
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

/** What stands in the field for this trigger when the form is opened. */
export function triggerValue(trigger: TaskTrigger): Pick<TaskEdit, 'kind' | 'value'> {
  switch (trigger.kind) {
    case 'cron':
      return { kind: 'cron', value: trigger.expression };
    case 'interval':
      return { kind: 'interval', value: String(trigger.every_seconds / 60) };
    case 'once':
      return { kind: 'once', value: localMoment(new Date(trigger.at)) };
    case 'event':
      return { kind: null, value: '' };
  }
}

const two = (n: number): string => String(n).padStart(2, '0');
const localMoment = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockTime(at)}`;

/** What the form says, as the host takes it. The host judges it; null where nothing can be made of it. */
export function triggerOf({ kind, value }: TaskEdit): TaskTrigger | null {
  const text = value.trim();
  switch (kind) {
    case 'cron':
      return text === '' ? null : { kind, expression: text };
    case 'interval': {
      const seconds = Math.round(Number(text) * 60);
      return seconds >= 1 ? { kind, every_seconds: seconds } : null;
    }
    case 'once': {
      const at = new Date(text.replace(' ', 'T'));
      return Number.isNaN(at.getTime()) ? null : { kind, at: at.toISOString() };
    }
    case null:
      return null;
  }
}
