import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { spokenNumber } from './numbers.ts';

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** English for a number, written the other way round than the reader. */
function english(n: number): string {
  if (n < 20) return units[n] ?? '';
  if (n < 100)
    return [tens[Math.floor(n / 10) - 2], n % 10 === 0 ? '' : units[n % 10]].join(' ').trim();
  const [size, word] = n < 1_000 ? [100, 'hundred'] : [1_000, 'thousand'];
  const rest = n % size;
  return `${english(Math.floor(n / size))} ${word}${rest === 0 ? '' : ` ${english(rest)}`}`;
}

describe('spokenNumber', () => {
  it('reads every number below a million in words and in digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (n) => {
        assert.equal(spokenNumber(english(n).split(' ')), n);
        assert.equal(spokenNumber([String(n)]), n);
        assert.equal(spokenNumber([n.toLocaleString('en-US')]), n);
      }),
    );
  });

  for (const text of [
    '',
    'many',
    'minus two',
    'one two',
    'twenty eleven',
    'hundred',
    'zero hundred',
    '1,00',
    '3.5',
    '12345678',
    'forty two lines',
    'two hundred hundred',
  ]) {
    it(`does not guess at "${text}"`, () => {
      assert.equal(spokenNumber(text.split(' ').filter((word) => word !== '')), null);
    });
  }
});
