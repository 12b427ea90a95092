import { spokenNumber } from '../numbers.ts';
import { readDay } from './dates.ts';
import { readTime, type DayPart, type Read, type SaidTime } from './time-of-day.ts';
import { ordinal, weekdayOf, weekendDays, workdays } from './weekdays.ts';
import { zoneNamed, type WallDate, type WallTime } from './zoned-time.ts';

/** One thing that a sentence says about when. */
export type Piece =
  | { readonly is: 'every'; readonly unit: Unit; readonly count: number }
  | { readonly is: 'days'; readonly days: readonly number[] }
  /** "on monday": a date by itself, each week with "every week". */
  | { readonly is: 'weekday'; readonly day: number }
  | { readonly is: 'month_days'; readonly days: readonly (number | 'last')[] }
  | { readonly is: 'nth_day'; readonly nth: number | 'last'; readonly day: number }
  | { readonly is: 'times'; readonly times: readonly SaidTime[] }
  | { readonly is: 'part'; readonly part: DayPart }
  | { readonly is: 'between'; readonly from: SaidTime; readonly to: SaidTime }
  | { readonly is: 'on_the_hour' }
  | { readonly is: 'in'; readonly ms: number }
  | { readonly is: 'day'; readonly day: WallDate | 'past' }
  | { readonly is: 'zone'; readonly zone: string };

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month';

type Words = readonly string[];
type Reader = (words: Words, today: WallTime) => Read<Piece> | null;

/** All that can stand at the front of these words, the longest reading of each kind. */
export function piecesAt(words: Words, today: WallTime): readonly Read<Piece>[] {
  return readers.flatMap((read) => {
    const found = read(words, today);
    return found === null ? [] : [found];
  });
}

const value = (piece: Piece, taken: number): Read<Piece> => ({ value: piece, taken });
const startsWith = (words: Words, run: string): boolean =>
  run.split(' ').every((word, at) => words[at] === word);

/** The first of these runs of words that stands at the front, with what it means. */
function firstOf(words: Words, table: readonly (readonly [string, Piece])[]): Read<Piece> | null {
  const found = table.find(([run]) => startsWith(words, run));
  return found === undefined ? null : value(found[1], found[0].split(' ').length);
}

const units = new Map<string, Unit>([
  ['minute', 'minute'],
  ['minutes', 'minute'],
  ['min', 'minute'],
  ['mins', 'minute'],
  ['hour', 'hour'],
  ['hours', 'hour'],
  ['day', 'day'],
  ['days', 'day'],
  ['week', 'week'],
  ['weeks', 'week'],
  ['month', 'month'],
  ['months', 'month'],
]);
const unitMs = { minute: 60_000, hour: 3_600_000 } as const;

const wordsForEvery: readonly (readonly [string, Piece])[] = [
  ['every half hour', { is: 'every', unit: 'minute', count: 30 }],
  ['every half an hour', { is: 'every', unit: 'minute', count: 30 }],
  ['every quarter of an hour', { is: 'every', unit: 'minute', count: 15 }],
  ['every other day', { is: 'every', unit: 'day', count: 2 }],
  ['every other week', { is: 'every', unit: 'week', count: 2 }],
  ['hourly', { is: 'every', unit: 'hour', count: 1 }],
  ['daily', { is: 'every', unit: 'day', count: 1 }],
  ['weekly', { is: 'every', unit: 'week', count: 1 }],
  ['monthly', { is: 'every', unit: 'month', count: 1 }],
];

const every: Reader = (words) => {
  const known = firstOf(words, wordsForEvery);
  if (known !== null) return known;
  if (words[0] !== 'every' && words[0] !== 'each') return null;
  for (const numbers of [3, 2, 1, 0]) {
    const count = numbers === 0 ? 1 : spokenNumber(words.slice(1, 1 + numbers));
    const unit = units.get(words[1 + numbers] ?? '');
    if (count !== null && count > 0 && unit !== undefined)
      return value({ is: 'every', unit, count }, 2 + numbers);
  }
  return null;
};

const dayParts: readonly DayPart[] = ['morning', 'afternoon', 'evening', 'night'];

