import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import { HobError } from '#host/kernel/errors.ts';
import { LeaseKeeper } from '#host/kernel/lease-keeper.ts';
import { LEASE_TIMES, type LeaseState } from '#host/kernel/lease.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { pass, settle, VirtualClock, VirtualMachine } from '../../test/fakes/virtual-time.ts';
import { openMemoryStore } from './adapters/memory/store.ts';
import { fenceOf, leaseIn, leaseInStore } from './lease-port.ts';
import type { EventStore } from './ports.ts';

const actor: Principal = {
  kind: 'service',
  id: 'host',
  display: 'Hob',
  role: 'engine',
  proven: true,
};
const { heartbeatMs, ttlMs } = LEASE_TIMES;
const hasCode = (code: string) => (thrown: unknown) =>
  thrown instanceof HobError && thrown.code === code;

/** Several processes on one store, as they would be on one data directory. */
class Processes {
  readonly machine = new VirtualMachine();
  readonly clocks: VirtualClock[] = [];
  readonly store: EventStore;

  constructor() {
    const clock = new VirtualClock(this.machine);
    this.store = openMemoryStore({
      clock,
      ids: systemIds(),
      projections: [],
      knownSecrets: () => [],
      log: silentLog,
    });
  }

  add(instance_id: string) {
    const clock = new VirtualClock(this.machine);
    this.clocks.push(clock);
    const keeper = new LeaseKeeper({
      port: leaseInStore(this.store, 'scheduler', actor),
      owner: {
        instance_id,
        pid: this.clocks.length,
        process_start: null,
        started_at: new Date(this.machine.wall()).toISOString(),
      },
      clock,
      machine: this.machine,
      log: silentLog,
    });
    const states: LeaseState[] = [];
    keeper.onState((state) => states.push(state));
    return { clock, keeper, states, fence: fenceOf(keeper, 'scheduler') };
  }

  pass = (ms: number): Promise<void> => pass(this.machine, this.clocks, ms);

  async acquired(): Promise<[string, number, string][]> {
    const events = await this.store.query({ event_type: ['lease.acquired'], limit: 100 });
    return events.map(({ data }) => [
      String(data?.['instance_id']),
      Number(data?.['fencing']),
      String(data?.['after']),
    ]);
  }
}

