import { spokenNumber } from '../numbers.ts';
import { oneTime } from './one-time.ts';
import { piecesAt, type Piece } from './pieces.ts';
import { question, type Moment, type PieceOf, type Said, type WhenReading } from './reading.ts';
import { recurring } from './recurring.ts';
import { isHalfHour, inPart } from './time-of-day.ts';
import { wallTimeAt, type WallTime } from './zoned-time.ts';

const LONGEST = 24;

/** Null when not every one of these words says when. */
export function readWhen(words: readonly string[], moment: Moment): WhenReading | null {
  if (words.length === 0 || words.length > LONGEST) return null;
  const half = words.findIndex((_word, at) => isHalfHour(words.slice(at)));
  const today = wallTimeAt(moment.now, moment.zone);
  const readings = piecesOf(words, today).map((pieces) => meaningOf(pieces, words, moment));
  const understood = readings.filter((reading) => reading !== null);
  const best = understood.find(({ kind }) => kind === 'when') ?? understood[0];
  if (best !== undefined) return best;
  return half === -1 ? null : whichHalf(words, half, moment);
}

/** "At half eight" means 08:30 to some and 07:30 to others. */
function whichHalf(words: readonly string[], at: number, moment: Moment): WhenReading | null {
  const past = words.toSpliced(at + 1, 0, 'past');
  const hour = spokenNumber([words[at + 1] ?? '']) ?? 0;
  const before = past.with(at + 2, String(hour === 1 ? 12 : hour - 1));
  return readWhen(past, moment) === null
    ? null
    : question(
        `"${words.slice(at, at + 2).join(' ')}" is half past to some and half before to others. Which?`,
        past.join(' '),
        before.join(' '),
      );
}

/** Every way to read all words as pieces, each kind at most once. */
function piecesOf(
  words: readonly string[],
  today: WallTime,
  used: ReadonlySet<Piece['is']> = new Set(),
): readonly (readonly Piece[])[] {
  if (words.length === 0) return [[]];
  return piecesAt(words, today)
    .filter(({ value }) => !used.has(value.is))
    .flatMap(({ value, taken }) =>
      piecesOf(words.slice(taken), today, new Set(used).add(value.is)).map((rest) => [
        value,
        ...rest,
      ]),
    );
}

function meaningOf(
  pieces: readonly Piece[],
  words: readonly string[],
  moment: Moment,
): WhenReading | null {
  const kinds = pieces.map(({ is }) => is);
  const find = <K extends Piece['is']>(is: K): PieceOf<K> | undefined =>
    pieces.find((piece): piece is PieceOf<K> => piece.is === is);
  const zone = find('zone')?.zone ?? moment.zone;
  const part = find('part')?.part;
  const said = find('times')?.times.map((time) => (part === undefined ? time : inPart(time, part)));
  if (said?.some((time) => time === null) === true)
    return question(`What is said does not fit: that hour is not in the ${part ?? 'day'}.`);
  const times = said?.filter((time) => time !== null) ?? [];
  const others = kinds.filter((is) => is !== 'zone' && is !== 'part' && is !== 'times');
  const all: Said = {
    find,
    others,
    times,
    part: part ?? null,
    words: words.join(' '),
    zone,
    now: moment.now,
  };
  return isRepeating(others) ? recurring(all) : oneTime(all);
}

/** A weekday alone is a date. */
const isRepeating = (kinds: readonly Piece['is'][]): boolean =>
  kinds.some((is) => repeating.has(is));

const repeating: ReadonlySet<Piece['is']> = new Set([
  'every',
  'days',
  'month_days',
  'nth_day',
  'between',
  'on_the_hour',
]);
