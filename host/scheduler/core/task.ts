import type { DomainEventData, DomainEventType } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { QueuedSlot, TaskDefinition, TaskView } from '#schema/views/task.ts';
import { isoTime } from '#host/kernel/clock.ts';

type Data<T extends DomainEventType> = DomainEventData<T>;

const later = (a: string | null, b: string): string => (a === null || b > a ? b : a);

/**
 * An interval counts from the moment in which it was asked for, as its first time did. The event comes a
 * moment later, and by that much the first slot would happen a second time.
 */
function madeAt(
  { occurred_at }: StoredEvent,
  { definition, next_due }: Data<'task.created'>,
): string {
  const { trigger } = definition;
  if (trigger.kind !== 'interval' || trigger.from !== undefined || next_due === null)
    return occurred_at;
  return isoTime(Date.parse(next_due) - trigger.every_seconds * 1_000);
}

function created(event: StoredEvent): TaskView {
  const data = event.data as unknown as Data<'task.created'>;
  return {
    ...data.definition,
    task_id: data.task_id,
    workspace_id: event.workspace_id,
    generation: 1,
    status: 'active',
    paused_reason: null,
    paused_by: null,
    maker: data.maker,
    builtin: data.builtin,
    folders: data.folders,
    created_at: madeAt(event, data),
    updated_at: event.occurred_at,
    next_due: data.next_due,
    last_slot: null,
    cause_seq: data.definition.trigger.kind === 'event' ? event.seq : 0,
    active: [],
    queue: [],
    last_result: null,
  };
}

const sameSlot = (slot: QueuedSlot, scheduled_at: string, cause_seq: number | null): boolean =>
  slot.scheduled_at === scheduled_at && slot.cause_seq === cause_seq;

/** What every slot that is dealt with does to its task, whether it is claimed, queued or skipped. */
function dealtWith(
  task: TaskView,
  scheduled_at: string,
  cause_seq: number | null,
  next_due: string | null,
): TaskView {
  return {
    ...task,
    next_due,
    last_slot: later(task.last_slot, scheduled_at),
    cause_seq: Math.max(task.cause_seq, cause_seq ?? 0),
  };
}

function claimed(task: TaskView, event: StoredEvent): TaskView {
  const data = event.data as unknown as Data<'scheduler.slot_claimed'>;
  const { run_key, scheduled_at, generation, attempt, run_id, cause_seq, next_due } = data;
  const slot = { run_key, scheduled_at, generation, attempt, run_id, retry_at: null };
  return {
    ...dealtWith(task, scheduled_at, cause_seq, next_due),
    active: [...task.active.filter((a) => a.run_key !== run_key), slot],
    queue: task.queue.filter((q) => !sameSlot(q, scheduled_at, cause_seq)),
  };
}

function skipped(task: TaskView, event: StoredEvent): TaskView {
  const data = event.data as unknown as Data<'scheduler.slot_skipped'>;
  const after = dealtWith(task, data.to, data.cause_seq, data.next_due);
  return finished({
    ...after,
    queue: task.queue.filter((q) => !sameSlot(q, data.to, data.cause_seq)),
    last_result:
      data.reason_code === 'already_claimed'
        ? task.last_result
        : {
            run_key: data.run_key,
            outcome: 'skipped',
            scheduled_at: data.to,
            ended_at: event.occurred_at,
            reason: data.reason,
          },
  });
}

function resulted(task: TaskView, event: StoredEvent): TaskView {
  const data = event.data as unknown as Data<'scheduler.task_result'>;
  const { run_key, outcome, scheduled_at, reason } = data;
  return finished({
    ...task,
    active: task.active.filter((a) => a.run_key !== run_key),
    last_result: { run_key, outcome, scheduled_at, ended_at: event.occurred_at, reason },
  });
}

/** A task that will never be due again is done once nothing of it is left. */
function finished(task: TaskView): TaskView {
  const isOver =
    task.status === 'active' &&
    task.trigger.kind !== 'event' &&
    task.next_due === null &&
    task.active.length === 0 &&
    task.queue.length === 0;
  return isOver ? { ...task, status: 'done' } : task;
}

