import { NoiseFilter } from '../core/noise-filter.ts';
import type { Denoiser } from './denoiser.ts';

/** What makes speech fit for the recogniser. 16 kHz in and out, some ms late. */
export interface FrontEnd {
  push(samples: Float32Array): Float32Array;
}

/**
 * The acoustic model knows clean speech only: noise 35 dB below it already costs it a quarter of the orders.
 * RNNoise leaves that much, so a filter takes more. The other order of the two errs elsewhere, and what one
 * way does not hear the other often does.
 */
export const frontEnds = {
  usual: (denoiser: Denoiser): FrontEnd => {
    denoiser.reset();
    const filter = new NoiseFilter({ over: 1, floor: 0.1, gain: 'log' });
    return { push: (samples) => denoiser.push(filter.push(samples)) };
  },
  other: (denoiser: Denoiser): FrontEnd => {
    denoiser.reset();
    const filter = new NoiseFilter({ over: 2, floor: 0.05, gain: 'wiener' });
    return { push: (samples) => filter.push(denoiser.push(samples)) };
  },
} as const;
