/**
 * How many single-letter slips (change, insert, drop, swap of neighbours) lie between two words:
 * optimal string alignment. Source: Damerau 1964, in Wagner and Fischer's table.
 */
export function slips(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) row.push(cell({ a, b, i, j, row, above, before }));
    [before, above] = [above, row];
  }
  return above[b.length] ?? 0;
}

interface Cell {
  readonly a: string;
  readonly b: string;
  readonly i: number;
  readonly j: number;
  readonly row: readonly number[];
  readonly above: readonly number[];
  readonly before: readonly number[];
}

function cell({ a, b, i, j, row, above, before }: Cell): number {
  const same = a[i - 1] === b[j - 1] ? 0 : 1;
  const plain = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + same);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(plain, at(before, j - 2) + 1) : plain;
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0;

/** 1 for equal words, 0 for words with nothing in common. */
export function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - slips(a, b) / longest;
}
