const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number): string => String(n).padStart(2, '0');

/** `12:31` in the person's time zone. */
export const clockTime = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;

const dayOf = (at: Date): number =>
  new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** When something happened, as short as it stays clear: `now`, `40 s`, `12 min`, `09:05`, `yesterday 09:05`, `3 Nov`. */
export function relativeTime(iso: string, now: number): string {
  const at = new Date(iso);
  const ago = now - at.getTime();
  if (ago < 10 * SECOND) return 'now';
  if (ago < MINUTE) return `${Math.floor(ago / SECOND)} s ago`;
  if (ago < HOUR) return `${Math.floor(ago / MINUTE)} min ago`;
  const days = Math.round((dayOf(new Date(now)) - dayOf(at)) / DAY);
  if (days === 0) return clockTime(at);
  if (days === 1) return `yesterday ${clockTime(at)}`;
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(at);
  return days < 300 ? date : `${date} ${at.getFullYear()}`;
}

/** For hovering: the exact moment with seconds and date. */
export const absoluteTime = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' }).format(
    new Date(iso),
  );

/** What is left on a clock: `2 h left`, `9 min left`, `45 s left`, `expiring`. */
export function timeLeft(remainingMs: number): string {
  if (remainingMs <= 0) return 'expiring';
  if (remainingMs < MINUTE) return `${Math.ceil(remainingMs / SECOND)} s left`;
  if (remainingMs < 90 * MINUTE) return `${Math.round(remainingMs / MINUTE)} min left`;
  return remainingMs < 2 * DAY
    ? `${Math.round(remainingMs / HOUR)} h left`
    : `${Math.round(remainingMs / DAY)} days left`;
}

/** How long something took: `80 ms`, `3.2 s`, `4 min 05 s`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(ms < 10 * SECOND ? 1 : 0)} s`;
  return `${Math.floor(ms / MINUTE)} min ${two(Math.floor((ms % MINUTE) / SECOND))} s`;
}