/** "morning" of "every weekday morning", "in the evening", "this afternoon" */
const part: Reader = (words) => {
  const from = startsWith(words, 'in the') ? 2 : words[0] === 'this' ? 1 : 0;
  const found = dayParts.find((name) => words[from] === name || words[from] === `${name}s`);
  return found === undefined ? null : value({ is: 'part', part: found }, from + 1);
};

/** The "every" of "every morning": every day, in that part of it. */
const everyPart: Reader = (words) =>
  (words[0] === 'every' || words[0] === 'each') && dayParts.some((name) => words[1] === name)
    ? value({ is: 'every', unit: 'day', count: 1 }, 1)
    : null;

/** "every weekday", "on mondays", "every monday and thursday", "at the weekend", "mondays, wednesdays and fridays" */
const days: Reader = (words) => {
  const opening = /^(?:every|each|on)$/.test(words[0] ?? '') ? 1 : 0;
  const isEvery = words[0] === 'every' || words[0] === 'each';
  const group = new Map<string, readonly number[]>([
    ['weekday', workdays],
    ['weekdays', workdays],
    ['workday', workdays],
    ['workdays', workdays],
    ['weekend', weekendDays],
    ['weekends', weekendDays],
  ]).get(words[opening] === 'working' ? 'workday' : (words[opening] ?? ''));
  const isPlural = (words[opening] ?? '').endsWith('s');
  if (group !== undefined && (isEvery || isPlural))
    return value({ is: 'days', days: group }, opening + (words[opening] === 'working' ? 2 : 1));
  const { found, taken } = listOf(words.slice(opening), (word) => weekdayOf(word[0] ?? ''), 1);
  const plural = (words[opening] ?? '').endsWith('days');
  return found.length > 0 && (isEvery || plural)
    ? value({ is: 'days', days: [...new Set(found)].toSorted((a, b) => a - b) }, opening + taken)
    : null;
};

const weekday: Reader = (words) => {
  const found = words[0] === 'on' ? weekdayOf(words[1] ?? '') : null;
  return found === null ? null : value({ is: 'weekday', day: found }, 2);
};

/** "on the first of every month", "on the 1st and 15th of the month", "on the last day of every month" */
const monthDays: Reader = (words) => {
  const start =
    ['on the', 'every', 'each', 'the', 'on'].find((run) => startsWith(words, run)) ?? '';
  const from = start === '' ? 0 : start.split(' ').length;
  const rest = words.slice(from);
  const nth = nthDay(rest);
  if (nth !== null) return value(nth.value, from + nth.taken);
  const last = startsWith(rest, 'last day') ? 2 : 0;
  const list = listOf(rest, ordinal, 2);
  const found: readonly (number | 'last')[] = last > 0 ? ['last'] : list.found;
  const taken = last > 0 ? last : list.taken + (rest[list.taken] === 'day' ? 1 : 0);
  const month = ofMonth(rest.slice(taken));
  return found.length === 0 || month === null
    ? null
    : value({ is: 'month_days', days: found }, from + taken + month);
};

/** "first monday of every month" */
function nthDay(words: Words): Read<Piece> | null {
  const nth = words[0] === 'last' ? 'last' : ordinal(words.slice(0, 1));
  const day = weekdayOf(words[1] ?? '');
  const month = ofMonth(words.slice(2));
  return nth === null || day === null || month === null || (nth !== 'last' && nth > 5)
    ? null
    : value({ is: 'nth_day', nth, day }, 2 + month);
}

const ofMonth = (words: Words): number | null => {
  const runs = ['of every month', 'of each month', 'of the month', 'every month', 'each month'];
  const found = runs.find((run) => startsWith(words, run));
  return found === undefined ? null : found.split(' ').length;
};

/** "a", "a and b", "a, b and c", each item of at most `longest` words. */
function listOf<T>(
  words: Words,
  item: (words: Words) => T | null,
  longest: number,
): { found: T[]; taken: number } {
  const found: T[] = [];
  let taken = 0;
  for (;;) {
    let at = taken;
    while (found.length > 0 && ['and', 'on', 'the'].includes(words[at] ?? '')) at += 1;
    const size = [longest, 1].find((one) => item(words.slice(at, at + one)) !== null);
    const next = size === undefined ? null : item(words.slice(at, at + size));
    if (size === undefined || next === null) return { found, taken };
    found.push(next);
    taken = at + size;
  }
}

