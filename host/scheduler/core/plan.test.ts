import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { TaskDefinition, TaskView } from '#schema/views/task.ts';
import { HobError } from '#host/kernel/errors.ts';
import {
  createTask,
  deleteTask,
  pauseTask,
  restoreTask,
  resumeTask,
  updateTask,
} from './decide-task.ts';
import { claimable, planDue, planNow } from './plan.ts';
import { evolveTask, hasActive, wakeAt } from './task.ts';

const MADE = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const maker = { kind: 'user', id: 'user', display: 'you', role: 'panel', proven: true } as const;

/** Due every minute from 12:01 on. */
function task(change: Partial<TaskDefinition> = {}, storedAfter = 0): TaskView {
  const definition: TaskDefinition = {
    name: 'each minute',
    trigger: { kind: 'interval', every_seconds: 60 },
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
  const task_id = 'task_01JD00000000000000000000AA';
  const created = createTask({ task_id, definition, maker, builtin: null, folders: [] }, MADE);
  const made = evolveTask(null, {
    seq: 1,
    event_type: created.type,
    data: created.data,
    occurred_at: new Date(MADE + storedAfter).toISOString(),
    workspace_id: 'ws_dev',
  } as unknown as StoredEvent);
  assert.ok(made !== null);
  return made;
}

/** The task after events of so long after it was made. */
const after = (one: TaskView, later: number, events: readonly DomainEvent[]): TaskView =>
  events.reduce<TaskView>((was, { type, data }, i) => {
    const occurred_at = new Date(MADE + later).toISOString();
    const stored = { seq: 2 + i, event_type: type, data, occurred_at, workspace_id: 'ws_dev' };
    return evolveTask(was, stored as unknown as StoredEvent) ?? was;
  }, one);

const clock = (iso: string): string => iso.slice(11, 16);

/** What is planned at so long after the task was made, in words. */
function planned(one: TaskView, after: number): string[] {
  const plan = planDue(one, MADE + after);
  const events = plan.events.map(({ type, data }) => {
    if (type === 'scheduler.slot_queued')
      return `${clock(data.slot.scheduled_at)} queued: ${data.slot.reason}`;
    if (type !== 'scheduler.slot_skipped') return type;
    const span = data.from === data.to ? clock(data.to) : `${clock(data.from)}-${clock(data.to)}`;
    return `${span} skipped ${data.count}: ${data.reason_code}`;
  });
  return [...events, ...plan.cancel.map((run) => `${run} cancelled`)];
}

const running = (one: TaskView): TaskView => ({
  ...one,
  active: [
    {
      run_key: 'key',
      scheduled_at: new Date(MADE).toISOString(),
      generation: 1,
      attempt: 1,
      run_id: 'run_01JD00000000000000000000AA',
      retry_at: null,
    },
  ],
});

describe('the places of due slots', () => {
  it('[F-79] an interval counts from the question, however much later it was stored: its first slot happens once', () => {
    const one = task({}, 3);
    const { events } = planDue(one, MADE + MINUTE);
    const [slot, ...others] = events.map(({ data }) => data as { next_due: string });
    assert.equal(others.length, 0);
    assert.equal(slot?.next_due, new Date(MADE + 2 * MINUTE).toISOString());
  });

  it('[S-11] a moment that passed before it was saved is refused, not forgotten', () => {
    const at = new Date(MADE - 1).toISOString();
    assert.throws(
      () => task({ trigger: { kind: 'once', at } }),
      (thrown) => thrown instanceof HobError && thrown.code === 'time_in_past',
    );
  });

  it('[S-22] queues the one that is due, and nothing before it is', () => {
    assert.deepEqual(planned(task(), 59_999), []);
    assert.deepEqual(planned(task(), MINUTE), ['12:01 queued: now']);
  });

  it('[S-12] [S-22] after a day asleep, makes up for as many as the task says, and counts the others', () => {
    const at = (later: number, missed: TaskDefinition['missed']): string[] =>
      planned(task({ missed, trigger: { kind: 'interval', every_seconds: 600 } }), later);
    // The last one is late by less than a minute: that run makes up for the others too.
    assert.deepEqual(at(DAY + MINUTE - 1, { kind: 'run_once' }), [
      '12:10-11:50 skipped 143: missed',
      '12:00 queued: now',
    ]);
    const late = DAY + 5 * MINUTE;
    assert.deepEqual(at(late, { kind: 'run_once' }), [
      '12:10-11:50 skipped 143: missed',
      '12:00 queued: missed',
    ]);
    assert.deepEqual(at(late, { kind: 'skip' }), ['12:10-12:00 skipped 144: missed']);
    assert.deepEqual(at(late, { kind: 'up_to', count: 2 }), [
      '12:10-11:40 skipped 142: missed',
      '11:50 queued: missed',
      '12:00 queued: missed',
    ]);
  });

  it('[S-12] does not count more than a thousand', () => {
    const [first] = planDue(task(), MADE + DAY + 90_000).events;
    assert.ok(first?.type === 'scheduler.slot_skipped');
    assert.equal(first.data.count, null);
  });

  it('[S-22] while the one before has not ended: left out, kept, or in its place', () => {
    const at = (overlap: TaskDefinition['overlap']): TaskView => running(task({ overlap }));
    assert.deepEqual(planned(at('skip'), MINUTE), ['12:01 skipped 1: overlap']);
    assert.deepEqual(planned(at('queue'), MINUTE), ['12:01 queued: overlap']);
    assert.deepEqual(planned(at('cancel_old'), MINUTE), [
      '12:01 queued: overlap',
      'run_01JD00000000000000000000AA cancelled',
    ]);
  });

  it('[S-22] keeps one waiting and not more; the newest takes the place of an older', () => {
    const waiting = {
      scheduled_at: new Date(MADE + MINUTE).toISOString(),
      not_before: new Date(MADE + MINUTE).toISOString(),
      reason: 'overlap',
      cause_seq: null,
    } as const;
    const next = new Date(MADE + 2 * MINUTE).toISOString();
    const at = (overlap: TaskDefinition['overlap']): TaskView => ({
      ...running(task({ overlap })),
      queue: [waiting],
      next_due: next,
    });
    assert.deepEqual(planned(at('queue'), 2 * MINUTE), ['12:02 skipped 1: queue_full']);
    assert.deepEqual(planned(at('cancel_old'), 2 * MINUTE), [
      '12:01 skipped 1: cancelled_by_newer',
      '12:02 queued: overlap',
      'run_01JD00000000000000000000AA cancelled',
    ]);
  });

  it('[S-22] in quiet hours: left out, or once when they are over', () => {
    const quiet = (due: 'skip' | 'delay'): TaskView =>
      task({ quiet_hours: { from: '12:00', to: '13:00', due } });
    assert.deepEqual(planned(quiet('skip'), MINUTE), ['12:01 skipped 1: quiet_hours']);
    const [queued] = planDue(quiet('delay'), MADE + MINUTE).events;
    assert.ok(queued?.type === 'scheduler.slot_queued');
    assert.equal(clock(queued.data.slot.not_before), '13:00');
    const waiting = {
      ...quiet('delay'),
      queue: [queued.data.slot],
      next_due: queued.data.next_due,
    };
    assert.deepEqual(planned(waiting, 2 * MINUTE), ['12:02 skipped 1: quiet_hours']);
  });

  it('[S-22] claims what waits, oldest first, when nothing runs and its time has come', () => {
    const slot = (minute: number) => ({
      scheduled_at: new Date(MADE + minute * MINUTE).toISOString(),
      not_before: new Date(MADE + minute * MINUTE).toISOString(),
      reason: 'missed' as const,
      cause_seq: null,
    });
    const one = { ...task(), queue: [slot(1), slot(2)] };
    const at = (minute: number, of: TaskView = one): string | null => {
      const found = claimable(of, MADE + minute * MINUTE);
      return found === null ? null : clock(found.scheduled_at);
    };
    assert.deepEqual([at(0), at(1), at(5)], [null, '12:01', '12:01']);
    assert.equal(at(5, running(one)), null);
    assert.equal(at(5, { ...one, status: 'deleted' }), null);
  });

  it('[S-22] plans nothing for a task that is paused', () => {
    assert.deepEqual(planned({ ...task(), status: 'paused' }, DAY), []);
  });

  it('[S-22] once, paused past its moment and resumed: missed, and then what the task says of that', () => {
    const at = (missed: TaskDefinition['missed'], resumedAfter: number): string[] => {
      const trigger = { kind: 'once', at: new Date(MADE + MINUTE).toISOString() } as const;
      const one = task({ trigger, missed });
      const paused = after(one, 1, pauseTask(one, 'user', 'not now'));
      const resumed = after(paused, resumedAfter, resumeTask(paused, maker, MADE + resumedAfter));
      assert.equal(resumed.status, 'active');
      const { events } = planDue(resumed, MADE + resumedAfter);
      const over = after(resumed, resumedAfter, events);
      return [...planned(resumed, resumedAfter), over.status];
    };
    assert.deepEqual(at({ kind: 'run_once' }, 5 * MINUTE), ['12:01 queued: missed', 'active']);
    assert.deepEqual(at({ kind: 'skip' }, 5 * MINUTE), ['12:01 skipped 1: missed', 'done']);
    assert.deepEqual(at({ kind: 'skip' }, MINUTE + 1_000), ['12:01 queued: now', 'active']);
    assert.deepEqual(at({ kind: 'skip' }, 2_000), ['active']);
  });

  it('[S-22] what will never be due again is done, also when it was paused or renamed meanwhile', () => {
    const trigger = { kind: 'once', at: new Date(MADE + MINUTE).toISOString() } as const;
    const one = task({ trigger });
    const slot = { last_slot: trigger.at, next_due: null };
    const paused: TaskView = { ...one, ...slot, status: 'paused', paused_by: 'user' };
    const resumed = after(paused, DAY, resumeTask(paused, maker, MADE + DAY));
    assert.deepEqual([resumed.status, resumed.next_due], ['done', null]);
    const done: TaskView = { ...one, ...slot, status: 'done' };
    const renamed = after(done, DAY, updateTask(done, { name: 'old' }, 1, MADE + DAY));
    assert.deepEqual([renamed.name, renamed.status], ['old', 'done']);
    const later = { kind: 'once', at: new Date(MADE + 2 * DAY).toISOString() } as const;
    const again = after(done, DAY, updateTask(done, { trigger: later }, 1, MADE + DAY));
    assert.deepEqual([again.status, again.next_due], ['active', later.at]);
  });

  it('[S-22] what comes again and again goes on with its next time when it is resumed', () => {
    const paused = after(task(), 1, pauseTask(task(), 'user', 'not now'));
    const resumed = after(paused, DAY, resumeTask(paused, maker, MADE + DAY));
    assert.deepEqual(planned(resumed, DAY), []);
    assert.equal(resumed.next_due, new Date(MADE + DAY + MINUTE).toISOString());
  });

  describe('[W-23] deleted and had back', () => {
    const gone = after(task(), 1, deleteTask(task(), 'said so'));
    const restored = (one: TaskView, later: number): TaskView =>
      after(one, later, restoreTask(one, MADE + later));

    it('is as it was, for ten minutes', () => {
      const back = restored(gone, MINUTE / 2);
      assert.deepEqual({ ...back, updated_at: task().updated_at }, task());
      assert.deepEqual(restoreTask(back, MADE + 6 * MINUTE), [], 'twice is once');
      const paused = after(task(), 1, pauseTask(task(), 'user', 'not now'));
      const found = restored(after(paused, 1, deleteTask(paused, 'said so')), MINUTE);
      assert.deepEqual({ ...found, updated_at: paused.updated_at }, paused);
      assert.throws(() => restoreTask(gone, MADE + 11 * MINUTE), { code: 'not_found' });
      assert.throws(() => restoreTask(null, MADE), { code: 'not_found' });
    });

    it('is late for what fell due in the meantime, as if nobody could have run it', () => {
      assert.deepEqual(planDue(gone, MADE + 5 * MINUTE), { events: [], cancel: [] });
      const late = restored(gone, 5 * MINUTE + 1_000);
      assert.deepEqual(
        planned(late, 5 * MINUTE + 1_000),
        planned(task(), 5 * MINUTE + 1_000),
        'what is said of a host that was away',
      );
      const soon = restored(gone, MINUTE + 10_000);
      assert.equal(planDue(soon, MADE + MINUTE + 10_000).events[0]?.type, 'scheduler.slot_queued');
    });

    it('has what waited again: its queue, and what was to be tried again', () => {
      const [queued] = planNow(task(), MADE + 1_000).events;
      assert.ok(queued?.type === 'scheduler.slot_queued');
      const [runs] = running(task()).active;
      assert.ok(runs !== undefined);
      const retry_at = new Date(MADE + MINUTE).toISOString();
      const retry = { ...runs, run_key: 'failed', run_id: null, retry_at };
      const busy: TaskView = { ...task(), queue: [queued.data.slot], active: [retry, runs] };
      const [event] = deleteTask(busy, 'said so');
      assert.ok(event?.type === 'task.deleted');
      const { next_due } = busy;
      const left = { next_due, queue: busy.queue, retries: [retry.run_key] };
      assert.deepEqual(event.data.left, left, 'the record says what is left undone');
      const dropped = after(busy, 2_000, [event]);
      assert.equal(claimable(dropped, MADE + DAY), null, 'nothing of it happens');
      assert.equal(wakeAt(dropped), null);
      assert.ok(hasActive(dropped), 'the run goes on');
      const waits = after({ ...busy, active: [retry] }, 2_000, [event]);
      assert.equal(hasActive(waits), false, 'what waits to be tried again is not looked at');
      const back = restored(dropped, MINUTE);
      assert.deepEqual([back.queue, back.active], [busy.queue, busy.active]);
    });

    it('comes after what happened in the meantime, too', () => {
      const one = task({
        trigger: { kind: 'event', event_type: 'run.failed', where: {}, delay_seconds: 0 },
      });
      const back = restored(after(one, 1, deleteTask(one, 'said so')), MINUTE);
      assert.equal(back.cause_seq, one.cause_seq);
    });

    it('does not run again what ran once', () => {
      const trigger = { kind: 'once', at: new Date(MADE + MINUTE).toISOString() } as const;
      const over = { status: 'done', next_due: null, last_slot: trigger.at } as const;
      const ran: TaskView = { ...task({ trigger }), ...over };
      const back = restored(after(ran, 2 * MINUTE, deleteTask(ran, 'said so')), 3 * MINUTE);
      assert.deepEqual([back.status, back.next_due], ['done', null]);
    });

    it('goes on with its next time where an earlier version deleted it, which kept nothing', () => {
      const data = { task_id: task().task_id, reason: 'said so' };
      const old = after(task(), 1, [{ type: 'task.deleted', data }]);
      const back = restored(old, 5 * MINUTE);
      assert.equal(back.next_due, new Date(MADE + 6 * MINUTE).toISOString());
    });
  });

  it('[F-47] puts one beside the times, once at a time where it may not overlap', () => {
    const now = MADE + 1_000;
    const [queued] = planNow(task(), now).events;
    assert.ok(queued?.type === 'scheduler.slot_queued');
    const { slot, next_due } = queued.data;
    assert.deepEqual([Date.parse(slot.scheduled_at), slot.reason], [now, 'now']);
    assert.equal(next_due, task().next_due);
    const refusal = (one: TaskView): string => {
      try {
        planNow(one, now);
        return 'planned';
      } catch (failure) {
        return (failure as { code: string }).code;
      }
    };
    assert.equal(refusal(running(task())), 'task_busy');
    assert.equal(refusal({ ...task(), queue: [slot] }), 'task_busy');
    assert.equal(refusal({ ...task(), status: 'paused' }), 'task_busy');
    assert.equal(refusal({ ...task(), status: 'deleted' }), 'not_found');
    assert.equal(refusal({ ...running(task()), overlap: 'queue' }), 'planned');
  });
});
