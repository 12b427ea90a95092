import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Framer } from './framer.ts';

describe('cutting sound into frames', () => {
  it('[V-25] loses no sample and keeps their order, however it comes', () => {
    const frames: number[][] = [];
    const framer = new Framer(4, (frame) => void frames.push([...frame]));
    for (const piece of [[1], [2, 3, 4, 5, 6, 7, 8, 9], [], [10, 11], [12, 13]])
      framer.push(Float32Array.from(piece));
    assert.deepEqual(frames, [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10, 11, 12],
    ]);
  });
});