/** "at nine", "at nine and half past five", "noon", "at 17:30" */
const times: Reader = (words) => {
  const isNamed = /^(?:noon|midday|midnight)$/.test(words[0] ?? '');
  const isWritten = /^\d{1,2}:\d{2}(?:am|pm)?$|^\d{1,2}[ap]m$/.test(words[0] ?? '');
  const at = words[0] === 'at' ? 1 : 0;
  if (at === 0 && !isNamed && !isWritten) return null;
  const first = readTime(words.slice(at));
  if (first === null) return null;
  const found = [first.value];
  let taken = at + first.taken;
  while (words[taken] === 'and') {
    const from = taken + (words[taken + 1] === 'at' ? 2 : 1);
    const next = readTime(words.slice(from));
    if (next === null) break;
    found.push(next.value);
    taken = from + next.taken;
  }
  return value({ is: 'times', times: found }, taken);
};

/** "between nine and five", "from nine to five", "from 9:00 until 17:00" */
const between: Reader = (words) => {
  const opening = words[0];
  if (opening !== 'between' && opening !== 'from') return null;
  const joins = opening === 'between' ? ['and'] : ['to', 'till', 'until'];
  // "from ten to five" is not ten minutes to five: the word between the two is looked for first.
  for (let at = 2; at < words.length; at += 1) {
    if (!joins.includes(words[at] ?? '')) continue;
    const from = readTime(words.slice(1, at));
    const to = readTime(words.slice(at + 1));
    if (from === null || to === null || from.taken !== at - 1) continue;
    return value({ is: 'between', from: from.value, to: to.value }, at + 1 + to.taken);
  }
  return null;
};

/** "in twenty minutes", "in an hour and a half", "in two hours and ten minutes", "in half an hour" */
const inWhile: Reader = (words) => {
  const known = firstOf(words, [
    ['in half an hour', { is: 'in', ms: 30 * 60_000 }],
    ['in a quarter of an hour', { is: 'in', ms: 15 * 60_000 }],
    ['in an hour and a half', { is: 'in', ms: 90 * 60_000 }],
    ['in a minute', { is: 'in', ms: 60_000 }],
  ]);
  if (known !== null) return known;
  if (words[0] !== 'in') return null;
  let ms = 0;
  let taken = 1;
  for (;;) {
    const from = taken > 1 && words[taken] === 'and' ? taken + 1 : taken;
    const amount = amountAt(words.slice(from));
    if (amount === null) break;
    ms += amount.value;
    taken = from + amount.taken;
  }
  return ms === 0 ? null : value({ is: 'in', ms }, taken);
};

function amountAt(words: Words): Read<number> | null {
  for (const numbers of [4, 3, 2, 1]) {
    const said = words.slice(0, numbers);
    const isOne = numbers === 1 && (said[0] === 'an' || said[0] === 'a' || said[0] === 'one');
    const count = isOne ? 1 : spokenNumber(said);
    const unit = units.get(words[numbers] ?? '');
    if (count !== null && count > 0 && (unit === 'minute' || unit === 'hour'))
      return { value: count * unitMs[unit], taken: numbers + 1 };
  }
  return null;
}

const LONGEST_DAY = 6;
/** "tomorrow", "on friday", "next tuesday", "24 december 2027": the most words that name a day. */
const day: Reader = (words, today) => {
  if (words[0] === 'tonight') return null;
  for (let taken = Math.min(LONGEST_DAY, words.length); taken > 0; taken -= 1) {
    const read = readDay(words.slice(0, taken), today);
    if (read !== null) return value({ is: 'day', day: read }, taken);
  }
  return null;
};

const zone: Reader = (words) => {
  const [first = ''] = words;
  if (first !== 'utc' && !/^[a-z]+\/[a-z_/+-]+$/.test(first)) return null;
  const name = zoneNamed(first);
  return name === null ? null : value({ is: 'zone', zone: name }, words[1] === 'time' ? 2 : 1);
};

const onTheHour: Reader = (words) => firstOf(words, [['on the hour', { is: 'on_the_hour' }]]);

const tonight: Reader = (words) => firstOf(words, [['tonight', { is: 'part', part: 'night' }]]);

const readers: readonly Reader[] = [
  every,
  everyPart,
  part,
  days,
  weekday,
  monthDays,
  times,
  between,
  inWhile,
  onTheHour,
  tonight,
  day,
  zone,
];
