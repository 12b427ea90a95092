import type { Steps } from '#host/kernel/steps.ts';

/** Shorter than anybody notices, and long beside what a turn of the event loop costs. */
const SLICE_MS = 4;

/** The event loop turns every few ms meanwhile. `now`: monotonic ms. */
export async function inSlices<T>(steps: Steps<T>, now: () => number): Promise<T> {
  for (;;) {
    const until = now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
