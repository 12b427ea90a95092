import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { atOneLevel } from './level.ts';
import { together } from './together.ts';

const wave = (size: number, length = 3_200): Float32Array =>
  Float32Array.from({ length }, (_, at) => size * Math.sin(at / 5));

describe('a sound that is heard in two ways', () => {
  it('is what both say of each piece, in the mean', async () => {
    const asked: unknown[] = [];
    const saying = (...logits: number[]) => ({
      next: (parents: readonly number[], pieces: readonly number[]) => {
        asked.push([parents, pieces]);
        return Promise.resolve(Float32Array.from(logits));
      },
    });
    const both = together([saying(1, 5), saying(3, 0)]);
    assert.deepEqual([...(await both.next([0], [7]))], [2, 2.5]);
    assert.deepEqual(asked, [
      [[0], [7]],
      [[0], [7]],
    ]);
  });

  it('is as loud whether it was near or far', () => {
    const [near, far] = [atOneLevel(wave(0.5)), atOneLevel(wave(0.005))];
    assert.ok(near.every((sample, at) => Math.abs(sample - (far[at] ?? 0)) < 1e-5));
    assert.ok(Math.max(...near) > 0.1);
  });

  it('stays silence where nothing was said', () => {
    assert.ok(atOneLevel(new Float32Array(640)).every((sample) => sample === 0));
    assert.equal(atOneLevel(new Float32Array()).length, 0);
  });
});
