/** Work in many small steps: all of it at once, or ahead of time and a little at a time (`inSlices`). */
export type Steps<T> = Iterator<undefined, T, undefined>;

export function allOf<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
