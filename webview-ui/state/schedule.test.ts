import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ago, id } from '../../test/fixtures/panel/builders.ts';
import { slots, tasks } from '../../test/fixtures/panel/schedules.ts';
import { evolveSchedule } from './evolve-schedule.ts';
import { fieldsOf } from '../schedule/task-fields.ts';
import {
  editedElsewhere,
  initialSchedule,
  listed,
  nextDue,
  withTaskBack,
  withTasks,
  withTimePassed,
  type ScheduleState,
  type TaskEdit,
} from './schedule.ts';

const audit = id('task', 2);
const read = withTasks(initialSchedule, tasks);
const open = evolveSchedule(read, { kind: 'open_task', task_id: audit });
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
  it('[F-45] come in the order in which they are due, paused ones after them, Hob’s own upkeep last', () => {
    assert.deepEqual(
      read.tasks.map(({ name }) => name),
      ['nightly dependency audit', 'run the tests', 'stand up and stretch', 'backup'],
    );
  });

  it('[F-45] the next one is the first of the person’s own that is due by itself, never a paused one', () => {
    assert.equal(nextDue(read), ago(-50_340), 'not the backup, which is due before');
    const paused = tasks.tasks.map((task) => ({ ...task, status: 'paused' as const }));
    assert.equal(nextDue(withTasks(initialSchedule, { tasks: paused })), null);
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
    const after = withTasks(editing, { tasks: left });
    assert.deepEqual([after.open, after.edit], [null, null]);
    const still = withTasks(editing, tasks);
    assert.deepEqual([still.open, still.edit], [editing.open, edit]);
  });

  it('[F-46] looking at another one leaves the form', () => {
    const editing = evolveSchedule(open, { kind: 'edit_task', edit });
    const other = evolveSchedule(editing, { kind: 'open_task', task_id: id('task', 1) });
    assert.equal(other.edit, null);
  });

  it('[F-46] [W-23] one that was deleted here keeps its place until it is back, or ten minutes are over', () => {
    const names = (one: ScheduleState): string[] => listed(one).map(({ name }) => name);
    const before = names(read);
    const removed = { kind: 'task_removed', task: auditTask, at: 0 } as const;
    const gone = evolveSchedule(open, removed);
    assert.deepEqual(names(gone), before);
    // The list without it may come before the answer that it is gone.
    assert.deepEqual(evolveSchedule(withTasks(open, { tasks: gone.tasks }), removed), gone);
    assert.deepEqual([gone.tasks.length, gone.open], [3, null]);
    // A list that was asked for before does not bring it back.
    assert.deepEqual(names(withTasks(gone, tasks)), before);
    // One in which it was had back while nobody looked does.
    const later = { ...auditTask, updated_at: ago(-1) };
    const others = tasks.tasks.filter(({ task_id }) => task_id !== audit);
    assert.deepEqual(withTasks(gone, { tasks: [...others, later] }).removed, []);
    const back = withTaskBack(gone, audit);
    assert.deepEqual([back.tasks, back.removed], [read.tasks, []]);
    assert.equal(withTimePassed(gone, 10 * 60_000 - 1), gone);
    assert.equal(names(withTimePassed(gone, 10 * 60_000)).length, 3);
    assert.equal(withTaskBack(read, id('task', 9)), read);
  });

  it('[F-45] one that was changed elsewhere under the form is noticed, and keeps the form', () => {
    const editing = evolveSchedule(open, { kind: 'edit_task', edit });
    assert.equal(editedElsewhere(editing), null);
    const newer = tasks.tasks.map((task) =>
      task.task_id === audit ? { ...task, generation: 3, name: 'changed elsewhere' } : task,
    );
    const after = withTasks(editing, { tasks: newer });
    assert.equal(editedElsewhere(after)?.name, 'changed elsewhere');
    assert.deepEqual(after.edit, edit);
  });
});
