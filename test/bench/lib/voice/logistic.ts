export interface Example {
  x: readonly number[];
  y: boolean;
  weight: number;
}

/** Holds weights back a little, where few examples would drive them far. */
const RIDGE = 0.001;
const ROUNDS = 50;

/** Bias and weights of a logistic function, by Newton's method on standardised features. */
export function fitLogistic(examples: readonly Example[]): number[] {
  const width = examples[0]?.x.length ?? 0;
  const columns = Array.from({ length: width }, (_, at) => examples.map(({ x }) => x[at] ?? 0));
  const means = columns.map((column) => average(column));
  const spreads = columns.map(
    (column, at) => Math.sqrt(average(column.map((value) => (value - (means[at] ?? 0)) ** 2))) || 1,
  );
  const inputs = examples.map(({ x }) => [
    1,
    ...x.map((value, at) => (value - (means[at] ?? 0)) / (spreads[at] ?? 1)),
  ]);
  let weights = Array.from({ length: width + 1 }, () => 0);
  for (let round = 0; round < ROUNDS; round += 1) weights = better(weights, inputs, examples);
  const scaled = weights.slice(1).map((weight, at) => weight / (spreads[at] ?? 1));
  const shift = scaled.reduce((sum, weight, at) => sum + weight * (means[at] ?? 0), 0);
  return [(weights[0] ?? 0) - shift, ...scaled];
}

function better(
  weights: readonly number[],
  inputs: readonly (readonly number[])[],
  examples: readonly Example[],
): number[] {
  const size = weights.length;
  const slope = Array.from({ length: size }, (_, at) => (at === 0 ? 0 : -(weights[at] ?? 0)));
  for (let at = 0; at < size; at += 1) slope[at] = (slope[at] ?? 0) * RIDGE * examples.length;
  const bend = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_unused, column) =>
      row === column ? RIDGE * examples.length : 0,
    ),
  );
  for (const [at, { y, weight }] of examples.entries()) {
    const input = inputs[at] ?? [];
    const sum = input.reduce((total, value, n) => total + value * (weights[n] ?? 0), 0);
    const chance = 1 / (1 + Math.exp(-sum));
    for (let row = 0; row < size; row += 1) {
      const value = input[row] ?? 0;
      slope[row] = (slope[row] ?? 0) + weight * (Number(y) - chance) * value;
      const line = bend[row] ?? [];
      for (let column = 0; column < size; column += 1)
        line[column] =
          (line[column] ?? 0) + weight * chance * (1 - chance) * value * (input[column] ?? 0);
    }
  }
  const step = solved(bend, slope);
  return weights.map((value, at) => value + (step[at] ?? 0));
}

/** The step that a matrix, symmetric and positive, turns into `right`: by elimination. */
function solved(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  for (const [at, pivot] of rows.entries())
    for (const [other, row] of rows.entries()) {
      if (other === at) continue;
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let column = at; column < row.length; column += 1)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
