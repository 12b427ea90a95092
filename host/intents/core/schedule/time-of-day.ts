import { spokenNumber } from '../numbers.ts';

/** A time of day as it was said. */
export interface SaidTime {
  /** 0…23, read by the rule for bare hours where nothing else was said. */
  readonly hour: number;
  readonly minute: number;
  /** True when neither am/pm nor a part of the day nor 24-hour writing said which half it is. */
  readonly bare: boolean;
}

/** Something that was read from the front of the words, and how many words it took. */
export interface Read<T> {
  readonly value: T;
  readonly taken: number;
}

export type DayPart = 'morning' | 'afternoon' | 'evening' | 'night';

/** Nobody says "seven" at their desk and means before dawn: 7 to 11 is morning, 12 noon, 1 to 6 afternoon. */
const bareHour = (hour: number): number => (hour >= 1 && hour <= 6 ? hour + 12 : hour);

const named = new Map<string, SaidTime>([
  ['noon', { hour: 12, minute: 0, bare: false }],
  ['midday', { hour: 12, minute: 0, bare: false }],
  ['midnight', { hour: 0, minute: 0, bare: false }],
]);

const parts: readonly (readonly [string, DayPart])[] = [
  ['in the morning', 'morning'],
  ['in the afternoon', 'afternoon'],
  ['in the evening', 'evening'],
  ['at night', 'night'],
];

/** "nine", "half past eight", "9:30", "5 pm", "noon", "seventeen thirty", "quarter to six in the evening". Longest reading first. */
export function readTime(words: readonly string[]): Read<SaidTime> | null {
  const first = named.get(words[0] ?? '');
  if (first !== undefined) return { value: first, taken: 1 };
  const clock = readPast(words) ?? readDigits(words) ?? readSpoken(words);
  return clock === null ? null : withHalf(clock, words.slice(clock.taken));
}

/** "half eight" is 07:30 to some and 08:30 to others. */
export const isHalfHour = (words: readonly string[]): boolean =>
  words[0] === 'half' && hourOf(words[1]) !== null;

/** A time that a part of the day makes certain: "five" in the evening. */
export function inPart(time: SaidTime, part: DayPart): SaidTime | null {
  if (!time.bare) return isIn(time.hour, part) ? time : null;
  const hour = [time.hour % 12, (time.hour % 12) + 12].find((one) => isIn(one, part));
  return hour === undefined ? null : { hour, minute: time.minute, bare: false };
}

const isIn = (hour: number, part: DayPart): boolean =>
  ({
    morning: hour < 12,
    afternoon: hour >= 12 && hour < 19,
    evening: hour >= 16,
    night: hour >= 18 || hour < 6,
  })[part];

type Clock = Read<{ readonly hour: number; readonly minute: number; readonly certain: boolean }>;

/** "half past eight", "quarter to six", "ten past nine", "twenty five minutes to four" */
function readPast(words: readonly string[]): Clock | null {
  const at = words.findIndex((word) => word === 'past' || word === 'to');
  const hour = hourOf(words[at + 1]);
  if (at < 1 || at > 3 || hour === null || hour > 12 || hour === 0) return null;
  const amount = words.slice(words[0] === 'a' ? 1 : 0, at);
  const minutes = minutesOf(amount);
  if (minutes === null) return null;
  const total = words[at] === 'past' ? hour * 60 + minutes : hour * 60 - minutes;
  return {
    value: { hour: Math.floor(total / 60) || 12, minute: total % 60, certain: false },
    taken: at + 2,
  };
}

function minutesOf(words: readonly string[]): number | null {
  const [only] = words;
  if (words.length === 1 && only === 'half') return 30;
  if (words.length === 1 && only === 'quarter') return 15;
  const bare = words.at(-1) === 'minutes' ? words.slice(0, -1) : words;
  const minutes = spokenNumber(bare);
  return minutes !== null && minutes > 0 && minutes < 60 ? minutes : null;
}

/** "9:30", "09:00", "17", "5pm", "5:30pm" */
function readDigits([first = '']: readonly string[]): Clock | null {
  const found = /^(\d{1,2})(?::(\d{2}))?(am|pm|a\.m|p\.m)?$/.exec(first);
  if (found === null) return null;
  const [, hours = '', minutes, half] = found;
  const hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if (hour > 23 || minute > 59) return null;
  if (half !== undefined)
    return hour < 1 || hour > 12
      ? null
      : { value: { hour: halfOf(hour, half), minute, certain: true }, taken: 1 };
  const certain = minutes !== undefined || hour > 12 || hour === 0 || hours.startsWith('0');
  return { value: { hour, minute, certain }, taken: 1 };
}

const halfOf = (hour: number, half: string): number =>
  (hour % 12) + (half.startsWith('p') ? 12 : 0);

/** "nine", "nine thirty", "seventeen fifteen", "eight oh five", "nine o'clock" */
function readSpoken(words: readonly string[]): Clock | null {
  const hour = hourOf(words[0]);
  if (hour === null) return null;
  for (const taken of [3, 2]) {
    const minute = spokenMinute(words.slice(1, taken));
    if (words.length >= taken && minute !== null)
      return { value: { hour, minute, certain: hour > 12 }, taken };
  }
  const isOclock = words[1] === "o'clock" || words[1] === 'oclock';
  return {
    value: { hour, minute: 0, certain: hour > 12 },
    taken: isOclock ? 2 : 1,
  };
}

function spokenMinute(words: readonly string[]): number | null {
  const isShort = words[0] === 'oh' || words[0] === 'o';
  const minute = spokenNumber(isShort ? words.slice(1) : words);
  if (minute === null || /\d/.test(words.join(''))) return null;
  return isShort
    ? minute > 0 && minute < 10
      ? minute
      : null
    : minute >= 10 && minute < 60
      ? minute
      : null;
}

/** An hour said as one word. */
function hourOf(word: string | undefined): number | null {
  const hour = word === undefined ? null : spokenNumber([word]);
  return hour !== null && hour > 0 && hour < 24 ? hour : null;
}

/** What follows a clock time and says which half of the day it is. */
function withHalf(clock: Clock, rest: readonly string[]): Read<SaidTime> | null {
  const { hour, minute, certain } = clock.value;
  const half = /^(?:am|pm|a\.m|p\.m)$/.exec(rest[0] ?? '')?.[0];
  if (half !== undefined)
    return hour < 1 || hour > 12
      ? null
      : { value: { hour: halfOf(hour, half), minute, bare: false }, taken: clock.taken + 1 };
  const part = parts.find(([said]) => rest.slice(0, said.split(' ').length).join(' ') === said);
  if (part === undefined) {
    const time = { hour: certain ? hour : bareHour(hour), minute, bare: !certain };
    return { value: time, taken: clock.taken };
  }
  const inside = inPart({ hour, minute, bare: hour >= 1 && hour <= 12 }, part[1]);
  return inside === null ? null : { value: inside, taken: clock.taken + part[0].split(' ').length };
}
