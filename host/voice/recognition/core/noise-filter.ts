import { Fourier } from './fourier.ts';

const WINDOW = 512;
const HOP = 128;
const BINS = WINDOW / 2 + 1;
/** Overlapping squared windows add up to this. */
const OVERLAP = WINDOW / 2 / HOP;
/** Frames of 8 ms before anybody speaks, whose mean the first estimate of the noise is. */
const FIRST_FRAMES = 12;
/** A bin that is louder than the noise by this factor (6 dB) is speech and teaches nothing about noise. */
const SPEECH = 4;
const TINY = 1e-12;
/** The bin of 4.2 kHz. */
const TELEPHONE_BIN = 134;

export interface NoiseFilterOptions {
  /** How much more than the estimated noise is taken away; 1 is as much. */
  over: number;
  /** Nothing is made quieter than by this factor. */
  floor: number;
  /** `log`: errors count in the logarithm (Ephraim and Malah 1985), which keeps more of weak sounds. */
  gain: 'wiener' | 'log';
}

/**
 * Takes steady noise out of each frequency: a Wiener filter with decision-directed estimate of the signal
 * (Ephraim and Malah 1984). 16 kHz in and out, one window (32 ms) late.
 */
export class NoiseFilter {
  readonly #options: NoiseFilterOptions;
  readonly #fourier = new Fourier(WINDOW);
  readonly #shape = Float64Array.from({ length: WINDOW }, (_, at) =>
    Math.sqrt(0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / WINDOW)),
  );
  readonly #re = new Float64Array(WINDOW);
  readonly #im = new Float64Array(WINDOW);
  readonly #noise = new Float64Array(BINS);
  /** Power of the last frame's signal, as estimated. */
  readonly #signal = new Float64Array(BINS);
  readonly #past = new Float32Array(WINDOW);
  readonly #sum = new Float64Array(WINDOW);
  #rest = new Float32Array(0);
  #frames = 0;
  /** Power of all that came in, below and above what a telephone lets through. */
  readonly #band = { low: TINY, high: 0 };

  constructor(options: NoiseFilterOptions) {
    this.#options = options;
  }

  /** How much of what came in lies above 4 kHz, in dB. Little over a line for telephones, which passes less. */
  get highDb(): number {
    return 10 * Math.log10((this.#band.high + TINY) / this.#band.low);
  }

  /** As many whole hops as there are; the rest waits for the next call. */
  push(samples: Float32Array): Float32Array {
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const hops = Math.floor(all.length / HOP);
    const out = new Float32Array(hops * HOP);
    for (let hop = 0; hop < hops; hop += 1)
      out.set(this.#hop(all.subarray(hop * HOP, (hop + 1) * HOP)), hop * HOP);
    this.#rest = all.slice(hops * HOP);
    return out;
  }

  #hop(samples: Float32Array): Float32Array {
    this.#past.copyWithin(0, HOP);
    this.#past.set(samples, WINDOW - HOP);
    for (let at = 0; at < WINDOW; at += 1)
      this.#re[at] = (this.#past[at] ?? 0) * (this.#shape[at] ?? 0);
    this.#im.fill(0);
    this.#fourier.forward(this.#re, this.#im);
    this.#frames += 1;
    for (let bin = 0; bin < BINS; bin += 1) this.#scale(bin);
    this.#fourier.inverse(this.#re, this.#im);
    for (let at = 0; at < WINDOW; at += 1)
      this.#sum[at] =
        (this.#sum[at] ?? 0) + ((this.#re[at] ?? 0) * (this.#shape[at] ?? 0)) / OVERLAP;
    const out = Float32Array.from(this.#sum.subarray(0, HOP));
    this.#sum.copyWithin(0, HOP);
    this.#sum.fill(0, WINDOW - HOP);
    return out;
  }

  #scale(bin: number): void {
    const power = (this.#re[bin] ?? 0) ** 2 + (this.#im[bin] ?? 0) ** 2;
    this.#band[bin > TELEPHONE_BIN ? 'high' : 'low'] += power;
    this.#learn(bin, power);
    const noise = this.#options.over * (this.#noise[bin] ?? 0) + TINY;
    const now = Math.min(1_000, power / noise);
    const ratio = 0.96 * ((this.#signal[bin] ?? 0) / noise) + 0.04 * Math.max(0, now - 1);
    const wiener = ratio / (1 + ratio);
    const wanted = this.#options.gain === 'wiener' ? wiener : logarithmic(wiener, now);
    const gain = Math.max(this.#options.floor, Math.min(1, wanted));
    this.#signal[bin] = gain * gain * power;
    const mirror = (WINDOW - bin) % WINDOW;
    for (const part of [this.#re, this.#im]) {
      part[bin] = (part[bin] ?? 0) * gain;
      if (mirror !== bin) part[mirror] = (part[mirror] ?? 0) * gain;
    }
  }

  #learn(bin: number, power: number): void {
    const noise = this.#noise[bin] ?? 0;
    const first = this.#frames - WINDOW / HOP + 1;
    // The first windows are half empty.
    if (first < 1) return;
    if (first <= FIRST_FRAMES) this.#noise[bin] = noise + (power - noise) / first;
    else if (power < SPEECH * noise) this.#noise[bin] = 0.95 * noise + 0.05 * power;
    // Noise that grew must be found out some time, in about 16 s.
    else this.#noise[bin] = noise * 1.0005;
  }
}

/** The Wiener gain, for errors in the logarithm of the spectrum. */
function logarithmic(wiener: number, now: number): number {
  const v = Math.max(1e-8, wiener * now);
  return wiener * Math.exp(0.5 * exponentialIntegral(v));
}

const SERIES = [0.999_991_93, -0.249_910_55, 0.055_199_68, -0.009_760_04, 0.001_078_57] as const;

/** E1, to four digits (Abramowitz and Stegun 5.1.53 and 5.1.54). */
function exponentialIntegral(v: number): number {
  if (v >= 1)
    return (
      (Math.exp(-v) / v) *
      ((v * v + 2.334_733 * v + 0.250_621) / (v * v + 3.330_657 * v + 1.681_534))
    );
  const [a, b, c, d, e] = SERIES;
  return -Math.log(v) - 0.577_215_66 + v * (a + v * (b + v * (c + v * (d + v * e))));
}
