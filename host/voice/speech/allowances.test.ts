import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HobError } from '#host/kernel/errors.ts';
import { VirtualClock, VirtualMachine } from '../../../test/fakes/virtual-time.ts';
import { SpeechAllowances } from './allowances.ts';

describe('speech allowances', () => {
  it('[V-44] tells an agent that talks too much when it may talk again, and lets others speak', () => {
    const machine = new VirtualMachine();
    const allowances = new SpeechAllowances(new VirtualClock(machine));
    for (let n = 0; n < 4; n += 1) allowances.spend('codex', 150);
    assert.throws(
      () => allowances.spend('codex', 150),
      (failure) =>
        failure instanceof HobError &&
        failure.code === 'too_many_requests' &&
        failure.retryAfterMs === 100_000,
    );
    allowances.spend('claude', 150);
    machine.advanceTo(machine.uptime() + 100_000);
    allowances.spend('codex', 150);
    assert.throws(() => allowances.spend('codex', 15), HobError);
  });
});
