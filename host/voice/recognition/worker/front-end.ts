import { NoiseFilter } from '../core/noise-filter.ts';
import type { Denoiser } from './denoiser.ts';

/** What makes speech fit for the recogniser. 16 kHz in and out, some ms late. */
export interface FrontEnd {
  push(samples: Float32Array): Float32Array;
  /** How much of the sound lies above 4 kHz, in dB. */
  readonly highDb: number;
}

/**
 * Highest value of the noise that goes under everything, at −80 dB of full scale. Pauses that are cleaned to nothing are
 * like no recording of a room, and their logarithms would pull the mean of the utterance far down.
 */
const HISS = 1e-4;

/** The acoustic model knows clean speech only, and RNNoise leaves noise that costs it words: a filter takes more. */
export function frontEnd(denoiser: Denoiser): FrontEnd {
  denoiser.reset();
  const filter = new NoiseFilter({ over: 1, floor: 0.1, gain: 'log' });
  // The same in every utterance: what was heard once is heard again.
  let state = 1;
  const hiss = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return HISS * (state / 2 ** 31 - 1);
  };
  return {
    get highDb() {
      return filter.highDb;
    },
    push: (samples) => denoiser.push(filter.push(samples)).map((sample) => sample + hiss()),
  };
}
