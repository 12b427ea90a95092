import type { Clock } from './clock.ts';

/** Longest delay that setTimeout takes; above it fires at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer(ms, run) {
    const handle = setTimeout(run, Math.min(Math.max(0, ms), MAX_TIMEOUT));
    return () => clearTimeout(handle);
  },
};
