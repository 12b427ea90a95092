import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { VirtualClock, VirtualMachine } from '../../../test/fakes/virtual-time.ts';
import { WakeUp } from './wake-up.ts';

describe('waking when a key is silent', () => {
  const world = () => {
    const machine = new VirtualMachine();
    const clock = new VirtualClock(machine);
    const wake = new WakeUp({ now: clock.monotonic, timer: clock.timer });
    const start = machine.uptime();
    const woken: number[] = [];
    const set = (ms: number | null): void =>
      wake.at(ms === null ? null : start + ms, () => woken.push(machine.uptime() - start));
    const passed = (ms: number): void => {
      machine.advanceTo(start + ms);
      clock.fire();
    };
    return { set, passed, woken, clock };
  };

  it('happens when it is due', () => {
    const { set, passed, woken } = world();
    set(150);
    passed(149);
    passed(150);
    assert.deepEqual(woken, [150]);
  });

  it('[V-77] after a pause of the process waits for what was sent meanwhile', () => {
    const { set, passed, woken } = world();
    set(150);
    // Nothing ran for a third of a second; the repeats of the key are still in the socket.
    passed(350);
    assert.deepEqual(woken, []);
    set(500);
    passed(499);
    assert.deepEqual(woken, []);
    passed(500);
    assert.deepEqual(woken, [500]);
  });

  it('after a pause in which the key was let go wakes a moment later', () => {
    const { set, passed, woken } = world();
    set(150);
    passed(350);
    passed(500);
    assert.deepEqual(woken, [500]);
  });

  it('does not happen when nothing is timed any more', () => {
    const { set, passed, woken, clock } = world();
    set(150);
    set(null);
    passed(1_000);
    assert.deepEqual([woken, clock.next], [[], Infinity]);
  });
});
