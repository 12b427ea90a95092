// The one form of every benchmark's result, and how it is printed.

/** One figure. `ok` null: printed for information, no goal, or nothing can be said today. */
export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the machine itself needs for the same, measured in the same loop and unit. */
  readonly floor?: number;
  /** The same by somebody else's means, in the same loop and unit. */
  readonly peer?: number;
  /** In words, e.g. `≤ 2× floor`; empty when there is none. */
  readonly goal: string;
  readonly ok: boolean | null;
}

export interface BenchTable {
  readonly name: string;
  readonly rows: readonly BenchRow[];
  /** The floor itself moved too much (p75 over 3 × p25): no figure of this run proves anything. */
  readonly inconclusive: boolean;
}

/** The value below which the share `p` of the sorted values lies. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * p)] ?? Number.NaN;
}

/** How much a floor moved within one run: p75 over p25. */
export const spreadOf = (floor: readonly number[]): number =>
  quantile(floor, 0.75) / quantile(floor, 0.25);

/** Whether a floor was too restless for ratios to mean anything. */
export const isRestless = (floor: readonly number[]): boolean => spreadOf(floor) > 3;

/** A goal was missed, and the machine was quiet enough to say so. */
export const isMissed = (table: BenchTable): boolean =>
  !table.inconclusive && table.rows.some(({ ok }) => ok === false);

/** The table as text, for people. */
export function printTable({ name, rows, inconclusive }: BenchTable): string {
  const head = ['', 'value', 'unit', 'floor', 'peer', 'goal', ''];
  const lines = rows.map((row) => [
    row.what,
    figure(row.value),
    row.unit,
    row.floor === undefined ? '' : figure(row.floor),
    row.peer === undefined ? '' : figure(row.peer),
    row.goal,
    verdict(row, inconclusive),
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...lines].map((line) => (line[column] ?? '').length)),
  );
  const text = [head, ...lines].map((line) =>
    line
      .map((cell, column) =>
        isNumeric(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const note = inconclusive ? ['inconclusive: the machine was too busy to say anything'] : [];
  return [name, ...text, ...note].join('\n');
}

const isNumeric = (column: number): boolean => column === 1 || column === 3 || column === 4;

function verdict({ ok }: BenchRow, inconclusive: boolean): string {
  if (ok === null) return '';
  if (inconclusive) return '?';
  return ok ? '✓' : '✗ missed';
}

function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : 3);
}
