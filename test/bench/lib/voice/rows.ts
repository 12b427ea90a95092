import type { BenchRow } from '../../table.ts';

export const timeRow = (what: string, value: number, limit?: number): BenchRow => ({
  what,
  value,
  unit: 'ms',
  goal: limit === undefined ? '' : `≤ ${limit}`,
  ok: limit === undefined ? null : value <= limit,
});

/** How many of how many, with the 95 % interval (Wilson). The goal is met where the share itself meets it. */
export function shareRow(
  what: string,
  [hits, all]: readonly [number, number],
  goal?: { atLeast: number } | { atMost: number },
): BenchRow {
  const share = (100 * hits) / Math.max(1, all);
  const [low, high] = interval(hits, all);
  const met = (): boolean =>
    goal === undefined || ('atLeast' in goal ? share >= goal.atLeast : share <= goal.atMost);
  const words =
    goal === undefined ? '' : 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return {
    what: `${what} (${hits}/${all}, 95 %: ${low.toFixed(1)}–${high.toFixed(1)})`,
    value: share,
    unit: '%',
    goal: words,
    ok: goal === undefined ? null : met(),
  };
}

function interval(hits: number, all: number): [number, number] {
  if (all === 0) return [0, 100];
  const z = 1.96;
  const share = hits / all;
  const scale = 1 + (z * z) / all;
  const centre = share + (z * z) / (2 * all);
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all));
  return [
    Math.max(0, (100 * (centre - spread)) / scale),
    Math.min(100, (100 * (centre + spread)) / scale),
  ];
}
