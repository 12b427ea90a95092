// What a schedule meets in a long life: clocks that are set, a night asleep, a store that cannot be written, a
// damaged lease, a change while it runs. In a whole host; time itself is shifted, nothing else is played.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, it } from 'mocha';
import { builtinNames, type SlotView, type TaskView } from '#schema/views/task.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { leaseCell, SCHEDULER_LEASE } from '#host/store/lease-port.ts';
import { cellName } from '#host/store/adapters/sqlite/reader.ts';
import { addTasks, openStore } from '../bench/lib/scheduler-tasks.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { TestTasks, type TestDraft } from '../fakes/test-tasks.ts';

const HOUR = 3_600_000;
const MANY = 100_000;

/** As many tasks as nobody makes by hand, due in an hour or later. */
async function fill(file: string): Promise<void> {
  const store = await openStore(file);
  await addTasks(store, MANY);
  await store.close();
}

const soon = (ms: number): TestDraft['trigger'] => ({
  kind: 'once',
  at: new Date(Date.now() + ms).toISOString(),
});
const every = (seconds: number): TestDraft['trigger'] => ({
  kind: 'interval',
  every_seconds: seconds,
});
const reminder: TestDraft['action'] = { kind: 'reminder', message: 'look' };
const ran = (slots: readonly SlotView[]): SlotView[] => slots.filter((s) => s.run_id !== null);

