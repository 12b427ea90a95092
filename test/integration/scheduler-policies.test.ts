// What a task says of its own runs (again, how long, beside each other, cut off) in a whole host.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { TaskView } from '#schema/views/task.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { TestTasks, type TestDraft } from '../fakes/test-tasks.ts';

describe('what tasks say of their runs', () => {
  let t: TestHost;
  const tasks = new TestTasks(() => t);
  beforeEach(async () => {
    t = await startTestHost();
  });
  afterEach(() => t[Symbol.asyncDispose]());

  const each = (seconds: number): TestDraft['trigger'] => ({
    kind: 'interval',
    every_seconds: seconds,
  });
  const onceSoon = (): TestDraft['trigger'] => ({
    kind: 'once',
    at: new Date(Date.now() + 1_500).toISOString(),
  });
  /** Needs no card, and fails while there is no such file. */
  const look: TestDraft['action'] = { kind: 'command', argv: ['ls', 'awaited'] };
  /** Needs a card, and does not end by itself. */
  const endless: TestDraft['action'] = {
    kind: 'command',
    argv: ['node', '-e', 'setInterval(() => {}, 1000)'],
  };
  const create = (change: Partial<TestDraft>): Promise<TaskView> =>
    tasks.create({ name: 'a task', trigger: onceSoon(), action: look, ...change });

  it('[S-22] tries again after a failure, as often as it says, and keeps the last error', async () => {
    const task = await create({ retry: { attempts: 2, backoff_seconds: 1 } });
    const slot = await tasks.first(task, 'failed', 'succeeded');
    assert.deepEqual(
      [slot.status, slot.attempt, slot.error?.code],
      ['failed', 2, 'command_failed'],
    );
    assert.equal((await tasks.slots(task)).length, 1);
  });

  it('[S-22] is done with the attempt that succeeds', async () => {
    const task = await create({ retry: { attempts: 5, backoff_seconds: 1 } });
    await tasks.first(task, 'retrying');
    writeFileSync(join(t.workspace, 'awaited'), '');
    const slot = await tasks.first(task, 'failed', 'succeeded');
    assert.deepEqual([slot.status, slot.attempt > 1], ['succeeded', true]);
    assert.equal((await tasks.latest(task)).status, 'done');
  });

  it('[S-22] ends a run that takes longer than it may', async () => {
    const task = await create({ action: endless, timeout_seconds: 1 });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    const slot = await tasks.first(task, 'failed', 'cancelled');
    assert.deepEqual([slot.status, slot.error?.code], ['failed', 'task_timeout']);
  });

  it('[S-22] leaves out what comes while one waits for its answer', async () => {
    const task = await create({ action: endless, trigger: each(1), overlap: 'skip' });
    const found = await tasks.until(
      task,
      (all) => all.filter((s) => s.status === 'skipped').length >= 2,
    );
    assert.equal(found.filter(({ status }) => status === 'waiting_for_approval').length, 1);
    assert.ok(
      found.every(({ status, reason_code }) => status !== 'skipped' || reason_code === 'overlap'),
    );
    await tasks.pause(task);
  });

  it('[S-22] keeps one waiting behind it', async () => {
    const task = await create({ action: endless, trigger: each(1), overlap: 'queue' });
    const found = await tasks.until(task, (all) => all.some((s) => s.reason_code === 'queue_full'));
    assert.equal(found.filter(({ status }) => status === 'waiting_for_approval').length, 1);
    assert.deepEqual(
      (await tasks.latest(task)).queue.map(({ reason }) => reason),
      ['overlap'],
    );
    await tasks.pause(task);
  });

  it('[S-22] takes the place of the one before', async () => {
    const task = await create({ action: endless, trigger: each(2), overlap: 'cancel_old' });
    const found = await tasks.until(
      task,
      (all) =>
        all.some((s) => s.status === 'cancelled') &&
        all.some((s) => s.status === 'waiting_for_approval'),
    );
    const [newest] = found;
    const cancelled = found.find(({ status }) => status === 'cancelled');
    assert.ok(String(cancelled?.scheduled_at) < String(newest?.scheduled_at));
    await tasks.pause(task);
  });

  it('[S-22] waits in the quiet hours, and says until when', async () => {
    const hour = (shift: number): string =>
      `${String((new Date().getUTCHours() + shift + 24) % 24).padStart(2, '0')}:00`;
    const quiet_hours = { from: hour(-1), to: hour(2), due: 'delay' } as const;
    const task = await create({ trigger: each(1), zone: 'UTC', quiet_hours });
    await tasks.until(task, (all) => all.some((s) => s.reason_code === 'quiet_hours'));
    const [waiting] = (await tasks.latest(task)).queue;
    assert.deepEqual(
      [waiting?.reason, waiting?.not_before.slice(11, 16)],
      ['quiet_hours', quiet_hours.to],
    );
    assert.deepEqual(
      (await tasks.slots(task)).filter(({ run_id }) => run_id !== null),
      [],
    );
  });

  it('[F-66] [S-22] asks a person when it was cut off, unless it may run twice', async () => {
    const once = await create({ name: 'once', action: endless });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    await tasks.first(once, 'running');
    const twice = await create({ name: 'twice', action: endless, idempotent: true });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    await tasks.first(twice, 'running');
    await t.restart();
    const cut = await tasks.first(once, 'needs_user_action');
    assert.deepEqual([cut.attempt, cut.reason_code], [1, 'interrupted']);
    const again = await tasks.until(
      twice,
      ([slot]) => (slot?.attempt ?? 0) > 1 || slot?.status === 'retrying',
    );
    assert.equal(again.length, 1);
  });
});
