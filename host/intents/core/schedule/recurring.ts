import type { Piece, Unit } from './pieces.ts';
import {
  bareNote,
  clock,
  question,
  type Said,
  type SaidTrigger,
  type WhenReading,
} from './reading.ts';
import type { SaidTime } from './time-of-day.ts';

/** "every weekday at nine", "every two hours", "every 15 minutes between nine and five", "on the first of every month at noon" */
export function recurring(said: Said): WhenReading | null {
  const { find, others } = said;
  if (others.includes('in') || others.includes('day')) return null;
  const dates = others.filter((is) => dateKinds.has(is));
  if (dates.length > 1) return null;
  const every = find('every');
  if (every?.unit === 'minute' || every?.unit === 'hour')
    return often(every.unit, every.count, said);
  if (others.includes('between') || others.includes('on_the_hour')) return null;
  if (every !== undefined && dates.length > 0) return weekOn(every.unit, every.count, said);
  if (every !== undefined && every.unit !== 'day') return rarely(every.unit, every.count, said);
  if (every !== undefined && every.count > 1) return everyFewDays(every.count, said);
  return atTimes(daysField(said), said);
}

const dateKinds: ReadonlySet<Piece['is']> = new Set(['days', 'weekday', 'month_days', 'nth_day']);

/** "every week on monday" is every Monday; "every month on the first" every first of the month. */
function weekOn(unit: Unit, count: number, said: Said): WhenReading | null {
  const isWeek = unit === 'week' && (said.find('days') ?? said.find('weekday')) !== undefined;
  if (!isWeek) return null;
  if (count > 1) return tooRare(count, unit);
  return atTimes(daysField(said), said);
}

interface DaysField {
  readonly day: string;
  readonly weekday: string;
  readonly notes: readonly string[];
}

function daysField({ find }: Said): DaysField {
  const month = find('month_days')?.days;
  const nth = find('nth_day');
  const weekday = find('weekday')?.day;
  const days = find('days')?.days ?? (weekday === undefined ? undefined : [weekday]);
  if (month !== undefined)
    return {
      day: month.map((day) => (day === 'last' ? 'L' : day)).join(','),
      weekday: '*',
      notes: shortMonths(month),
    };
  if (nth !== undefined)
    return { day: '*', weekday: `${nth.day}#${nth.nth === 'last' ? 'L' : nth.nth}`, notes: [] };
  return { day: '*', weekday: days === undefined ? '*' : weekdayField(days), notes: [] };
}

const weekdayField = (days: readonly number[]): string =>
  days.join() === '1,2,3,4,5' ? '1-5' : days.join(',');

function shortMonths(days: readonly (number | 'last')[]): readonly string[] {
  const late = days.filter((day) => day !== 'last' && day > 28);
  return late.length === 0
    ? []
    : [
        `Months without a day ${late.join(' or ')} are left out; "the last day of every month" comes in all.`,
      ];
}

function atTimes({ day, weekday, notes }: DaysField, said: Said): WhenReading | null {
  const { times, zone, words, part } = said;
  const [first] = times;
  if (first === undefined) {
    const usual = { afternoon: 'two', evening: 'eight', night: 'ten' }[part ?? ''] ?? 'nine';
    return question(`At what time ${words}?`, `${words} at ${usual}`);
  }
  const minutes = new Set(times.map(({ minute }) => minute));
  if (minutes.size > 1)
    return question(
      'Several times of one schedule must have the same minutes, like 09:30 and 17:30. Make one schedule for each.',
    );
  const hours = [...new Set(times.map(({ hour }) => hour))].toSorted((a, b) => a - b).join(',');
  return cron(`${first.minute} ${hours} ${day} * ${weekday}`, zone, [
    ...notes,
    ...times.flatMap(bareNote),
  ]);
}

