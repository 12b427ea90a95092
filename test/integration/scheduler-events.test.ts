// Tasks that come after events, in a whole host: what one task does starts another, once, over restarts,
// and never in a circle.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { TaskView } from '#schema/views/task.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { TestTasks, type TestDraft } from '../fakes/test-tasks.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };

describe('tasks after events', () => {
  let t: TestHost;
  const tasks = new TestTasks(() => t);
  beforeEach(async () => {
    t = await startTestHost();
  });
  afterEach(() => t[Symbol.asyncDispose]());

  const daily: TestDraft['trigger'] = { kind: 'cron', expression: '0 3 * * *' };
  const resultOf = (name: string, outcome = 'succeeded'): TestDraft['trigger'] => ({
    kind: 'event',
    event_type: 'scheduler.task_result',
    where: { name, outcome },
  });
  const reminder = (
    name: string,
    trigger: TestDraft['trigger'],
    change: Partial<TestDraft> = {},
  ): TestDraft => ({
    name,
    trigger,
    action: { kind: 'reminder', message: name },
    ...change,
  });
  it('[S-20] runs once after each, and not after others', async () => {
    const first = await tasks.create(reminder('first', daily));
    const second = await tasks.create(reminder('second', resultOf('first')));
    const other = await tasks.create(reminder('other', resultOf('first', 'failed')));
    assert.equal(second.next_due, null);
    await tasks.runNow(first);
    const [slot] = await tasks.ended(second, 1);
    assert.deepEqual([slot?.status, slot?.count], ['succeeded', 1]);
    assert.match(String(slot?.run_key), /\/1\/e\d+$/);
    await tasks.runNow(first);
    assert.equal((await tasks.ended(second, 2)).length, 2);
    assert.deepEqual(await tasks.slots(other), []);
    assert.equal((await tasks.latest(second)).status, 'active');
  });

  it('[S-20] makes up for what happened while nothing might start, also over a restart, once', async () => {
    const first = await tasks.create(reminder('first', daily));
    await tasks.runNow(first);
    await tasks.ended(first, 1);
    const second = await tasks.create(
      reminder('second', {
        kind: 'event',
        event_type: 'notification.shown',
        where: { title: 'hello' },
      }),
    );
    await t.editor.client.request('runtime.stop', {});
    const notice = { title: 'hello', message: 'while it was stopped' };
    await t.editor.client.request('notify.show', notice);
    await t.restart();
    assert.deepEqual(await tasks.slots(second), []);
    await t.editor.client.request('runtime.start', {});
    assert.equal((await tasks.ended(second, 1))[0]?.status, 'succeeded');
    await t.restart();
    await t.editor.client.request('notify.show', notice);
    assert.equal((await tasks.ended(second, 2)).length, 2);
  });

  it('[S-20] never follows itself, directly or through another', async () => {
    const first = await tasks.create(reminder('first', resultOf('second')));
    const second = await tasks.create(reminder('second', resultOf('first')));
    const own = await tasks.create(reminder('own', resultOf('own')));
    await tasks.runNow(own);
    await tasks.runNow(first);
    assert.equal((await tasks.ended(second, 1))[0]?.status, 'succeeded');
    const [loop, ...earlier] = await tasks.ended(first, 2);
    assert.deepEqual([loop?.status, loop?.reason_code, earlier.length], ['skipped', 'loop', 1]);
    assert.equal((await tasks.ended(own, 1)).length, 1);
  });

  it('[S-21] an agent’s task comes after its own runs, and after nobody else’s', async () => {
    const agent = await t.host.connect('agent', 'codex');
    const trigger: TestDraft['trigger'] = { kind: 'event', event_type: 'notification.shown' };
    const asked = agent.request(
      'scheduler.create',
      { task: reminder('spy', trigger) },
      inWorkspace,
    );
    await t.editor.respond(await t.editor.nextCard(), 'approve');
    const { task } = await asked;
    assert.ok(task !== null);
    const mine = await tasks.create(reminder('mine', trigger));
    await t.editor.client.request('notify.show', { title: 'not for it', message: 'x' });
    await tasks.ended(mine, 1);
    assert.deepEqual(await tasks.slots(task), []);
    await agent.request('notify.show', { title: 'its own', message: 'x' });
    assert.equal((await tasks.ended(task, 1)).length, 1);
  });

  it('[S-21] an agent’s task comes after its own run that was asked before a restart', async () => {
    const agent = await t.host.connect('agent', 'codex');
    const make = async (draft: TestDraft): Promise<TaskView> => {
      const asked = agent.request('scheduler.create', { task: draft }, inWorkspace);
      await t.editor.respond(await t.editor.nextCard(), 'approve');
      const { task } = await asked;
      assert.ok(task !== null);
      return task;
    };
    const action: TestDraft['action'] = { kind: 'command', argv: ['node', '-e', '0'] };
    const first = await make({ name: 'first', trigger: daily, action });
    const trigger = { kind: 'event', event_type: 'run.succeeded' } as const;
    const second = await make(reminder('second', trigger));
    await tasks.ended(second, 1);
    await tasks.runNow(first);
    const card = await t.editor.nextCard();
    await t.restart();
    await t.editor.respond(card, 'approve', { confirmed: true });
    assert.equal((await tasks.ended(first, 1))[0]?.status, 'succeeded');
    assert.equal((await tasks.ended(second, 2)).length, 2);
  });
});
