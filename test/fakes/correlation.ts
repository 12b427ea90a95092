import { SAMPLE_RATE } from '#host/voice/ports.ts';

/** Looks closer only where every sixteenth sample is as alike as this. */
const WORTH_A_LOOK = 0.5;

/** Best normalised correlation, −1..1, of a piece of sound with any place of what was recorded. */
export function bestCorrelation(piece: Float32Array, recorded: Float32Array): number {
  const at = (lag: number, step: number): number => {
    let product = 0;
    let a = 0;
    let b = 0;
    for (let i = 0; i < piece.length; i += step) {
      const x = piece[i] ?? 0;
      const y = recorded[lag + i] ?? 0;
      product += x * y;
      a += x * x;
      b += y * y;
    }
    return a * b === 0 ? 0 : product / Math.sqrt(a * b);
  };
  let best = 0;
  for (let lag = 0; lag < recorded.length - piece.length; lag += 1)
    if (at(lag, 16) > WORTH_A_LOOK) best = Math.max(best, at(lag, 1));
  return best;
}

/** The half second of a sound that is found best in what was recorded: a busy machine tears holes into the rest. */
export function bestOfHalfSeconds(sound: Float32Array, recorded: Float32Array): number {
  const length = SAMPLE_RATE / 2;
  let best = 0;
  for (let from = 0; from + length <= sound.length; from += length)
    best = Math.max(best, bestCorrelation(sound.subarray(from, from + length), recorded));
  return best;
}
