import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { TaskDefinition, TaskView } from '#schema/views/task.ts';
import { createTask } from './decide-task.ts';
import { planAfter, type Cause, type Plan } from './plan.ts';
import { evolveTask } from './task.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const TASK = 'task_01JD00000000000000000000AA';
const maker = { kind: 'user', id: 'user', display: 'you', role: 'panel', proven: true } as const;

function task(change: Partial<TaskDefinition> = {}, delay_seconds = 0): TaskView {
  const definition: TaskDefinition = {
    name: 'after',
    trigger: { kind: 'event', event_type: 'run.failed', where: {}, delay_seconds },
    action: { kind: 'reminder', message: 'look' },
    zone: 'UTC',
    missed: { kind: 'run_once' },
    overlap: 'skip',
    retry: { attempts: 1, backoff_seconds: 30 },
    timeout_seconds: null,
    idempotent: false,
    quiet_hours: null,
    ...change,
  };
  const draft = { task_id: TASK, definition, maker, builtin: null, folders: [] };
  const made = evolveTask(null, stored(createTask(draft, NOW), 10));
  assert.ok(made !== null);
  return made;
}
const stored = ({ type, data }: Plan['events'][number], seq: number): StoredEvent =>
  ({
    seq,
    event_type: type,
    data,
    occurred_at: new Date(NOW).toISOString(),
    workspace_id: 'ws_dev',
  }) as unknown as StoredEvent;
const happened = (seq: number, ago = 0, isLoop = false): Cause => ({ seq, at: NOW - ago, isLoop });
const after = (one: TaskView, ...causes: Cause[]): string[] =>
  planAfter(one, causes, NOW).events.map(({ type, data }) => {
    if (type === 'scheduler.slot_queued')
      return `queued ${data.slot.cause_seq} ${data.slot.reason}`;
    if (type === 'scheduler.slot_skipped')
      return `skipped ${data.cause_seq} ${data.reason_code} ${data.count}`;
    return type;
  });

describe('the places of events', () => {
  it('[S-20] queues one that is new, and leaves out what the task had', () => {
    assert.deepEqual(after(task(), happened(10), happened(11)), ['queued 11 event']);
    assert.deepEqual(after({ ...task(), cause_seq: 11 }, happened(11)), []);
  });

  it('[S-20] waits as long after it as the task says', () => {
    const [queued] = planAfter(task({}, 90), [happened(11, 30_000)], NOW).events;
    assert.ok(queued?.type === 'scheduler.slot_queued');
    assert.equal(Date.parse(queued.data.slot.not_before), NOW + 60_000);
    assert.equal(Date.parse(queued.data.slot.scheduled_at), NOW - 30_000);
  });

  it('[S-20] keeps one, and says in one fact how many of a burst were left out', () => {
    assert.deepEqual(after(task(), happened(11), happened(12), happened(13)), [
      'queued 11 event',
      'skipped 13 overlap 2',
    ]);
    assert.deepEqual(after(task({ overlap: 'queue' }), happened(11), happened(12), happened(13)), [
      'queued 11 event',
      'queued 12 overlap',
      'skipped 13 queue_full 1',
    ]);
  });

  it('[S-20] treats what nobody could act on in time as missed', () => {
    const late = [happened(11, 120_000), happened(12, 110_000), happened(13, 100_000)];
    assert.deepEqual(after(task(), ...late), ['skipped 12 missed 2', 'queued 13 missed']);
    assert.deepEqual(after(task({ missed: { kind: 'skip' } }), ...late), ['skipped 13 missed 3']);
    assert.deepEqual(after(task({ missed: { kind: 'up_to', count: 2 } }), ...late), [
      'skipped 11 missed 1',
      'queued 12 missed',
      'queued 13 missed',
    ]);
    assert.deepEqual(after(task(), ...late, happened(14)), [
      'skipped 13 missed 3',
      'queued 14 event',
    ]);
  });

  it('[S-20] says that a task would follow itself, and does not', () => {
    assert.deepEqual(after(task(), happened(11, 0, true), happened(12)), [
      'skipped 11 loop 1',
      'queued 12 event',
    ]);
  });

  it('[S-20] does nothing for a task that is paused', () => {
    assert.deepEqual(after({ ...task(), status: 'paused' }, happened(11)), []);
  });

  it('[S-15] after an edit to other events, counts only those from then on', () => {
    const one = task();
    const trigger = { ...one.trigger, event_type: 'run.denied' } as TaskDefinition['trigger'];
    const edit = (definition: Partial<TaskDefinition>): number | undefined =>
      evolveTask(
        one,
        stored(
          {
            type: 'task.updated',
            data: {
              task_id: TASK,
              generation: 2,
              definition: { ...one, ...definition },
              next_due: null,
            },
          },
          40,
        ),
      )?.cause_seq;
    assert.equal(edit({ trigger }), 40);
    assert.equal(edit({ name: 'another' }), one.cause_seq);
  });
});
