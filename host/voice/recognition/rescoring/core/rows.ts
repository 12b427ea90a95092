/** What the model says of what comes next after one hypothesis. */
export interface Row {
  /** Log-probability of a piece. */
  of(piece: number): number;
  /** The likeliest piece, or the likeliest but one that is not meant. */
  best(but?: number): number;
}

/** Logits, row after row, as log-probabilities. */
export function rowsOf(logits: Float32Array, size: number): Row[] {
  return Array.from({ length: logits.length / size }, (_, at) => {
    const row = logits.subarray(at * size, (at + 1) * size);
    const likeliest = bestOf(row, -1);
    const most = row[likeliest] ?? 0;
    let sum = 0;
    for (let piece = 0; piece < size; piece += 1) sum += Math.exp((row[piece] ?? 0) - most);
    const norm = most + Math.log(sum);
    return {
      of: (piece) => (row[piece] ?? -Infinity) - norm,
      best: (but) => (but === likeliest ? bestOf(row, but) : likeliest),
    };
  });
}

function bestOf(row: Float32Array, but: number): number {
  let best = -1;
  let most = -Infinity;
  for (let piece = 0; piece < row.length; piece += 1) {
    const value = row[piece] ?? -Infinity;
    if (value <= most || piece === but) continue;
    most = value;
    best = piece;
  }
  return best;
}

export const sumOfLogs = (a: number, b: number): number =>
  Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
