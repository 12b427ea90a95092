import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { between, followLevel, loudness, shapes, type OrbMood } from './shape.ts';

describe('the shape of the orb', () => {
  it('every mood differs from every other in more than colour', () => {
    const all = Object.values(shapes).map((shape) => JSON.stringify(shape));
    assert.equal(new Set(all).size, all.length);
  });

  it('a change begins at the one and ends at the other', () => {
    const moods = Object.keys(shapes) as OrbMood[];
    for (const mood of moods) {
      assert.deepEqual(between(shapes.idle, shapes[mood], 0), shapes.idle);
      assert.deepEqual(between(shapes.idle, shapes[mood], 1), shapes[mood]);
    }
  });

  it('a level rises at once and sinks slowly', () => {
    assert.equal(followLevel(0.1, 0.8, 30), 0.8);
    const after = followLevel(0.8, 0, 160);
    assert.ok(after > 0.25 && after < 0.35, String(after));
    assert.equal(followLevel(0.8, 0.79, 10_000), 0.79);
  });

  it('loudness is 0 for silence and 1 for loud speech', () => {
    assert.equal(loudness(0), 0);
    assert.equal(loudness(0.000_1), 0);
    assert.equal(loudness(0.5), 1);
    assert.ok(loudness(0.02) > 0.4 && loudness(0.02) < 0.6, String(loudness(0.02)));
  });
});