const redefined = (task: TaskView, definition: TaskDefinition): TaskView => ({
  ...task,
  ...definition,
});

/** The task after one more event about it. */
export function evolveTask(task: TaskView | null, event: StoredEvent): TaskView | null {
  if (event.event_type === 'task.created') return created(event);
  if (task === null) return null;
  switch (event.event_type) {
    case 'task.updated': {
      const data = event.data as unknown as Data<'task.updated'>;
      const { trigger } = data.definition;
      // Other events than before: those that happened until now are none of them.
      const isNewlyFor =
        trigger.kind === 'event' && JSON.stringify(trigger) !== JSON.stringify(task.trigger);
      return finished({
        ...redefined(task, data.definition),
        generation: data.generation,
        next_due: data.next_due,
        updated_at: event.occurred_at,
        status: task.status === 'done' ? 'active' : task.status,
        cause_seq: isNewlyFor ? event.seq : task.cause_seq,
      });
    }
    case 'task.deleted': {
      const { left } = event.data as unknown as Data<'task.deleted'>;
      return {
        ...task,
        status: 'deleted',
        next_due: left?.next_due ?? null,
        queue: left?.queue ?? [],
        active: task.active.filter(
          ({ run_id, run_key }) => run_id !== null || left?.retries.includes(run_key) === true,
        ),
        updated_at: event.occurred_at,
      };
    }
    case 'task.restored': {
      const { next_due, cause_seq } = event.data as unknown as Data<'task.restored'>;
      return finished({
        ...task,
        status: task.paused_by === null ? 'active' : 'paused',
        next_due,
        updated_at: event.occurred_at,
        cause_seq: task.trigger.kind === 'event' ? (cause_seq ?? event.seq) : task.cause_seq,
      });
    }
    case 'task.paused': {
      const { by, reason } = event.data as unknown as Data<'task.paused'>;
      return { ...task, status: 'paused', paused_by: by, paused_reason: reason };
    }
    case 'task.resumed': {
      const { next_due } = event.data as unknown as Data<'task.resumed'>;
      const cause_seq = task.trigger.kind === 'event' ? event.seq : task.cause_seq;
      return finished({
        ...task,
        status: 'active',
        paused_by: null,
        paused_reason: null,
        next_due,
        cause_seq,
      });
    }
    case 'scheduler.slot_queued': {
      const { slot, next_due } = event.data as unknown as Data<'scheduler.slot_queued'>;
      const after = dealtWith(task, slot.scheduled_at, slot.cause_seq, next_due);
      return { ...after, queue: [...task.queue, slot] };
    }
    case 'scheduler.slot_skipped':
      return skipped(task, event);
    case 'scheduler.slot_claimed':
      return claimed(task, event);
    case 'scheduler.retry_planned': {
      const { run_key, retry_at } = event.data as unknown as Data<'scheduler.retry_planned'>;
      return {
        ...task,
        active: task.active.map((a) =>
          a.run_key === run_key ? { ...a, run_id: null, retry_at } : a,
        ),
      };
    }
    case 'scheduler.task_result':
      return resulted(task, event);
    default:
      return task;
  }
}

/** Something of it runs or waits to be tried again; what was deleted while it waited does not. */
export const hasActive = ({ status, active }: TaskView): boolean =>
  active.some(({ run_id }) => run_id !== null || status !== 'deleted');

/** When the task must be looked at next, ISO; null = not before something happens to it. */
export function wakeAt(task: TaskView): string | null {
  const retries = task.active.flatMap(({ retry_at }) => (retry_at === null ? [] : [retry_at]));
  if (task.status === 'deleted' || task.status === 'paused') return null;
  const waiting = task.active.length === 0 ? task.queue.map(({ not_before }) => not_before) : [];
  return earliest([...retries, ...waiting, ...(task.next_due === null ? [] : [task.next_due])]);
}

const earliest = (times: readonly string[]): string | null =>
  times.reduce<string | null>((first, at) => (first === null || at < first ? at : first), null);
