import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NoiseFilter, type NoiseFilterOptions } from './noise-filter.ts';

const RATE = 16_000;
/** The same pseudo-random noise in every run, −1..1. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2_147_483_648;
  });
}
const tone = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => 0.3 * Math.sin((2 * Math.PI * 440 * at) / RATE));
const power = (samples: Float32Array): number =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
const dbOf = (ratio: number): number => 10 * Math.log10(ratio);

const ways: readonly NoiseFilterOptions[] = [
  { over: 2, floor: 0.05, gain: 'wiener' },
  { over: 1, floor: 0.1, gain: 'log' },
];

for (const options of ways)
  describe(`NoiseFilter, ${options.gain}`, () => {
    it('[V-22] makes steady noise at least 10 dB quieter', () => {
      const input = noise(2 * RATE).map((sample) => 0.05 * sample);
      const out = new NoiseFilter(options).push(input);
      assert.ok(dbOf(power(out.subarray(RATE)) / power(input.subarray(RATE))) < -10);
    });

    it('[V-22] leaves a tone in it within a decibel', () => {
      const sound = tone(2 * RATE);
      // Half a second of the room first.
      const input = noise(2 * RATE).map(
        (sample, at) => 0.01 * sample + (at < RATE / 2 ? 0 : (sound[at] ?? 0)),
      );
      const out = new NoiseFilter(options).push(input);
      const loss = dbOf(power(out.subarray(RATE)) / power(tone(RATE)));
      assert.ok(Math.abs(loss) < 1, `${loss} dB`);
    });

    it('gives the same whatever the pieces are that it is given', () => {
      const input = noise(RATE);
      const whole = new NoiseFilter(options).push(input);
      const filter = new NoiseFilter(options);
      const pieces = [0, 100, 5_000, 5_001, RATE].map((end, at, all) =>
        filter.push(input.subarray(all[at - 1] ?? 0, end)),
      );
      assert.deepEqual(Float32Array.from(pieces.flatMap((piece) => [...piece])), whole);
    });

    it('keeps silence silent', () => {
      const out = new NoiseFilter(options).push(new Float32Array(RATE));
      assert.equal(power(out), 0);
    });
  });
