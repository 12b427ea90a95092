import type { Hearing } from '../speech-model.ts';

/**
 * Several ways to hear one utterance as one: of each piece the mean of what they say. As it came in and cleaned, a sound
 * is misheard in different ways.
 */
export function together(hearings: readonly Hearing[]): Hearing {
  return {
    async next(parents, pieces) {
      const all: Float32Array[] = [];
      for (const hearing of hearings) all.push(await hearing.next(parents, pieces));
      const [first = new Float32Array()] = all;
      return first.map((_, at) => all.reduce((sum, row) => sum + (row[at] ?? 0), 0) / all.length);
    },
  };
}
