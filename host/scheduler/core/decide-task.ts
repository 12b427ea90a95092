import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { BuiltinName, TaskDefinition, TaskDraft, TaskView } from '#schema/views/task.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { present } from '#host/kernel/fields.ts';
import { nextSlot, requireTrigger, requireZone } from './calendar.ts';
import { requireAction } from './action.ts';
import { runKey } from './run-key.ts';

/** The fields that an update changes. */
export type TaskPatch = { [K in keyof TaskDefinition]?: TaskDefinition[K] | undefined };

const iso = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
const made = (task: Pick<TaskView, 'created_at'>): number => Date.parse(task.created_at);

/** The definition that a draft means. Throws `invalid_zone`, `invalid_schedule`, `time_in_past`, `invalid_payload`. */
export function definitionOf(draft: TaskDraft, zone: string, now: number): TaskDefinition {
  const definition = { ...draft, zone: draft.zone ?? zone };
  requireDefinition(definition, now);
  return definition;
}

function requireDefinition(definition: TaskDefinition, now: number): void {
  requireZone(definition.zone);
  requireTrigger(definition.trigger, definition.zone, now);
  requireAction(definition.action);
}

export interface NewTask {
  task_id: string;
  definition: TaskDefinition;
  maker: Principal;
  builtin: BuiltinName | null;
  folders: readonly string[];
}

/**
 * Makes a task that counts from `now`. Between the check of its definition and this a moment may have
 * passed (an approval was waited for, or the machine was busy): a task that is never due would be lost.
 * Throws `time_in_past`, `invalid_schedule`.
 */
export function createTask(task: NewTask, now: number): DomainEvent {
  const { trigger, zone } = task.definition;
  requireTrigger(trigger, zone, now);
  const next_due = iso(nextSlot(trigger, zone, now, now));
  return { type: 'task.created', data: { ...task, folders: [...task.folders], next_due } };
}

/** The next slot that no version of the task has had yet, and that has not passed. */
export function nextAfterAll(
  task: TaskView,
  definition: TaskDefinition,
  now: number,
): string | null {
  const after = Math.max(now, task.last_slot === null ? 0 : Date.parse(task.last_slot));
  return iso(nextSlot(definition.trigger, definition.zone, made(task), after));
}

const requireKnown = (task: TaskView | null): TaskView => {
  if (task === null || task.status === 'deleted') throw new HobError('not_found');
  return task;
};

/**
 * The next generation. A slot that was due and not yet claimed is skipped, and said so; the first slot
 * of the new generation comes after every slot of the earlier ones.
 * Throws `not_found`, `version_conflict`, `builtin_task` and what a definition throws.
 */
export function updateTask(
  found: TaskView | null,
  change: TaskPatch,
  generation: number,
  now: number,
): DomainEvent[] {
  const task = requireKnown(found);
  if (task.generation !== generation)
    throw new HobError('version_conflict', {
      message: `The task was changed in the meantime: it is at version ${task.generation}.`,
    });
  const isTimes = Object.keys(present(change)).every((k) =>
    ['trigger', 'zone', 'quiet_hours'].includes(k),
  );
  if (task.builtin !== null && (!isTimes || change.trigger?.kind === 'event'))
    throw new HobError('builtin_task');
  const definition = { ...definitionIn(task), ...present(change) };
  requireDefinition(definition, isUnchanged(task, definition) ? 0 : now);
  const next_due = task.status === 'paused' ? null : nextAfterAll(task, definition, now);
  const updated: DomainEvent = {
    type: 'task.updated',
    data: { task_id: task.task_id, generation: generation + 1, definition, next_due },
  };
  return [...replaced(task, next_due, now), updated];
}

/** A one-shot whose moment has passed may be renamed all the same. */
const isUnchanged = (task: TaskView, { trigger, zone }: TaskDefinition): boolean =>
  JSON.stringify(trigger) === JSON.stringify(task.trigger) && zone === task.zone;

