import * as chrono from 'chrono-node/en';
import { plusDays, type WallDate, type WallTime } from './zoned-time.ts';

/** Every word of what may name a day. The library is asked about nothing else: it is not quick. */
const dayWord =
  /^(?:today|tomorrow|day|after|the|of|on|in|this|next|now|from|days?|weeks?|months?|end|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|wed|sat|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*|\d{1,4}|\d{1,2}(?:st|nd|rd|th)|\d{4}-\d{2}-\d{2})$/;

/**
 * The day that these words name ("tomorrow", "next friday", "24 december", "2026-12-24", "in three
 * weeks"), seen from `today`; `past` for a day that lies behind it. Null when they name no day, or
 * more than a day. chrono-node reads the words; the zone, and what hour it is there, stay ours.
 */
export function readDay(words: readonly string[], today: WallTime): WallDate | 'past' | null {
  const text = words.join(' ').replace(/^on (?:the )?/, '');
  if (text === 'yesterday') return 'past';
  if (/^(?:the )?day after tomorrow$/.test(text)) return plusDays(today, 2);
  if (!text.split(' ').every((word) => dayWord.test(word))) return null;
  // The wall clock as if it were UTC: the library never meets the machine's own zone.
  const instant = new Date(
    Date.UTC(today.year, today.month - 1, today.day, today.hour, today.minute),
  );
  const [found, ...more] = dayReader().parse(text, { instant, timezone: 0 }, { forwardDate: true });
  if (found === undefined || more.length > 0 || found.index !== 0 || found.text !== text)
    return null;
  const { start } = found;
  const namesDay = start.isCertain('day') || start.isCertain('weekday');
  if (found.end !== null && found.end !== undefined) return null;
  if (!namesDay || start.isCertain('hour') || start.isCertain('timezoneOffset')) return null;
  const day = { year: start.get('year'), month: start.get('month'), day: start.get('day') };
  if (day.year === null || day.month === null || day.day === null) return null;
  const date = { year: day.year, month: day.month, day: day.day };
  return compareDays(date, today) < 0 ? 'past' : date;
}

let reader: chrono.Chrono | null = null;

/**
 * The library without its readers of "five days ago" and "five days later": the first is never
 * wanted, the second is said with "in", and their expressions cost 0.1 s to compile (chrono-node 2.10.3).
 */
function dayReader(): chrono.Chrono {
  if (reader !== null) return reader;
  const { parsers, refiners } = chrono.configuration.createCasualConfiguration();
  const reads = (parser: chrono.Parser, text: string): boolean =>
    new chrono.Chrono({ parsers: [parser], refiners: [] }).parse(text).length > 0;
  const wanted = parsers.filter(
    (one) => !reads(one, 'five days ago') && !reads(one, 'five days later'),
  );
  reader = new chrono.Chrono({ parsers: wanted, refiners });
  return reader;
}

/** Below zero when `a` is the earlier day. */
export const compareDays = (a: WallDate, b: WallDate): number =>
  a.year - b.year || a.month - b.month || a.day - b.day;
