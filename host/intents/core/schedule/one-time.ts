import { bareNote, clock, question, type Said, type WhenReading } from './reading.ts';
import type { SaidTime } from './time-of-day.ts';
import { instantsOf, plusDays, wallTimeAt, type WallDate } from './zoned-time.ts';

/** "tomorrow at half past eight", "in twenty minutes", "at noon" */
export function oneTime(all: Said): WhenReading | null {
  const { find, others, times, zone, now, words } = all;
  if (others.some((is) => is !== 'in' && is !== 'day')) return null;
  const span = find('in');
  const day = find('day')?.day;
  if (span !== undefined) {
    if (others.length > 1 || times.length > 0 || all.part !== null) return null;
    return once(now + span.ms, zone, []);
  }
  if (day === 'past') return question('That day is past. When instead?');
  const [time, ...more] = times;
  if (time === undefined)
    return day === undefined && all.part === null
      ? null
      : question(
          `At what time ${words}?`,
          `${words} at ${all.part === null || all.part === 'morning' ? 'nine' : 'eight'}`,
        );
  if (more.length > 0) return question('One time, please: a schedule that runs once has one.');
  return day === undefined ? nextTime(time, all) : onDay(day, time, all);
}

function onDay(day: WallDate, time: SaidTime, all: Said): WhenReading {
  const at = instantOf(day, time, all.zone);
  if (typeof at !== 'object') return missing(time);
  if (at.instant <= all.now) {
    const later = time.bare && time.hour < 12 ? instantOf(day, half(time), all.zone) : null;
    const instead =
      later !== null && typeof later === 'object' && later.instant > all.now
        ? [all.words.replace(/\bat .*/, `at ${clock(half(time))}`)]
        : [];
    return question(`${clock(time)} on that day is past. When instead?`, ...instead);
  }
  return once(at.instant, all.zone, [...at.notes, ...bareNote(time)]);
}

/** A time alone: its next coming, unless the other half of the day comes first and may be meant. */
function nextTime(time: SaidTime, all: Said): WhenReading {
  const today = wallTimeAt(all.now, all.zone);
  const at = instantOf(today, time, all.zone);
  if (at !== 'missing' && at.instant > all.now)
    return once(at.instant, all.zone, [...at.notes, ...bareNote(time)]);
  const other = time.bare ? instantOf(today, half(time), all.zone) : 'missing';
  if (other !== 'missing' && other.instant > all.now)
    return question(
      `${clock(time)} today is past. Do you mean ${clock(half(time))} today, or ${clock(time)} tomorrow?`,
      `today at ${clock(half(time))}`,
      `tomorrow at ${clock(time)}`,
    );
  const tomorrow = instantOf(plusDays(today, 1), time, all.zone);
  if (tomorrow === 'missing') return missing(time);
  const note =
    time.hour === 0 && time.minute === 0
      ? []
      : [`${clock(time)} today is past, so it is tomorrow.`];
  return once(tomorrow.instant, all.zone, [...note, ...tomorrow.notes, ...bareNote(time)]);
}

const half = (time: SaidTime): SaidTime => ({ ...time, hour: (time.hour + 12) % 24, bare: false });

function instantOf(
  day: WallDate,
  time: SaidTime,
  zone: string,
): { readonly instant: number; readonly notes: readonly string[] } | 'missing' {
  const { hour, minute } = time;
  const [first, second] = instantsOf(
    { year: day.year, month: day.month, day: day.day, hour, minute },
    zone,
  );
  if (first === undefined) return 'missing';
  const twice = `${clock(time)} comes twice on that day, since the clocks go back; the first is meant.`;
  return { instant: first, notes: second === undefined ? [] : [twice] };
}

const missing = (time: SaidTime): WhenReading =>
  question(`There is no ${clock(time)} on that day: the clocks go forward over it. When instead?`);

const once = (instant: number, zone: string, notes: readonly string[]): WhenReading => ({
  kind: 'when',
  trigger: { kind: 'once', at: new Date(instant).toISOString() },
  zone,
  notes,
});
