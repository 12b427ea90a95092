import { argvText } from './call-text.ts';
import type { SlotView, TaskAction, TaskTrigger } from './task.ts';

/*
 * How a schedule is said to people, wherever it is shown: panel, command line, notification, read back
 * after a sentence.
 */

/** What a reminder says of which nobody said what it is about. */
export const PLAIN_REMINDER = 'You asked to be reminded.';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const two = (value: number | string): string => String(value).padStart(2, '0');

/**
 * "Every weekday at 09:00", "Every 2 hours", "On Tue 24 Nov 2026 at 09:00"; "Today at 19:27" for who says what time
 * it is. Expressions without words for them are shown as they are.
 */
export function triggerText(trigger: TaskTrigger, zone: string, now?: number): string {
  switch (trigger.kind) {
    case 'cron':
      return cronText(trigger.expression) ?? `By the expression ${trigger.expression}`;
    case 'interval':
      return `Every ${spanText(trigger.every_seconds)}`;
    case 'once':
      return now === undefined
        ? `On ${momentText(trigger.at, zone)}`
        : soonText(trigger.at, zone, now);
    case 'event':
      return `${trigger.delay_seconds === 0 ? 'After' : `${countedText(trigger.delay_seconds)} after`} each ${trigger.event_type}${conditionText(trigger.where)}`;
  }
}

/** " with outcome failed and attempt 2"; nothing where there is no condition. */
function conditionText(where: Readonly<Record<string, unknown>>): string {
  const conditions = Object.entries(where).map(([name, value]) => `${name} ${String(value)}`);
  return conditions.length === 0 ? '' : ` with ${conditions.join(' and ')}`;
}

/** What a schedule does, on one line. */
export function actionText(action: TaskAction): string {
  switch (action.kind) {
    case 'command':
      return argvText(action.argv);
    case 'editor':
      return action.tool.replace(/^editor\./, '').replaceAll('_', ' ');
    case 'sentence':
      return action.text;
    case 'tool':
      return action.tool.replace(/^hob\./, '').replaceAll('_', ' ');
    case 'reminder':
      return action.message === PLAIN_REMINDER ? 'remind you' : `remind you: ${action.message}`;
  }
}

interface Moment {
  /** "Tue 24 Nov 2026" */
  readonly day: string;
  /** "09:00" */
  readonly clock: string;
}

/** What calendar and clock of a zone say. */
function calendar(zone: string): (at: string | number) => Moment {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = format.formatToParts(new Date(at));
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
    return {
      day: `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`,
      clock: `${part('hour')}:${part('minute')}`,
    };
  };
}

/** "Tue 24 Nov 2026 at 09:00", on a clock of this zone. */
export function momentText(at: string, zone: string): string {
  const { day, clock } = calendar(zone)(at);
  return `${day} at ${clock}`;
}

const DAY_MS = 86_400_000;

/** "Today at 19:27", "Tomorrow at 09:00", "On Tue 24 Nov 2026 at 09:00". */
function soonText(at: string, zone: string, now: number): string {
  const read = calendar(zone);
  const { day, clock } = read(at);
  const near = [now, now + DAY_MS].findIndex((one) => read(one).day === day);
  return `${['Today', 'Tomorrow'][near] ?? `On ${day}`} at ${clock}`;
}

const outcomes: Record<SlotView['status'], string> = {
  running: 'running',
  waiting_for_approval: 'waits for your answer',
  retrying: 'will be tried again',
  needs_user_action: 'needs you',
  succeeded: 'done',
  failed: 'failed',
  denied: 'not allowed',
  cancelled: 'cancelled',
  interrupted: 'cut off',
  skipped: 'skipped',
};

/** What became of one slot, in a word or two. */
export const outcomeText = (status: SlotView['status']): string => outcomes[status];

/** In the largest unit that divides it. */
function span(seconds: number): { count: number; unit: string } {
  const [size, unit] = (
    [
      [86_400, 'day'],
      [3_600, 'hour'],
      [60, 'minute'],
      [1, 'second'],
    ] as const
  ).find(([one]) => seconds % one === 0) ?? [1, 'second'];
  return { count: seconds / size, unit };
}

/** "minute", "2 hours": what comes after "every". */
function spanText(seconds: number): string {
  const { count, unit } = span(seconds);
  return count === 1 ? unit : countedText(seconds);
}

/** "1 minute", "2 hours". */
function countedText(seconds: number): string {
  const { count, unit } = span(seconds);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The usual forms of five fields; null for all others. */
function cronText(expression: string): string | null {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = expression
    .trim()
    .split(/\s+/);
  if (more.length > 0 || month !== '*' || weekday === '') return null;
  const days = daysText(day, weekday);
  if (days === null) return null;
  if (/^\d+$/.test(minute) && /^\d+(,\d+)*$/.test(hour)) {
    const times = hour.split(',').map((one) => `${two(one)}:${two(minute)}`);
    return `${days} at ${listText(times)}`;
  }
  const often = oftenText(minute, hour);
  return often === null ? null : days === 'Every day' ? often : `${often}, ${lower(days)}`;
}

function oftenText(minute: string, hour: string): string | null {
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  const every =
    step !== undefined ? `Every ${step} minutes` : minute === '*' ? 'Every minute' : null;
  if (every !== null) {
    if (hour === '*') return every;
    const hours = /^(\d+)-(\d+)$/.exec(hour);
    if (hours === null) return null;
    const [, from = '', to = ''] = hours;
    return `${every} from ${two(from)}:00 until before ${two((Number(to) + 1) % 24)}:00`;
  }
  if (!/^\d+$/.test(minute)) return null;
  const past = minute === '0' ? 'on the hour' : `at ${minute} minutes past`;
  if (hour === '*') return `Every hour ${past}`;
  const hours = /^\*\/(\d+)$/.exec(hour)?.[1];
  if (hours !== undefined) return `Every ${hours} hours ${past}`;
  const range = /^(\d+)-(\d+)$/.exec(hour);
  return range === null
    ? null
    : `Every hour from ${two(range[1] ?? '')}:${two(minute)} to ${two(range[2] ?? '')}:${two(minute)}`;
}

function daysText(day: string, weekday: string): string | null {
  if (day !== '*' && weekday !== '*') return null;
  if (day === 'L') return 'On the last day of every month';
  if (day !== '*') {
    const days = day.split(',');
    return days.every((one) => /^\d+$/.test(one))
      ? `On the ${listText(days.map(ordinalText))} of every month`
      : null;
  }
  if (weekday === '*') return 'Every day';
  if (weekday === '1-5') return 'Every weekday';
  if (weekday === '0,6' || weekday === '6,0') return 'Every Saturday and Sunday';
  const nth = /^([0-6])#([1-5L])$/.exec(weekday);
  if (nth !== null) {
    const [, which = '', count = ''] = nth;
    return `On the ${count === 'L' ? 'last' : ordinalText(count)} ${weekdays[Number(which)]} of every month`;
  }
  const names = weekday
    .split(',')
    .map((one) => (/^[0-7]$/.test(one) ? weekdays[Number(one) % 7] : undefined));
  return names.every((name) => name !== undefined) ? `Every ${listText(names)}` : null;
}

function ordinalText(digits: string): string {
  const tail = /1[123]$/.test(digits)
    ? 'th'
    : ({ 1: 'st', 2: 'nd', 3: 'rd' }[digits.at(-1) ?? ''] ?? 'th');
  return `${digits}${tail}`;
}

const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const lower = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
