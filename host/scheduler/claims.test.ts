import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskView } from '#schema/views/task.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Gate } from '#host/policy/gate.ts';
import { SlotClaims, type Offer } from './claims.ts';
import { tasksProjection } from './projections.ts';
import { contextOf, taskStream } from './streams.ts';
import { callerOf, draftOf, memoryTasks, person } from '../../test/fakes/memory-tasks.ts';

const host: Principal = {
  kind: 'service',
  id: 'host',
  display: 'Hob',
  role: 'engine',
  proven: true,
};
const caller = callerOf(person);

/** Tasks of one moment, read and worked out before it, and a gate that creates nothing but their claims. */
async function offered(count = 1, change: { action?: object } = {}) {
  const { store, tasks, ids } = memoryTasks();
  const world = { leads: true, revoked: null as string | null };
  const gate: Pick<Gate, 'submitAll'> = {
    submitAll: (all) =>
      Promise.allSettled(
        all.map(({ claim }) =>
          store.transact(async (tx) => {
            await claim?.(tx, ids.domain('run'));
            return {} as never;
          }),
        ),
      ),
  };
  const claims = new SlotClaims({
    store,
    gate: gate as Gate,
    host,
    lead: {
      fencing: () => (world.leads ? 1 : null),
      toStart: () => (world.leads ? Promise.resolve() : Promise.reject(new HobError('not_leader'))),
    },
    revoked: () => Promise.resolve(world.revoked),
    remember: () => {},
    understand: () => null,
  });
  const trigger = { kind: 'interval', every_seconds: 60 };
  const draft = draftOf({ trigger, ...change });
  const made: TaskView[] = [];
  for (let n = 0; n < count; n += 1)
    made.push(await tasks.create(tasks.plan(draft, caller), caller));
  const at = Math.max(...made.map(({ next_due }) => Date.parse(String(next_due))));
  const offers = made.map((task) => claims.offer(task, at));
  return {
    store,
    ids,
    tasks,
    world,
    at,
    offers,
    /** Which of the tasks are left after the claim at that moment. */
    claim: (now = at) =>
      claims.claimOffered(
        offers.filter((offer): offer is Offer => offer !== null),
        now,
      ),
    claimed: async () =>
      (await store.query({ event_type: ['scheduler.slot_claimed'], limit: 1_000 })).length,
    first: made[0] ?? assert.fail(),
  };
}

describe('slots that were worked out before they are due', () => {
  it('[F-79] [F-80] [F-81] [F-82] are claimed together, each under its own key, once', async () => {
    const t = await offered(20);
    assert.deepEqual(await t.claim(), []);
    assert.equal(await t.claimed(), 20);
    assert.equal((await t.claim()).length, 20, 'a key that came a second time is claimed again');
    assert.equal(await t.claimed(), 20);
  });

  const meanwhile: Record<string, (t: Awaited<ReturnType<typeof offered>>) => unknown> = {
    'it was changed': (t) => t.tasks.update(t.first.task_id, { name: 'other' }, 1, caller),
    'its times were changed': (t) =>
      t.tasks.update(
        t.first.task_id,
        { trigger: { kind: 'interval', every_seconds: 90 } },
        1,
        caller,
      ),
    'it was paused': (t) => t.tasks.pause(t.first.task_id, 'no', caller),
    'it was paused and resumed after that slot': async (t) => {
      await t.tasks.pause(t.first.task_id, 'no', caller);
      const next_due = new Date(t.at + 60_000).toISOString();
      const resumed = { type: 'task.resumed', data: { task_id: t.first.task_id, next_due } };
      await append(t, resumed);
    },
    'it was deleted': (t) => t.tasks.delete(t.first.task_id, 'gone', caller),
    'one of its runs began': (t) =>
      append(t, {
        type: 'scheduler.slot_claimed',
        data: {
          task_id: t.first.task_id,
          run_key: 'another',
          run_id: t.ids.domain('run'),
          scheduled_at: new Date(t.at - 1).toISOString(),
          cause_seq: null,
          attempt: 1,
          generation: 1,
          fence: 1,
          next_due: t.first.next_due,
        },
      }),
    'its maker was revoked': (t) => (t.world.revoked = 'revoked'),
    'another host leads': (t) => (t.world.leads = false),
  };
  const append = (t: Awaited<ReturnType<typeof offered>>, event: { type: string; data: object }) =>
    t.store.transact((tx) =>
      tx.append(taskStream(t.first.task_id), 'any', [event as never], contextOf(t.first, host)),
    );

  for (const [what, change] of Object.entries(meanwhile)) {
    it(`[S-27] are left when ${what} in between`, async () => {
      const t = await offered(3);
      await change(t);
      const before = await t.claimed();
      const left = await t.claim();
      const everybody = what === 'its maker was revoked' || what === 'another host leads';
      assert.equal(left.length, everybody ? 3 : 1);
      assert.ok(left.some(({ task_id }) => task_id === t.first.task_id));
      assert.equal((await t.claimed()) - before, everybody ? 0 : 2);
      const task = await t.store.document(tasksProjection, t.first.task_id);
      assert.ok(task?.active.every(({ run_key }) => run_key === 'another'));
    });
  }

  it('[S-27] are left when their moment was missed, or the next one is there', async () => {
    const t = await offered(2);
    assert.equal((await t.claim(t.at + 1_000)).length, 2);
    assert.equal((await t.claim(t.at + 61_000)).length, 2);
    assert.equal(await t.claimed(), 0);
  });

  it('[S-27] say nothing of what a sentence means: that is known when it is due', async () => {
    const t = await offered(1, { action: { kind: 'sentence', text: 'run the tests' } });
    assert.deepEqual(t.offers, [null]);
  });
});
