import type { QuietHours } from '#schema/views/task.ts';
import { localTime } from './calendar.ts';

/** Whether a moment lies in the quiet hours, as the clock of the zone shows it. */
export function isQuiet(quiet: QuietHours | null, zone: string, at: number): boolean {
  if (quiet === null) return false;
  const time = localTime(at, zone).slice(-5);
  const { from, to } = quiet;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

const MINUTE = 60_000;

/** When the quiet hours that hold `at` are over: the first minute that is not quiet. */
export function quietUntil(quiet: QuietHours, zone: string, at: number): number {
  let minute = Math.floor(at / MINUTE) * MINUTE;
  // At most a day and the hour that a zone may add to one.
  for (let looked = 0; looked <= 25 * 60 && isQuiet(quiet, zone, minute); looked++)
    minute += MINUTE;
  return Math.max(minute, at);
}
