import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import type { Projection } from '#host/store/ports.ts';
import { evolveSlot } from './core/slot.ts';
import { evolveTask, hasActive, wakeAt } from './core/task.ts';

const field = (event: StoredEvent, name: string): string | null => {
  const value = event.data?.[name];
  return typeof value === 'string' ? value : null;
};

const isOfTask = (type: string): boolean =>
  type.startsWith('task.') || type.startsWith('scheduler.');

/**
 * Time makes it due, and somebody made it: a host stays for that. One that waits for an event needs nobody
 * to wait for it, and what comes with Hob is made up for at the next start.
 */
const isAwaited = ({ status, builtin, trigger }: TaskView): boolean =>
  status === 'active' && builtin === null && trigger.kind !== 'event';

export const tasksProjection: Projection<TaskView> = {
  table: 'proj_tasks',
  version: 5,
  key: (event) => (isOfTask(event.event_type) ? field(event, 'task_id') : null),
  evolve: evolveTask,
  columns: (t) => ({
    workspace_id: t.workspace_id,
    status: t.status,
    principal_id: t.maker.id,
    builtin: t.builtin,
    trigger_kind: t.trigger.kind,
    wake_at: wakeAt(t),
    has_active: hasActive(t) ? 1 : 0,
    is_awaited: isAwaited(t) ? 1 : null,
  }),
};

/** One row a slot, by run key: a task's slots lie together, in the order of their times. */
export const slotsProjection: Projection<SlotView> = {
  table: 'proj_task_slots',
  version: 1,
  key: (event) => (event.event_type.startsWith('scheduler.') ? field(event, 'run_key') : null),
  evolve: evolveSlot,
  columns: (s) => ({ task_id: s.task_id }),
};

export const schedulerProjections: readonly Projection<unknown>[] = [
  tasksProjection,
  slotsProjection,
];
