import type { Row } from './evidence.ts';

/** Accepted rightly and wrongly, and looked at twice, of how many, by condition. */
export type Shares = Map<string, [right: number, wrong: number, twice: number, of: number]>;

/** What became of a clip: 0.5 and more is accepted. */
export interface Verdict {
  score: number;
  isRight: boolean;
  twice: boolean;
}

export function shares(rows: readonly Row[], verdictOf: (row: Row) => Verdict): Shares {
  const found: Shares = new Map();
  for (const row of rows) {
    const { score, isRight, twice } = verdictOf(row);
    for (const key of conditions(row)) {
      const share = found.get(key) ?? [0, 0, 0, 0];
      if (score >= 0.5) share[isRight ? 0 : 1] += 1;
      if (twice) share[2] += 1;
      share[3] += 1;
      found.set(key, share);
    }
  }
  return found;
}

function conditions({ isOrder, formant, noise }: Row): string[] {
  const what = isOrder ? (formant ? 'order by formula' : 'order') : 'other';
  if (noise === null) return [`${what}, clean`];
  const where = `${what}, ${noise.snrDb} dB`;
  return [where, `${where}, ${noise.kind}`];
}

/** Each voice with weights that were fitted to the others. */
export function apart<Weights>(
  rows: readonly Row[],
  fit: (some: readonly Row[]) => Weights,
  verdictOf: (row: Row, weights: Weights) => Verdict,
): Shares {
  const all = [...Map.groupBy(rows, ({ voice }) => voice)].map(([voice, some]) => {
    const weights = fit(rows.filter((row) => row.voice !== voice));
    return shares(some, (row) => verdictOf(row, weights));
  });
  const sums: Shares = new Map();
  for (const [key, share] of all.flatMap((one) => [...one])) {
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    for (const at of [0, 1, 2, 3] as const) sum[at] += share[at];
    sums.set(key, sum);
  }
  return sums;
}

export function print(title: string, all: Shares): void {
  const lines = [...all]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(
      ([key, [right, wrong, twice, of]]) =>
        `  ${key}: ${right} right, ${wrong} wrong, ${twice} twice of ${of}`,
    );
  process.stdout.write(`${title}\n${lines.join('\n')}\n`);
}
