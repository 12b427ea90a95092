import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Clock } from '#host/kernel/clock.ts';
import { DRAIN_MS, IDLE_MS, Lifecycle, type StopRequest } from './lifecycle.ts';

/** Time that passes only when it is told to. */
class HandClock implements Clock {
  #now = 0;
  #timers = new Set<{ at: number; run: () => void }>();
  now = (): number => this.#now;
  monotonic = (): number => this.#now;
  timer = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers]
        .filter(({ at }) => at <= end)
        .toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = next.at;
      this.#timers.delete(next);
      next.run();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }
}

function started(executing = 0, idleMs: number | null = IDLE_MS) {
  const clock = new HandClock();
  const state = { executing, isNeeded: false, stops: [] as StopRequest[] };
  const lifecycle = new Lifecycle({
    clock,
    idleMs,
    executing: () => state.executing,
    isNeeded: () => state.isNeeded,
    stop: async (request) => {
      state.stops.push(request);
      if (request.drain) await lifecycle.drained();
    },
  });
  lifecycle.running();
  return { clock, state, lifecycle };
}

describe('Lifecycle', () => {
  it('[F-13] ends 30 s after the last client, and not before', async () => {
    const { clock, lifecycle, state } = started();
    await clock.pass(IDLE_MS - 1);
    lifecycle.clients(1);
    await clock.pass(10 * IDLE_MS);
    lifecycle.clients(0);
    await clock.pass(IDLE_MS - 1);
    assert.equal(lifecycle.phase, 'running');
    await clock.pass(1);
    assert.deepEqual(state.stops, [{ drain: true, reason: 'nobody was connected' }]);
    assert.equal(await lifecycle.ended, 'nobody was connected');
    assert.equal(lifecycle.phase, 'stopped');
  });

  it('[F-13] never ends by itself while a run executes', async () => {
    const { clock, lifecycle, state } = started(1);
    await clock.pass(20 * IDLE_MS);
    assert.equal(lifecycle.phase, 'running');
    state.executing = 0;
    await clock.pass(IDLE_MS);
    assert.equal(lifecycle.phase, 'stopped');
  });

  it('[F-13] stays without clients while something is scheduled, and ends 30 s after the last of it', async () => {
    const { clock, lifecycle, state } = started();
    state.isNeeded = true;
    await clock.pass(100 * IDLE_MS);
    assert.equal(lifecycle.phase, 'running');
    state.isNeeded = false;
    await clock.pass(IDLE_MS);
    assert.equal(lifecycle.phase, 'stopped');
  });

  it('[F-13] inside another process it stays until it is asked to stop', async () => {
    const { clock, lifecycle } = started(0, null);
    await clock.pass(100 * IDLE_MS);
    assert.equal(lifecycle.phase, 'running');
  });

  it('[R-39] draining waits for what executes, at most 30 s', async () => {
    const quick = started(1);
    void quick.lifecycle.stop({ drain: true, reason: 'asked' });
    await quick.clock.pass(1_000);
    assert.equal(quick.lifecycle.phase, 'draining');
    quick.state.executing = 0;
    await quick.clock.pass(100);
    assert.equal(quick.lifecycle.phase, 'stopped');

    const slow = started(1);
    void slow.lifecycle.stop({ drain: true, reason: 'asked' });
    await slow.clock.pass(DRAIN_MS - 100);
    assert.equal(slow.lifecycle.phase, 'draining');
    await slow.clock.pass(200);
    assert.equal(slow.lifecycle.phase, 'stopped');
  });

  it('[R-39] a second stop without draining ends the wait, and stops only once', async () => {
    const { clock, lifecycle, state } = started(1);
    const first = lifecycle.stop({ drain: true, reason: 'asked' });
    await clock.pass(1_000);
    const second = lifecycle.stop({ drain: false, reason: 'SIGTERM' });
    assert.deepEqual(await Promise.all([first, second]), ['asked', 'asked']);
    assert.equal(state.stops.length, 1);
  });

  it('tells who waits for the end what failed on the way', async () => {
    const lifecycle = new Lifecycle({
      clock: new HandClock(),
      idleMs: null,
      executing: () => 0,
      stop: () => Promise.reject(new Error('the store does not close')),
    });
    lifecycle.running();
    await assert.rejects(lifecycle.stop({ drain: false, reason: 'asked' }), /does not close/);
    assert.equal(lifecycle.phase, 'stopped');
  });
});