describe('[S-25] a schedule in trouble', () => {
  let t: TestHost;
  const tasks = new TestTasks(() => t);
  afterEach(() => t[Symbol.asyncDispose]());

  const create = (change: Partial<TestDraft>): Promise<TaskView> =>
    tasks.create({ name: 'a task', trigger: every(600), action: reminder, ...change });
  /** Something happens to tasks, so the host looks at what is due by its clock. */
  const lookNow = async (): Promise<void> => void (await tasks.ended(await lookAtOnce(), 1));
  const lookAtOnce = async (): Promise<TaskView> => {
    const probe = await create({ name: 'probe' });
    await tasks.runNow(probe);
    return probe;
  };

  it('the clock is put forward an hour and back again: what fell due happens once', async () => {
    let ahead = 0;
    t = await startTestHost({ clock: { ...systemClock, now: () => Date.now() + ahead } });
    const once = await create({ trigger: soon(HOUR / 2) });
    const often = await create({});
    ahead = HOUR;
    await lookNow();
    await tasks.ended(once, 1);
    const [made, left] = await tasks.until(often, (all) =>
      ran(all).some((s) => s.ended_at !== null),
    );
    assert.deepEqual([made?.status, left?.status, left?.count], ['succeeded', 'skipped', 5]);
    ahead = 0;
    await lookNow();
    ahead = -HOUR;
    await lookNow();
    assert.equal((await tasks.slots(once)).length, 1);
    assert.equal(ran(await tasks.slots(often)).length, 1);
    const { next_due } = await tasks.latest(often);
    assert.ok(Date.parse(String(next_due)) > Date.now() + HOUR, 'after every slot that it had');
  });

  it('[S-26] a hundred thousand tasks: one more is made, listed and run like any other', async () => {
    t = await startTestHost();
    await t.restart(() => fill(join(t.dataDir, 'events.db')));
    const task = await create({ trigger: soon(4_000) });
    const [slot] = await tasks.ended(task, 1);
    assert.equal(slot?.status, 'succeeded');
    const { total, tasks: some } = await t.editor.client.request('scheduler.list', { limit: 10 });
    assert.deepEqual([total, some.length], [MANY + builtinNames.length + 1, 10]);
  });

  it('a day asleep: each task makes up for as much as it says, and the rest is counted', async () => {
    let ahead = 0;
    t = await startTestHost({ clock: { ...systemClock, now: () => Date.now() + ahead } });
    const none = await create({ missed: { kind: 'skip' } });
    const last = await create({ missed: { kind: 'run_once' } });
    const three = await create({ missed: { kind: 'up_to', count: 3 } });
    ahead = 24 * HOUR + 60_000;
    await lookNow();
    await tasks.ended(three, 4);
    await tasks.ended(last, 2);
    const sum = async (task: TaskView) => {
      const slots = await tasks.slots(task);
      const skipped = slots.filter(({ status }) => status === 'skipped');
      return [ran(slots).length, skipped.reduce((all, { count }) => all + (count ?? NaN), 0)];
    };
    assert.deepEqual(await Promise.all([none, last, three].map(sum)), [
      [0, 144],
      [1, 143],
      [3, 141],
    ]);
  });

  it('the store cannot be written when it is due: nothing starts, and afterwards it happens once', async () => {
    t = await startTestHost();
    const task = await create({ trigger: soon(1_500) });
    const other = new DatabaseSync(join(t.dataDir, 'events.db'));
    other.exec('BEGIN IMMEDIATE');
    await new Promise((next) => setTimeout(next, 3_500));
    assert.deepEqual(await tasks.slots(task), []);
    other.exec('ROLLBACK');
    other.close();
    const [slot] = await tasks.ended(task, 1);
    assert.equal(slot?.status, 'succeeded');
    assert.equal((await tasks.slots(task)).length, 1);
  });

  it('[F-71] the record of the lease is damaged: it is waited out, and the number grows all the same', async () => {
    t = await startTestHost({ leaseTimes: { heartbeatMs: 300, ttlMs: 1_200 } });
    const lease = async () => (await t.editor.client.request('runtime.status', {})).scheduler;
    const before = await lease();
    const task = await create({ trigger: soon(2_000) });
    await t.restart(() => {
      const store = new DatabaseSync(join(t.dataDir, 'events.db'));
      const sql = 'UPDATE store_meta SET value = ? WHERE name = ?';
      const damaged = store.prepare(sql).run('{"fencing":', cellName(leaseCell(SCHEDULER_LEASE)));
      assert.equal(Number(damaged.changes), 1);
      store.close();
    });
    assert.equal((await lease()).state, 'follower');
    const [slot] = await tasks.ended(task, 1);
    assert.equal(slot?.status, 'succeeded');
    const after = await lease();
    assert.deepEqual([after.state, after.fencing], ['leader', Number(before.fencing) + 1]);
  });

  /** Each line that it writes is one begin of it; it ends when it is told to. */
  const lines = (file: string): TestDraft['action'] => ({
    kind: 'command',
    argv: [
      'node',
      '-e',
      `require('fs').appendFileSync(${JSON.stringify(file)}, 'x'); setInterval(() => {}, 1000)`,
    ],
  });
  const failing = ({ workspace }: TestHost): TestDraft['action'] => ({
    kind: 'command',
    argv: ['node', '-e', 'process.exit(3)'],
    cwd: workspace,
  });
  const running = async (change: Partial<TestDraft>): Promise<{ task: TaskView; file: string }> => {
    t = await startTestHost();
    const file = join(t.workspace, 'lines');
    const task = await create({ trigger: soon(1_000), action: lines(file), ...change });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    await tasks.until(task, ([slot]) => slot?.status === 'running');
    return { task, file };
  };

  it('it is deleted while it runs: the run goes on or ends, as was asked, and nothing of it comes again', async () => {
    const { task } = await running({});
    const { client } = t.editor;
    await client.request('scheduler.delete', { task_id: task.task_id });
    const [run] = (await client.request('run.list', {})).runs;
    assert.equal(run?.status, 'running');
    const other = await create({ trigger: soon(500), action: lines(join(t.workspace, 'more')) });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    await tasks.first(other, 'running');
    await client.request('scheduler.delete', { task_id: other.task_id, cancel_running: true });
    const [ended] = (await client.request('run.list', {})).runs;
    const of = { run_id: String(ended?.run_id), wait_ms: 10_000 };
    assert.equal((await client.request('run.get', of)).run.status, 'cancelled');
    await t.restart();
    const { tasks: left } = await t.editor.client.request('scheduler.list', {});
    const gone = [task.task_id, other.task_id];
    assert.deepEqual(
      left.filter(({ task_id }) => gone.includes(task_id)),
      [],
    );
    const { runs } = await t.editor.client.request('run.list', {});
    assert.deepEqual(
      runs.map(({ status }) => status),
      ['cancelled', 'cancelled'],
    );
  });

  it('[W-23] it is deleted while a run waits, and had back: what waited happens then, and was said to be dropped', async () => {
    t = await startTestHost();
    const { client } = t.editor;
    const task = await create({ retry: { attempts: 2, backoff_seconds: 1 }, action: failing(t) });
    await tasks.runNow(task);
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    await tasks.first(task, 'retrying');
    const { task: gone } = await client.request('scheduler.delete', { task_id: task.task_id });
    const stream = { stream_id: task.task_id, event_type: ['task.deleted' as const] };
    const [deleted] = (await client.request('event.query', stream)).events;
    const { left } = deleted?.data as { left: { retries: string[] } };
    assert.equal(left.retries.length, 1);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    assert.equal((await client.request('run.list', {})).runs.length, 1, 'nothing of it happens');
    await client.request('scheduler.restore', { task_id: gone.task_id });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    const [slot] = await tasks.ended(task, 1);
    assert.deepEqual([slot?.status, slot?.attempt], ['failed', 2]);
  });

  it('it is edited while it runs: the run goes on as it began, and its end is its own', async () => {
    const { task, file } = await running({ timeout_seconds: 3 });
    const change = { name: 'another', trigger: every(3_600) };
    const of = { task_id: task.task_id, generation: 1, change };
    await t.editor.client.request('scheduler.update', of);
    const [slot] = await tasks.ended(task, 1);
    assert.deepEqual(
      [slot?.status, slot?.generation, slot?.error?.code],
      ['failed', 1, 'task_timeout'],
    );
    assert.equal(readFileSync(file, 'utf8'), 'x');
    const after = await tasks.latest(task);
    assert.deepEqual([after.generation, after.status, after.active], [2, 'active', []]);
    assert.equal((await tasks.slots(task)).length, 1);
  });
});
