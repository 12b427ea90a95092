import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import { builtinNames, type SlotView, type TaskView } from '#schema/views/task.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { TestTasks, type TestDraft } from '../fakes/test-tasks.ts';

/** Tasks that every data directory has. */
const BUILTINS = builtinNames.length;
const inWorkspace = { workspaceId: TEST_WORKSPACE };
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? 'no code',
  );

describe('[F-45] [F-46] [F-47] [F-65] [F-66] [F-67] tasks', function () {
  let t: TestHost;
  const tasks = new TestTasks(() => t);
  let agent: HostClient;

  beforeEach(async () => {
    t = await startTestHost();
    agent = await t.host.connect('agent', 'codex');
  });
  afterEach(async () => {
    await t[Symbol.asyncDispose]();
  });

  const soon = (ms = 2_500): string => new Date(Date.now() + ms).toISOString();
  const draft = (change: Partial<TestDraft> = {}): TestDraft => ({
    name: 'write a line',
    trigger: { kind: 'once', at: soon() },
    action: { kind: 'reminder', message: 'stretch' },
    ...change,
  });
  const create = (change: Partial<TestDraft> = {}): Promise<TaskView> =>
    tasks.create(draft(change));
  const ended = async (task: TaskView): Promise<SlotView> => {
    const [slot] = await tasks.until(task, ([newest]) => (newest?.ended_at ?? null) !== null);
    assert.ok(slot !== undefined);
    return slot;
  };
  const append = (file: string): TestDraft['action'] => ({
    kind: 'command',
    argv: ['node', '-e', `require('node:fs').appendFileSync(${JSON.stringify(file)}, 'x')`],
  });

  it('[F-79] [F-80] runs once when it is due, and is done', async () => {
    const task = await create();
    const slot = await ended(task);
    assert.deepEqual(
      [slot.status, slot.attempt, slot.run_key],
      ['succeeded', 1, `${task.task_id}/${task.next_due ?? ''}/1`],
    );
    const { task: after } = await t.editor.client.request('scheduler.get', {
      task_id: task.task_id,
    });
    assert.deepEqual([after.status, after.next_due, after.active], ['done', null, []]);
  });

  it('[S-27] one that is changed, paused or deleted just before its moment never runs as it was, and the others of that moment run once', async () => {
    const at = soon(2_000);
    const due = { trigger: { kind: 'once' as const, at } };
    const others = await Promise.all(Array.from({ length: 20 }, () => create(due)));
    const [changed, paused, deleted] = [await create(due), await create(due), await create(due)];
    // By then everything is read and worked out.
    await new Promise((next) => setTimeout(next, Date.parse(at) - Date.now() - 100));
    const { client } = t.editor;
    await Promise.all([
      client.request('scheduler.update', {
        task_id: changed.task_id,
        generation: 1,
        change: { action: { kind: 'reminder', message: 'breathe' } },
      }),
      tasks.pause(paused),
      client.request('scheduler.delete', { task_id: deleted.task_id }),
    ]);
    for (const task of others) assert.equal((await ended(task)).status, 'succeeded');
    const slot = await ended(changed);
    assert.deepEqual([slot.status, slot.generation], ['succeeded', 2]);
    const { run } = await client.request('run.get', { run_id: String(slot.run_id) });
    assert.equal(run.call.arguments['message'], 'breathe');
    for (const task of [changed, ...others]) assert.equal((await tasks.slots(task)).length, 1);
    const { events } = await client.request('event.query', {
      event_type: ['scheduler.slot_claimed'],
      limit: 100,
    });
    assert.equal(events.length, others.length + 1);
  });

  it('[S-13] waits for an answer over a restart, and goes on after it, once', async () => {
    const file = join(t.workspace, 'line');
    const task = await create({ action: append(file) });
    const card = await t.editor.nextCard();
    assert.equal(card.expires_at, null);
    await t.restart();
    await t.restart();
    assert.equal(existsSync(file), false);
    const { events } = await t.editor.client.request('event.query', {
      event_type: ['scheduler.needs_user_action'],
    });
    assert.equal(events.length, 1, 'said once, however often the host starts');
    const again = (await t.editor.waiting())[0];
    assert.equal(again?.approval_id, card.approval_id);
    await t.editor.respond(card, 'approve', { confirmed: true });
    assert.equal((await ended(task)).status, 'succeeded');
    assert.equal(readFileSync(file, 'utf8'), 'x');
    assert.equal((await tasks.slots(task)).length, 1);
  });

  it('[S-14] an agent makes one only through a card that shows the whole task', async () => {
    const asked = agent.request(
      'scheduler.create',
      { task: draft({ trigger: { kind: 'cron', expression: '0 9 * * 1-5' } }) },
      inWorkspace,
    );
    const card = await t.editor.nextCard();
    assert.equal(card.call.action, 'schedule.write');
    assert.deepEqual(card.offers, []);
    assert.match(
      JSON.stringify(card.call.arguments),
      /stretch.*0 9 \* \* 1-5|0 9 \* \* 1-5.*stretch/,
    );
    assert.equal((await t.editor.client.request('scheduler.list', {})).total, BUILTINS);
    await t.editor.respond(card, 'approve');
    const made = await asked;
    assert.deepEqual([made.status, made.task?.maker.id], ['done', 'claimed:codex']);
  });

  it('[S-14] a task that an agent was denied is not there', async () => {
    const asked = agent.request('scheduler.create', { task: draft() }, inWorkspace);
    await t.editor.respond(await t.editor.nextCard(), 'deny');
    assert.equal((await asked).status, 'denied');
    assert.equal((await t.editor.client.request('scheduler.list', {})).total, BUILTINS);
  });

  it('[S-15] an edit never brings a slot back, and says what it replaced', async () => {
    const task = await create();
    const slot = await ended(task);
    const change = { trigger: { kind: 'once' as const, at: slot.scheduled_at } };
    const update = { task_id: task.task_id, generation: 1, change };
    assert.equal(await codeOf(t.editor.client.request('scheduler.update', update)), 'time_in_past');
    const stale = { task_id: task.task_id, generation: 7, change: { name: 'x' } };
    assert.equal(
      await codeOf(t.editor.client.request('scheduler.update', stale)),
      'version_conflict',
    );
  });

  it('[S-11] refuses what cannot be, with a code', async () => {
    const make = (change: Partial<TestDraft>): Promise<string> => codeOf(create(change));
    assert.equal(
      await make({ trigger: { kind: 'cron', expression: '61 * * * *' } }),
      'invalid_schedule',
    );
    assert.equal(await make({ zone: 'Mars/Olympus' }), 'invalid_zone');
    assert.equal(
      await make({ trigger: { kind: 'once', at: '2020-01-01T00:00:00.000Z' } }),
      'time_in_past',
    );
    assert.equal(await make({ action: { kind: 'editor', tool: 'no.such' } }), 'invalid_payload');
  });

  it('[S-16] does not start while the kill switch is on', async () => {
    await t.editor.client.request('policy.kill_switch_set', { on: true, reason: 'test' });
    const task = await create();
    assert.equal(await codeOf(tasks.runNow(task)), 'kill_switch_on');
    await new Promise((r) => setTimeout(r, 3_500));
    assert.deepEqual(await tasks.slots(task), []);
  });

  it('[S-22] once, paused past its moment and resumed, runs once and is done', async () => {
    const task = await create({ trigger: { kind: 'once', at: soon(700) } });
    await tasks.pause(task);
    await new Promise((next) => setTimeout(next, 1_000));
    assert.deepEqual(await tasks.slots(task), []);
    await t.editor.client.request('scheduler.resume', { task_id: task.task_id });
    assert.equal((await ended(task)).status, 'succeeded');
    assert.equal((await tasks.latest(task)).status, 'done');
    assert.equal((await tasks.slots(task)).length, 1);
  });

  it('[F-67] says that a program is missing', async () => {
    const task = await create({ action: { kind: 'command', argv: ['no-such-program-hob'] } });
    const slot = await ended(task);
    assert.deepEqual([slot.status, slot.error?.code], ['failed', 'command_not_found']);
  });

  it('[F-47] runs now, beside its times, and not twice at once', async () => {
    const task = await create({ trigger: { kind: 'cron', expression: '0 9 * * *' } });
    await t.editor.client.request('scheduler.trigger_now', { task_id: task.task_id });
    assert.equal((await ended(task)).status, 'succeeded');
    const { task: after } = await t.editor.client.request('scheduler.get', {
      task_id: task.task_id,
    });
    assert.equal(after.next_due, task.next_due);
  });

  it('[S-17] runs in its folder while no window is open', async () => {
    const file = join(t.workspace, 'line');
    const task = await create({ action: append(file) });
    const card = await t.editor.nextCard();
    const windowless = t.editor.on(await t.host.connect('extension'));
    await t.editor.client.close();
    await windowless.respond(card, 'approve', { confirmed: true });
    t.editor = windowless;
    assert.equal((await ended(task)).status, 'succeeded');
    assert.equal(readFileSync(file, 'utf8'), 'x');
  });

  it('[S-18] pauses the tasks of an agent that is revoked, and says why', async () => {
    const { agent: added } = await t.editor.client.request('agent.add', { name: 'codex' });
    const trigger = { kind: 'cron' as const, expression: '0 9 * * *' };
    const asked = agent.request('scheduler.create', { task: draft({ trigger }) }, inWorkspace);
    await t.editor.respond(await t.editor.nextCard(), 'approve');
    const { task } = await asked;
    await t.editor.client.request('agent.revoke', { agent_id: added.agent_id });
    const { task: after } = await t.editor.client.request('scheduler.get', {
      task_id: String(task?.task_id),
    });
    assert.deepEqual([after.status, after.next_due === null], ['paused', false]);
    assert.match(String(after.paused_reason), /revoked/);
  });

  it('[S-19] brings a backup and a check of the record with it, which can be run and paused', async () => {
    const listed = await t.editor.client.request('scheduler.list', {});
    const builtins = listed.tasks.filter((task) => task.builtin !== null);
    assert.deepEqual(
      builtins.map((task) => String(task.builtin)).toSorted((a, b) => a.localeCompare(b)),
      ['backup', 'briefing', 'gc', 'verify'],
    );
    for (const task of builtins) {
      await t.editor.client.request('scheduler.trigger_now', { task_id: task.task_id });
      const slot = await ended(task);
      assert.deepEqual([task.builtin, slot.status, slot.error], [task.builtin, 'succeeded', null]);
    }
    assert.equal(readdirSync(join(t.dataDir, 'backups')).length, 1);
    const [one] = builtins;
    const gone = t.editor.client.request('scheduler.delete', { task_id: String(one?.task_id) });
    assert.equal(await codeOf(gone), 'builtin_task');
  });

  it('[S-23] clears away what a killed host left, and keeps what an event names', async () => {
    const wordy = await create({
      action: { kind: 'command', argv: ['node', '-e', "console.log('x'.repeat(2 ** 20))"] },
    });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    assert.equal((await ended(wordy)).status, 'succeeded');
    const artifacts = join(t.dataDir, 'artifacts');
    const [kept, ...none] = readdirSync(artifacts);
    assert.deepEqual([none, typeof kept], [[], 'string']);
    const orphan = 'f'.repeat(64);
    const left = [orphan, 'draft-01234567-89ab-cdef-0123-456789abcdef', 'mine.txt'];
    for (const name of left) writeFileSync(join(artifacts, name), 'x');
    for (const name of readdirSync(artifacts))
      utimesSync(join(artifacts, name), new Date(0), new Date(0));
    const { tasks: listed } = await t.editor.client.request('scheduler.list', {});
    const gc = listed.find((task) => task.builtin === 'gc');
    assert.ok(gc !== undefined);
    await tasks.runNow(gc);
    const slot = await ended(gc);
    const { run } = await t.editor.client.request('run.get', { run_id: String(slot.run_id) });
    assert.deepEqual(run.result, { files: 2, bytes: 2, answers: 0 });
    assert.deepEqual(new Set(readdirSync(artifacts)), new Set([kept, 'mine.txt']));
    assert.equal((await t.editor.client.request('audit.verify', {})).ok, true);
  });
});
