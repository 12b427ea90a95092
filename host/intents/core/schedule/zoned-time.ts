/*
 * Wall-clock time in a zone and the instant it stands for, both ways. Twice a year there is a time
 * that does not exist and one that comes twice; whoever asks for an instant is told so.
 */

export interface WallDate {
  readonly year: number;
  /** 1…12 */
  readonly month: number;
  readonly day: number;
}

export interface WallTime extends WallDate {
  readonly hour: number;
  readonly minute: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The zone's true name ("Europe/Berlin", "UTC"), or null when there is none of this name. */
export function zoneNamed(name: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** What a clock on the wall shows at this instant (epoch ms). Throws RangeError for an unknown zone. */
export function wallTimeAt(instant: number, zone: string): WallTime {
  const parts = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string): number =>
    Number(parts.find((one) => one.type === type)?.value ?? Number.NaN);
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

/** The instants (epoch ms, ascending) at which a clock in this zone shows this: none, one, or two. */
export function instantsOf(wall: WallTime, zone: string): readonly number[] {
  const asUtc = utcOf(wall);
  const offsets = [asUtc - DAY, asUtc + DAY].map(
    (near) => utcOf(wallTimeAt(near, zone)) - Math.floor(near / MINUTE) * MINUTE,
  );
  return [...new Set(offsets)]
    .map((offset) => asUtc - offset)
    .filter((instant) => utcOf(wallTimeAt(instant, zone)) === asUtc)
    .toSorted((a, b) => a - b);
}

/** Days later or earlier on the calendar. */
export function plusDays({ year, month, day }: WallDate, days: number): WallDate {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return {
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}

const utcOf = ({ year, month, day, hour, minute }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute);
