import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { nearPart } from './near-part.ts';

const RATE = 16_000;
/** So many seconds at this height. */
const sound = (seconds: number, height: number): number[] =>
  Array.from({ length: seconds * RATE }, (_, at) => height * Math.sin(at));

describe('the part of an utterance in which somebody near speaks', () => {
  it('[V-26] leaves out who talks farther away before and after, and keeps weak beginnings and ends', () => {
    const far = sound(1, 0.02);
    const near = sound(1, 0.2);
    const part = nearPart(Float32Array.from([...far, ...near, ...far]));
    assert.ok(part.length > 1.3 * RATE && part.length < 1.35 * RATE, String(part.length));
    assert.deepEqual([...part.subarray(0.12 * RATE, 1.12 * RATE)], [...Float32Array.from(near)]);
  });

  it('[V-26] keeps a pause within it', () => {
    const words = [...sound(0.5, 0.2), ...sound(0.8, 0), ...sound(0.5, 0.2)];
    assert.equal(nearPart(Float32Array.from(words)).length, words.length);
  });

  it('[V-26] is everything where nothing is louder than the rest', () => {
    for (const samples of [
      new Float32Array(0),
      new Float32Array(RATE),
      Float32Array.from(sound(1, 0.1)),
    ])
      assert.equal(nearPart(samples).length, samples.length);
  });
});
