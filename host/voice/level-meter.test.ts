import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { LevelMeter } from './level-meter.ts';
import { FRAME_SAMPLES } from './ports.ts';

const frame = (amplitude: number): Float32Array => new Float32Array(FRAME_SAMPLES).fill(amplitude);

describe('LevelMeter', () => {
  it('[V-66] tells how loud all of it was since it last told, and not one frame of it', () => {
    const told: number[] = [];
    const meter = new LevelMeter({ onLevel: (level) => told.push(level) });
    // A voice is loud for some milliseconds and quiet for some: every second frame here.
    for (let at = 0; at < 70; at += 1) meter.push(frame(at % 2 === 0 ? 0.4 : 0));
    const [, ...later] = told;
    assert.equal(later.length, 9);
    for (const level of later) assert.ok(Math.abs(level - 0.4 / Math.SQRT2) < 0.03, `${level}`);
    assert.ok(Math.abs(meter.loudest - 0.4) < 1e-6);
  });
});
