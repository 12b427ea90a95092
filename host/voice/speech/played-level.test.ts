import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { VirtualClock, VirtualMachine } from '../../../test/fakes/virtual-time.ts';
import { PlayedLevel } from './played-level.ts';

const RATE = 1_000;
const tone = (level: number, ms: number): { sampleRate: number; samples: Float32Array } => ({
  sampleRate: RATE,
  samples: new Float32Array(ms).fill(level),
});

describe('the level of what is said', () => {
  const world = () => {
    const machine = new VirtualMachine();
    const clock = new VirtualClock(machine);
    const levels: number[] = [];
    const played = new PlayedLevel(clock, (level) => levels.push(Math.round(level * 100) / 100));
    const began = machine.uptime();
    const until = (ms: number): number[] => {
      while (clock.next <= began + ms) {
        machine.advanceTo(clock.next);
        clock.fire();
      }
      machine.advanceTo(began + ms);
      return levels.splice(0);
    };
    return { played, until, clock };
  };

  it('[V-40] is told every 50 ms when it sounds, not when it is written, and is 0 at its end', () => {
    const { played, until, clock } = world();
    played.written(tone(0.5, 100));
    played.written(tone(0.2, 100));
    assert.deepEqual(until(99), [0.5, 0.5]);
    assert.deepEqual(until(400), [0.2, 0.2, 0]);
    assert.equal(clock.next, Infinity, 'no timer is left');
    played.written(tone(0.3, 50));
    assert.deepEqual(until(1_000), [0.3, 0]);
  });

  it('[V-41] is 0 at once when it is stopped', () => {
    const { played, until, clock } = world();
    played.written(tone(0.5, 1_000));
    until(100);
    played.silent();
    played.silent();
    assert.deepEqual(until(2_000), [0]);
    assert.equal(clock.next, Infinity);
  });
});
