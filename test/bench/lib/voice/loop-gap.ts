import { performance } from 'node:perf_hooks';

const EVERY_MS = 5;

/** Watches this thread's event loop; `stop` gives the longest time it stood still, in ms. */
export function watchLoop(): { stop(): number } {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - EVERY_MS);
    last = now;
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

/** What the machine gives right now: a million square roots, in ms. */
export function busyMs(): number {
  const began = performance.now();
  let sum = 0;
  for (let n = 0; n < 1_000_000; n += 1) sum += Math.sqrt(n);
  return sum > 0 ? performance.now() - began : 0;
}
