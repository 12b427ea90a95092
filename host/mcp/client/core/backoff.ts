/** How often a server that ended is started again by itself, and how long it must have lived to count anew. */
export const restartPolicy = {
  tries: 5,
  firstMs: 1_000,
  longestMs: 30_000,
  steadyMs: 60_000,
} as const;

/** How long to wait before the try after `failures` failures in a row; null = not again by itself. */
export const nextTryMs = (failures: number): number | null =>
  failures > restartPolicy.tries
    ? null
    : Math.min(restartPolicy.firstMs * 2 ** (failures - 1), restartPolicy.longestMs);
