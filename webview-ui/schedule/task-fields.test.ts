import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TaskAction, TaskDefinition, TaskTrigger } from '#schema/views/task.ts';
import {
  changeOf,
  differences,
  fieldsOf,
  rebased,
  triggerOf,
  type TaskFields,
} from './task-fields.ts';

const task: TaskDefinition = {
  name: 'audit',
  trigger: { kind: 'cron', expression: '30 2 * * *' },
  action: { kind: 'command', argv: ['npm', 'audit', '--grep', 'log in'], cwd: '/home/me/hob' },
  zone: 'Europe/Paris',
  missed: { kind: 'run_once' },
  overlap: 'skip',
  retry: { attempts: 1, backoff_seconds: 30 },
  timeout_seconds: null,
  idempotent: false,
  quiet_hours: null,
};
const base = fieldsOf(task);
const changed = (change: Partial<TaskFields>) => changeOf({ ...base, ...change }, base);

describe('the fields of a schedule', () => {
  it('[F-45] hold what was there, and give the same back', () => {
    const local = new Date(2026, 10, 24, 18).toISOString();
    const triggers: TaskTrigger[] = [
      { kind: 'cron', expression: '0 9 * * 1-5' },
      { kind: 'interval', every_seconds: 2_700 },
      { kind: 'interval', every_seconds: 90 },
      { kind: 'once', at: local },
    ];
    const actions: TaskAction[] = [
      { kind: 'command', argv: ['git', 'commit', '-m', "it's done"] },
      { kind: 'sentence', text: 'run the tests' },
      { kind: 'reminder', message: 'stretch' },
    ];
    const others: Partial<TaskDefinition>[] = [
      { missed: { kind: 'up_to', count: 7 } },
      { overlap: 'cancel_old' },
      { retry: { attempts: 3, backoff_seconds: 60 } },
      { timeout_seconds: 90 },
      { idempotent: true },
      { quiet_hours: { from: '22:00', to: '07:00', due: 'skip' } },
    ];
    for (const change of [
      ...triggers.map((trigger) => ({ trigger })),
      ...actions.map((action) => ({ action })),
      ...others,
    ])
      assert.deepEqual(changeOf(fieldsOf({ ...task, ...change }), base), { ok: true, change });
  });

  it('[F-45] send what was changed, and nothing else', () => {
    assert.deepEqual(changed({}), { ok: true, change: {} });
    assert.deepEqual(changed({ name: ' nightly audit ' }), {
      ok: true,
      change: { name: 'nightly audit' },
    });
    const other = fieldsOf({
      ...task,
      trigger: { kind: 'event', event_type: 'run.failed', where: {}, delay_seconds: 0 },
      action: { kind: 'tool', tool: 'hob.verify', arguments: {} },
    });
    assert.deepEqual(changeOf({ ...other, name: 'x' }, other), { ok: true, change: { name: 'x' } });
  });

  it('[F-45] say what is not written out yet, and send nothing', () => {
    for (const wrong of [
      { name: ' ' },
      { due: 'interval', when: 'often' },
      { due: 'interval', when: '-5' },
      { due: 'once', when: 'at noon' },
      { when: ' ' },
      { zone: '' },
      { what: '' },
      { what: 'npm test && rm -rf build' },
      { missed: 'up_to', missedCount: 'some' },
      { attempts: '0' },
      { backoff: '' },
      { timeout: 'long' },
      { timeout: '0' },
      { quietFrom: '22:00' },
      { quietFrom: '22', quietTo: '7' },
    ] satisfies Partial<TaskFields>[]) {
      const made = changed(wrong);
      assert.equal(made.ok, false, JSON.stringify(wrong));
    }
    assert.equal(triggerOf({ ...base, due: null }), null);
  });

  it('[F-45] keep what was typed over what somebody else saved, and take the rest from there', () => {
    const mine = { ...base, name: 'my audit', overlap: 'queue' } as const;
    const theirs = fieldsOf({
      ...task,
      name: 'their audit',
      retry: { attempts: 5, backoff_seconds: 10 },
    });
    const both = rebased(mine, base, theirs);
    assert.deepEqual([both.name, both.overlap, both.attempts], ['my audit', 'queue', '5']);
    assert.deepEqual(changeOf(both, theirs), {
      ok: true,
      change: { name: 'my audit', overlap: 'queue' },
    });
    assert.deepEqual(differences(base, theirs), ['its name', 'how often it is tried']);
  });
});