function replaced(task: TaskView, next_due: string | null, now: number): DomainEvent[] {
  const due = task.next_due;
  if (task.status !== 'active' || due === null || Date.parse(due) > now) return [];
  const { task_id, generation } = task;
  return [
    {
      type: 'scheduler.slot_skipped',
      data: {
        task_id,
        run_key: runKey({ task_id, scheduled_at: due, generation, cause_seq: null }),
        generation,
        from: due,
        to: due,
        count: 1,
        reason_code: 'replaced',
        reason: 'The task was changed before this slot could run.',
        next_due,
        cause_seq: null,
      },
    },
  ];
}

/** The part of a task that its maker wrote. */
export const definitionIn = (task: TaskView): TaskDefinition => ({
  name: task.name,
  trigger: task.trigger,
  action: task.action,
  zone: task.zone,
  missed: task.missed,
  overlap: task.overlap,
  retry: task.retry,
  timeout_seconds: task.timeout_seconds,
  idempotent: task.idempotent,
  quiet_hours: task.quiet_hours,
});

/** Throws `not_found`, `builtin_task`. Nothing when it is deleted already. */
export function deleteTask(task: TaskView | null, reason: string): DomainEvent[] {
  if (task === null) throw new HobError('not_found');
  if (task.builtin !== null) throw new HobError('builtin_task');
  if (task.status === 'deleted') return [];
  const { task_id, next_due, queue, active } = task;
  const retries = active.flatMap(({ run_id, run_key }) => (run_id === null ? [run_key] : []));
  const left = { next_due, queue, retries };
  return [{ type: 'task.deleted', data: { task_id, reason, left } }];
}

/** For so long a task that was deleted can be had back. */
export const RESTORED_WITHIN_MS = 10 * 60_000;

/**
 * The task as it was before it was deleted, by mistake. What waited goes on waiting; what fell due in the meantime
 * is as late as if nobody could have run it. Nothing when it is there. Throws `not_found` when that is too long ago.
 */
export function restoreTask(task: TaskView | null, now: number): DomainEvent[] {
  if (task === null) throw new HobError('not_found');
  if (task.status !== 'deleted') return [];
  if (now - Date.parse(task.updated_at) > RESTORED_WITHIN_MS)
    throw new HobError('not_found', {
      message: 'It was deleted too long ago to be had back; make it again.',
    });
  const { task_id, cause_seq, trigger } = task;
  const next_due = task.next_due ?? nextOfRestored(task, now);
  const after = trigger.kind === 'event' ? { cause_seq } : {};
  return [{ type: 'task.restored', data: { task_id, next_due, ...after } }];
}

/** Version 1 of a deletion did not keep when the task was due. */
const nextOfRestored = (task: TaskView, now: number): string | null =>
  task.paused_by === null
    ? nextAfterAll(task, definitionIn(task), isStillToCome(task) ? 0 : now)
    : null;

export function pauseTask(found: TaskView | null, by: string, reason: string): DomainEvent[] {
  const task = requireKnown(found);
  if (task.status === 'paused') return [];
  return [{ type: 'task.paused', data: { task_id: task.task_id, by, reason } }];
}

/**
 * What is due once is resumed with its moment, also when that has passed: then it was missed, and what the task
 * says of missed slots holds. What comes again and again goes on with its next time.
 */
const isStillToCome = ({ trigger }: TaskView): boolean => trigger.kind === 'once';

/** Throws `not_found`, and `role_refused` where an agent would undo a person's pause. */
export function resumeTask(found: TaskView | null, by: Principal, now: number): DomainEvent[] {
  const task = requireKnown(found);
  if (task.status !== 'paused') return [];
  if (by.kind === 'agent' && task.paused_by !== by.id)
    throw new HobError('role_refused', {
      message: 'Somebody else paused this task; it can be resumed in the editor.',
    });
  const next_due = nextAfterAll(task, definitionIn(task), isStillToCome(task) ? 0 : now);
  return [{ type: 'task.resumed', data: { task_id: task.task_id, next_due } }];
}