describe('the lease', () => {
  let all: Processes;
  beforeEach(() => {
    all = new Processes();
  });
  afterEach(() => all.store.close());

  it('[F-70] [F-72] [F-73] [F-78] is taken when nobody has it, kept by a heartbeat every 5 s, and says whose it is', async () => {
    const a = all.add('a');
    await a.keeper.start();
    assert.deepEqual(a.states, ['candidate', 'leader']);
    const first = a.keeper.record;
    await all.pass(heartbeatMs - 1);
    assert.equal(a.keeper.record, first);
    await all.pass(1);
    const second = a.keeper.record;
    assert.deepEqual(
      [second?.instance_id, second?.pid, second?.fencing, second?.boot_id],
      ['a', 1, 1, 'boot-1'],
    );
    assert.equal(
      Date.parse(second?.lease_expires_at ?? '') - Date.parse(second?.heartbeat_at ?? ''),
      ttlMs,
    );
    assert.equal(
      Date.parse(second?.heartbeat_at ?? '') - Date.parse(first?.heartbeat_at ?? ''),
      heartbeatMs,
    );
    await all.pass(600_000);
    assert.equal(a.keeper.state, 'leader');
    assert.deepEqual(await all.acquired(), [['a', 1, 'none']], 'heartbeats are no events');
  });

  it('[F-74] [F-75] [F-76] [F-77] is taken over after its end, not before, under the next number', async () => {
    const a = all.add('a');
    const b = all.add('b');
    await a.keeper.start();
    await b.keeper.start();
    assert.equal(b.keeper.state, 'follower');
    b.states.length = 0;
    a.clock.drop();
    await all.pass(ttlMs - 1);
    assert.deepEqual([b.keeper.state, b.states], ['follower', []]);
    await all.pass(2);
    assert.deepEqual(b.states, ['candidate', 'leader']);
    assert.deepEqual(await all.acquired(), [
      ['a', 1, 'none'],
      ['b', 2, 'expired'],
    ]);
  });

  it('[F-75] need not be waited for when it was given back, or is of an earlier boot', async () => {
    const a = all.add('a');
    await a.keeper.start();
    await a.keeper.stop();
    assert.equal(a.keeper.state, 'follower');
    const b = all.add('b');
    await b.keeper.start();
    assert.equal(b.keeper.state, 'leader');
    b.clock.drop();
    all.machine.reboot();
    const c = all.add('c');
    await c.keeper.start();
    assert.deepEqual((await all.acquired()).slice(1), [
      ['b', 2, 'released'],
      ['c', 3, 'rebooted'],
    ]);
  });

  it('[F-101] a paused leader is none when it wakes, and what it would write is refused', async () => {
    const a = all.add('a');
    const b = all.add('b');
    await a.keeper.start();
    await b.keeper.start();
    a.clock.paused = true;
    await all.pass(ttlMs + heartbeatMs);
    assert.deepEqual([a.keeper.state, b.keeper.state], ['follower', 'leader']);
    await assert.rejects(
      all.store.transact((tx) => a.fence.toStart(tx)),
      hasCode('not_leader'),
    );
    await assert.rejects(
      all.store.transact((tx) => a.fence.toRecord(tx)),
      hasCode('not_leader'),
    );
    await all.store.transact((tx) => b.fence.toStart(tx));
    a.clock.paused = false;
    await all.pass(1_000);
    assert.deepEqual([a.keeper.state, b.keeper.state], ['follower', 'leader']);
    assert.equal(a.keeper.fencing, null);
    assert.equal(b.keeper.fencing, 2);
  });

  it('a leader that was paused while nobody took over starts nothing until its next heartbeat, and may record', async () => {
    const a = all.add('a');
    await a.keeper.start();
    a.clock.paused = true;
    await all.pass(ttlMs + 1);
    await assert.rejects(
      all.store.transact((tx) => a.fence.toStart(tx)),
      hasCode('not_leader'),
    );
    await all.store.transact((tx) => a.fence.toRecord(tx));
    a.clock.paused = false;
    await all.pass(1);
    assert.equal(a.keeper.state, 'leader');
    assert.deepEqual(await all.acquired(), [['a', 1, 'none']]);
  });

  for (const [name, jump] of [
    ['an hour forward', -3_600_000],
    ['an hour back', 3_600_000],
  ] as const) {
    it(`[F-101] the wall clock set ${name} changes nothing about who leads`, async () => {
      const a = all.add('a');
      const b = all.add('b');
      await a.keeper.start();
      await b.keeper.start();
      all.machine.setBack(jump);
      await all.pass(60_000);
      assert.deepEqual([a.keeper.state, b.keeper.state], ['leader', 'follower']);
      a.clock.drop();
      await all.pass(ttlMs - 1);
      assert.equal(b.keeper.state, 'follower');
      await all.pass(2);
      assert.equal(b.keeper.state, 'leader');
    });
  }

  for (const countsSleep of [false, true]) {
    it(`[F-101] a day asleep leaves one leader (${countsSleep ? 'where the clock counts sleep' : 'where it stands still'})`, async () => {
      const a = all.add('a');
      const b = all.add('b');
      await a.keeper.start();
      await b.keeper.start();
      all.machine.sleep(86_400_000, countsSleep);
      const leads = (): number => [a, b].filter(({ keeper }) => keeper.state === 'leader').length;
      assert.ok(leads() <= 1);
      await all.pass(heartbeatMs + 1);
      assert.equal(leads(), 1);
    });
  }

  it('[F-71] a record that cannot be read is waited out for a whole term, and the number still grows', async () => {
    const a = all.add('a');
    await a.keeper.start();
    a.clock.drop();
    for (const text of ['', '{', '[]', '{"fencing":9}', 'null']) {
      await all.store.transact((tx) => tx.setCell('lease:scheduler', text));
      assert.equal(await leaseIn(all.store, 'scheduler'), 'unreadable');
    }
    const b = all.add('b');
    await b.keeper.start();
    await all.pass(ttlMs - 1);
    assert.equal(b.keeper.state, 'follower');
    await all.pass(heartbeatMs);
    assert.deepEqual(await all.acquired(), [
      ['a', 1, 'none'],
      ['b', 2, 'unreadable'],
    ]);
  });

  it('without names of boots, a heartbeat from the future is of an earlier boot', async () => {
    all.machine.bootId = null;
    const a = all.add('a');
    await all.pass(60_000);
    await a.keeper.start();
    a.clock.drop();
    all.machine.reboot();
    const b = all.add('b');
    await b.keeper.start();
    assert.deepEqual((await all.acquired()).at(-1), ['b', 2, 'rebooted']);
  });

  it('[F-101] a store that cannot be written makes no leader, and a leader only until its term ends', async () => {
    const a = all.add('a');
    await a.keeper.start();
    await all.store.close();
    await all.pass(ttlMs - 1);
    assert.equal(a.keeper.state, 'leader');
    await all.pass(1);
    await settle();
    assert.equal(a.keeper.state, 'follower');
    assert.equal(a.states.at(-1), 'follower');
  });
});
