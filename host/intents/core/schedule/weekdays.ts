/** 0 = Sunday, as in cron. */
const names: readonly (readonly string[])[] = [
  ['sunday', 'sundays', 'sun'],
  ['monday', 'mondays', 'mon'],
  ['tuesday', 'tuesdays', 'tue', 'tues'],
  ['wednesday', 'wednesdays', 'wed'],
  ['thursday', 'thursdays', 'thu', 'thur', 'thurs'],
  ['friday', 'fridays', 'fri'],
  ['saturday', 'saturdays', 'sat'],
];

/** Monday to Friday. */
export const workdays: readonly number[] = [1, 2, 3, 4, 5];
export const weekendDays: readonly number[] = [0, 6];

export const weekdayOf = (word: string): number | null => {
  const at = names.findIndex((forms) => forms.includes(word));
  return at === -1 ? null : at;
};

const ordinals = new Map(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth'
    .split(' ')
    .map((word, at) => [word, at === 20 ? 30 : at + 1]),
);
const tens = new Map([
  ['twenty', 20],
  ['thirty', 30],
]);

/** "first", "1st", "twenty-first", "31st"; null for anything else and for what no month has. */
export function ordinal(words: readonly string[]): number | null {
  const text = words.join(' ');
  const digits = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(text);
  const [ten = '', unit = ''] = text.split(/[ -]/);
  const low = ordinals.get(unit);
  const base = tens.get(ten);
  const value =
    digits !== null
      ? Number(digits[1])
      : base !== undefined && low !== undefined && low < 10
        ? base + low
        : (ordinals.get(text) ?? 0);
  return value >= 1 && value <= 31 ? value : null;
}
