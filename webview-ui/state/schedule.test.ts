import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ago, id } from '../../test/fixtures/panel/builders.ts';
import { slots, tasks } from '../../test/fixtures/panel/schedules.ts';
import { evolveSchedule } from './evolve-schedule.ts';
import { fieldsOf } from '../schedule/task-fields.ts';
import { editedElsewhere, initialSchedule, nextDue, withTasks, type TaskEdit } from './schedule.ts';

const audit = id('task', 2);
const listed = withTasks(initialSchedule, tasks);
const open = evolveSchedule(listed, { kind: 'open_task', task_id: audit });
const [, auditTask] = tasks.tasks;
assert.ok(auditTask !== undefined);
const edit: TaskEdit = {
  task_id: audit,
  generation: auditTask.generation,
  fields: { ...fieldsOf(auditTask), name: 'audit' },
  base: fieldsOf(auditTask),
  preview: { step: 'asking' },
  saving: false,
  refused: null,
};

describe('schedules in the panel', () => {
  it('[F-45] come in the order in which they are due, paused ones last', () => {
    assert.deepEqual(
      listed.tasks.map(({ name }) => name),
      ['backup', 'nightly dependency audit', 'run the tests', 'stand up and stretch'],
    );
  });

  it('[F-45] the next one is the first of the person’s own that is due by itself, never a paused one', () => {
    assert.equal(nextDue(listed), ago(-50_340), 'not the backup, which is due before');
    const paused = tasks.tasks.map((task) => ({ ...task, status: 'paused' as const }));
    assert.equal(nextDue(withTasks(initialSchedule, { tasks: paused, total: 4 })), null);
  });

  it('[F-45] what is read of another schedule than the unfolded one is not shown', () => {
    const detail = { next: [], slots };
    const other = evolveSchedule(open, { kind: 'task_detail', task_id: id('task', 1), detail });
    assert.equal(other.open?.detail, null);
    const same = evolveSchedule(open, { kind: 'task_detail', task_id: audit, detail });
    assert.equal(same.open?.detail?.slots.length, 30);
  });

  it('[F-46] one that is gone is folded, with its form', () => {
    const editing = evolveSchedule(open, { kind: 'edit_task', edit });
    const left = tasks.tasks.filter(({ task_id }) => task_id !== audit);
    const after = withTasks(editing, { tasks: left, total: 3 });
    assert.deepEqual([after.open, after.edit], [null, null]);
    const still = withTasks(editing, tasks);
    assert.deepEqual([still.open, still.edit], [editing.open, edit]);
  });

  it('[F-46] looking at another one takes back the first press of delete, and leaves the form', () => {
    const asked = evolveSchedule(open, { kind: 'deleting_task', on: true });
    assert.equal(asked.open?.deleting, true);
    const editing = evolveSchedule(asked, { kind: 'edit_task', edit });
    const other = evolveSchedule(editing, { kind: 'open_task', task_id: id('task', 1) });
    assert.deepEqual([other.open?.deleting, other.edit], [false, null]);
  });

  it('[F-45] one that was changed elsewhere under the form is noticed, and keeps the form', () => {
    const editing = evolveSchedule(open, { kind: 'edit_task', edit });
    assert.equal(editedElsewhere(editing), null);
    const newer = tasks.tasks.map((task) =>
      task.task_id === audit ? { ...task, generation: 3, name: 'changed elsewhere' } : task,
    );
    const after = withTasks(editing, { tasks: newer, total: 4 });
    assert.equal(editedElsewhere(after)?.name, 'changed elsewhere');
    assert.deepEqual(after.edit, edit);
  });
});
