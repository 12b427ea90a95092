import { Cron } from 'croner';
import { HobError } from '#host/kernel/errors.ts';
import { isoTime } from '#host/kernel/clock.ts';
import type { TaskTrigger } from '#schema/views/task.ts';
import { requireEvent } from './event-trigger.ts';

/**
 * When triggers are due. The only place that names the cron library, which is asked for next runs
 * and nothing else: it holds no timer here.
 *
 * Where clocks are put forward, a time that does not exist happens at the first moment after the gap,
 * once; a pattern of several minutes or hours leaves the missing ones out. Where they are put back, a
 * fixed time happens once, the first time it comes, and a pattern that repeats goes on through both
 * hours. Intervals are elapsed time and know of neither.
 */

/** Parsed patterns; beyond that the oldest are forgotten. */
const REMEMBERED = 5_000;
const parsed = new Map<string, Pattern>();

/** A parsed pattern, and what it was asked last: until its next run there is no other answer. */
interface Pattern {
  readonly cron: Cron;
  /** The run after `after` is `next`. */
  after: number;
  next: number;
}

/** Tasks of one pattern are due in one moment, and each is looked at more than once in it. */
function nextRun(pattern: Pattern, after: number): number | null {
  if (after >= pattern.after && after < pattern.next) return pattern.next;
  const next = pattern.cron.nextRun(new Date(after))?.getTime() ?? null;
  if (next !== null) Object.assign(pattern, { after, next });
  return next;
}

/** Throws `invalid_schedule`. */
function patternOf(expression: string, zone: string): Pattern {
  const key = `${zone} ${expression}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const made: Pattern = { cron: parse(expression, zone), after: 0, next: 0 };
  parsed.set(key, made);
  const oldest = parsed.size > REMEMBERED ? parsed.keys().next().value : undefined;
  if (oldest !== undefined) parsed.delete(oldest);
  return made;
}

function parse(expression: string, zone: string): Cron {
  const fields = expression.trim().split(/\s+/);
  const isNick = /^@[a-z]+$/i.test(expression.trim());
  if (!isNick && fields.length !== 5 && fields.length !== 6)
    throw new HobError('invalid_schedule', {
      message: `A cron expression has five fields (minute hour day month weekday), or six with seconds first; this has ${fields.length}.`,
    });
  try {
    return new Cron(expression.trim(), { paused: true, timezone: zone });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : '';
    throw new HobError('invalid_schedule', {
      message: `The cron expression cannot be understood: ${said.slice(0, 200)}`,
      cause,
    });
  }
}

/** The earliest slot that is later than `after` (milliseconds); null when there is none, or when only events tell. */
export function nextSlot(
  trigger: TaskTrigger,
  zone: string,
  madeAt: number,
  after: number,
): number | null {
  switch (trigger.kind) {
    case 'cron':
      return nextRun(patternOf(trigger.expression, zone), after);
    case 'interval': {
      const every = trigger.every_seconds * 1_000;
      const from = trigger.from === undefined ? madeAt + every : Date.parse(trigger.from);
      return after < from ? from : from + (Math.floor((after - from) / every) + 1) * every;
    }
    case 'once': {
      const at = Date.parse(trigger.at);
      return at > after ? at : null;
    }
    case 'event':
      return null;
  }
}

/** Up to `count` slots after `after` and up to `until`, oldest first. */
export function nextSlots(
  trigger: TaskTrigger,
  zone: string,
  madeAt: number,
  after: number,
  count: number,
  until = Infinity,
): number[] {
  const slots: number[] = [];
  let at: number | null = after;
  while (slots.length < count) {
    at = nextSlot(trigger, zone, madeAt, at);
    // What lies beyond is not asked for: a cron expression takes its time for each.
    if (at === null || at > until) break;
    slots.push(at);
  }
  return slots;
}

/** Slots of a span that nobody looked at. */
export interface PassedSlots {
  /** The last so many, oldest first. */
  last: number[];
  /** How many there were in all; null when there were more than 1,000. */
  count: number | null;
}

const COUNTED = 1_000;

/** The slots from `first`, which is one, up to `until`, both included; of many only the last `keep`. */
export function passedSlots(
  trigger: TaskTrigger,
  zone: string,
  madeAt: number,
  first: number,
  until: number,
  keep: number,
): PassedSlots {
  if (first > until) return { last: [], count: 0 };
  const some = [first, ...nextSlots(trigger, zone, madeAt, first, COUNTED, until)];
  if (some.length <= COUNTED) return { last: some.slice(-keep), count: some.length };
  // Too many to walk through: look back from the end, further each time, until enough are found.
  for (let back = 60_000; ; back *= 2) {
    const from = Math.max(first, until - back);
    const near = nextSlots(trigger, zone, madeAt, from - 1, COUNTED * 2, until);
    if (near.length >= keep || from === first) return { last: near.slice(-keep), count: null };
  }
}

/** Throws `invalid_zone`. */
export function requireZone(zone: string): void {
  try {
    clockOf(zone);
  } catch (cause) {
    throw new HobError('invalid_zone', {
      message: `There is no time zone "${zone}"; give an IANA name such as Europe/Paris.`,
      cause,
    });
  }
}

/** Checks a trigger that starts to count at `now`. Throws `invalid_schedule`, `time_in_past`. */
export function requireTrigger(trigger: TaskTrigger, zone: string, now: number): void {
  if (trigger.kind === 'once' && Date.parse(trigger.at) <= now)
    throw new HobError('time_in_past', {
      message: `${localTime(Date.parse(trigger.at), zone)} has passed; give a later time.`,
    });
  if (trigger.kind === 'event') return requireEvent(trigger);
  if (nextSlot(trigger, zone, now, now) === null)
    throw new HobError('invalid_schedule', {
      message: 'There is no such day: this would never be due.',
    });
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  // Offsets are no zones: they know no summer time, which is what a zone is asked for here.
  if (/^[+-]/.test(zone)) throw new RangeError(`not a zone: ${zone}`);
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  clocks.set(zone, made);
  return made;
}

/** `2026-01-31 09:00`, on a clock of the zone. */
export const localTime = (at: number, zone: string): string => clockOf(zone).format(at);

export const moment = (at: number, zone: string): { at: string; local: string } => ({
  at: isoTime(at),
  local: localTime(at, zone),
});