/** Every few minutes or hours: elapsed time, or by the clock where a window, days or "on the hour" are said. */
function often(unit: 'minute' | 'hour', count: number, said: Said): WhenReading | null {
  const { find, others, times, part, zone } = said;
  if (times.length > 0 || part !== null) return null;
  const window = find('between');
  const seconds = count * (unit === 'minute' ? 60 : 3_600);
  if (others.length === 1)
    return seconds > MOST_SECONDS ? tooRare(count, unit) : interval(seconds, zone);
  if (find('month_days') !== undefined || find('nth_day') !== undefined) return null;
  const [most, name] = unit === 'minute' ? [60, 'hour'] : [24, 'day'];
  if (count > most || most % count !== 0)
    return question(
      `By the clock, the ${unit}s must divide the ${name}: ${unit === 'minute' ? '5, 10, 15, 20 or 30' : '1, 2, 3, 4, 6, 8 or 12'}.`,
    );
  const weekday = daysField(said).weekday;
  if (window === undefined)
    return cron(`${clockField(unit, count, null)} * * ${weekday}`, zone, []);
  const [from, to] = [window.from, endOf(window.from, window.to)];
  if (from.minute !== 0 || to.minute !== 0)
    return question('A window must begin and end on the hour, like "between nine and five".');
  return cron(`${clockField(unit, count, hoursBetween(from.hour, to.hour))} * * ${weekday}`, zone, [
    `From ${clock(from)} until before ${clock(to)}.`,
  ]);
}

const MOST_SECONDS = 366 * 86_400;

/** Minute and hour fields. The window's end is not part of it: "between nine and five" ends before 17:00. */
function clockField(
  unit: 'minute' | 'hour',
  count: number,
  hours: readonly number[] | null,
): string {
  if (unit === 'minute') {
    const minute = count === 1 ? '*' : count === 60 ? '0' : `*/${count}`;
    return `${minute} ${hours === null ? '*' : ranges(hours)}`;
  }
  if (hours === null) return `0 ${count === 1 ? '*' : `*/${count}`}`;
  const some = hours.filter((_hour, at) => at % count === 0);
  return `0 ${count === 1 ? ranges(some) : some.join(',')}`;
}

function hoursBetween(from: number, to: number): readonly number[] {
  const length = (to - from + 24) % 24 || 24;
  return Array.from({ length }, (_, at) => (from + at) % 24);
}

/** Consecutive hours as cron writes them; a night is two ranges. */
function ranges(hours: readonly number[]): string {
  const wrap = hours.indexOf(0);
  const runs = wrap > 0 ? [hours.slice(wrap), hours.slice(0, wrap)] : [hours];
  return runs.map((run) => (run.length === 1 ? `${run[0]}` : `${run[0]}-${run.at(-1)}`)).join(',');
}

/** An end without am or pm is the one that comes first after the start: "nine to five" 17:00, "ten pm to six" 06:00. */
function endOf(from: SaidTime, to: SaidTime): SaidTime {
  if (!to.bare) return to;
  const after = (hour: number): number => (hour - from.hour + 24) % 24 || 24;
  const other = (to.hour + 12) % 24;
  return after(other) < after(to.hour) ? { ...to, hour: other } : to;
}

function everyFewDays(count: number, { times, zone }: Said): WhenReading | null {
  if (count > 366) return null;
  return times.length === 0
    ? interval(count * 86_400, zone)
    : question(
        `I can count ${count} days from now on, but not at a fixed time of day. Say days of the week or of the month instead.`,
      );
}

function rarely(unit: Unit, count: number, said: Said): WhenReading | null {
  if (count > 1) return tooRare(count, unit);
  const when =
    said.times.length === 0 ? '' : ` ${said.words.slice(said.words.indexOf(' at ') + 1)}`;
  return unit === 'week'
    ? question('On which day of the week?', `every monday${when === '' ? ' at nine' : when}`)
    : question(
        'On which day of the month?',
        `on the first of every month${when === '' ? ' at nine' : when}`,
      );
}

const tooRare = (count: number, unit: string): WhenReading =>
  question(
    `I cannot repeat every ${count} ${unit}s: I count minutes, hours and days, and know days of the week and of the month.`,
  );

const interval = (every_seconds: number, zone: string): WhenReading => ({
  kind: 'when',
  trigger: { kind: 'interval', every_seconds },
  zone,
  notes: [],
});

function cron(expression: string, zone: string, notes: readonly string[]): WhenReading {
  const trigger: SaidTrigger = { kind: 'cron', expression };
  return { kind: 'when', trigger, zone, notes };
}
