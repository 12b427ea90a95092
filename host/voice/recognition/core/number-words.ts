const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

export const unitWords: readonly string[] = units.slice(1, 10);
export const teenWords: readonly string[] = units.slice(10);
export const tenWords: readonly string[] = tens;

/** A whole number below a million in words: `one hundred twenty`. */
export function inWords(value: number): string {
  if (value < 20) return units[value] ?? '';
  if (value < 100) {
    const ten = tens[Math.floor(value / 10) - 2] ?? '';
    return value % 10 === 0 ? ten : `${ten} ${units[value % 10] ?? ''}`;
  }
  const [size, word] = value < 1_000 ? [100, 'hundred'] : [1_000, 'thousand'];
  const rest = value % size;
  return `${inWords(Math.floor(value / size))} ${word}${rest === 0 ? '' : ` ${inWords(rest)}`}`;
}

/** How a number inside a name is said: `2022` → as a number, in pairs as a year, digit by digit. */
export function numberWays(digits: string): readonly string[] {
  const spelled = digits
    .split('')
    .map((digit) => units[Number(digit)] ?? '')
    .join(' ');
  if (digits.startsWith('0') || digits.length > 6) return [spelled];
  const asNumber = inWords(Number(digits));
  const [, high = '', low = ''] = /^([1-9]\d)([1-9]\d)$/.exec(digits) ?? [];
  const asYear = high === '' ? [] : [`${inWords(Number(high))} ${inWords(Number(low))}`];
  return [...new Set([asNumber, ...asYear, spelled])];
}

/** What the words of a number slot say, `and` included, or its digits. The grammar lets nothing else through. */
export function valueOf(words: readonly string[]): number {
  if (/^\d/.test(words[0] ?? '')) return Number(words.join(''));
  let total = 0;
  let current = 0;
  for (const word of words) {
    if (word === 'hundred') current = Math.max(1, current) * 100;
    else if (word === 'thousand') {
      total += Math.max(1, current) * 1_000;
      current = 0;
    } else if (word === 'a') current += 1;
    else if (tens.includes(word)) current += (tens.indexOf(word) + 2) * 10;
    else current += Math.max(0, units.indexOf(word));
  }
  return total + current;
}
