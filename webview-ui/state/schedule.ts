import type { WireError } from '#schema/envelope/errors.ts';
import { inOrder, isOwn } from '#schema/views/schedule-order.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import type { TaskFields } from '../schedule/task-fields.ts';

/** The schedule that is unfolded: its next times and what became of its last ones. */
export interface OpenTask {
  readonly task_id: string;
  /** Null until the host has said. */
  readonly detail: { readonly next: readonly string[]; readonly slots: readonly SlotView[] } | null;
  /** Delete was pressed, and the host has not said that it is gone. */
  readonly deleting: boolean;
}

/** A schedule being edited: what stands in the fields, and what the host makes of them. */
export interface TaskEdit {
  readonly task_id: string;
  /** Of the version that the form is over. */
  readonly generation: number;
  readonly fields: TaskFields;
  /** What stood there before anything was typed. */
  readonly base: TaskFields;
  readonly preview:
    | { readonly step: 'asking' }
    | { readonly step: 'next'; readonly next: readonly string[] }
    | { readonly step: 'wrong'; readonly error: WireError };
  readonly saving: boolean;
  /** Why it could not be saved; null again with the next character. */
  readonly refused: WireError | null;
}

/** A schedule that was deleted here. It keeps its place in the list, with Undo. */
export interface RemovedTask {
  /** As it was, but for `updated_at`: when it was deleted, by the host's clock. */
  readonly task: TaskView;
  readonly at: number;
}

/** As long as the host gives it back. */
const UNDONE_WITHIN_MS = 10 * 60_000;

export interface ScheduleState {
  /** In the order of the list. */
  readonly tasks: readonly TaskView[];
  readonly removed: readonly RemovedTask[];
  readonly open: OpenTask | null;
  readonly edit: TaskEdit | null;
}

export const initialSchedule: ScheduleState = { tasks: [], removed: [], open: null, edit: null };

/** Schedules with this list. What was unfolded and is gone is folded. */
export function withTasks(
  schedule: ScheduleState,
  { tasks }: { readonly tasks: readonly TaskView[] },
): ScheduleState {
  const isThere = (task_id: string): boolean => tasks.some((task) => task.task_id === task_id);
  const { open, edit } = schedule;
  // Had back while the panel was away. A list that is older than the deletion says nothing.
  const isBack = ({ task }: RemovedTask): boolean =>
    tasks.some((one) => one.task_id === task.task_id && one.updated_at > task.updated_at);
  return {
    tasks: inOrder(tasks),
    removed: schedule.removed.filter((one) => !isBack(one)),
    open: open !== null && isThere(open.task_id) ? open : null,
    edit: edit !== null && isThere(edit.task_id) ? edit : null,
  };
}

/** Schedules without this one, which can be had back. */
export function withoutTask(schedule: ScheduleState, task: TaskView, at: number): ScheduleState {
  const tasks = schedule.tasks.filter(({ task_id }) => task_id !== task.task_id);
  const left = withTasks(schedule, { tasks });
  return { ...left, removed: [...left.removed, { task, at }] };
}

/** One that was deleted here is back, as it is by now or as it was. */
export function withTaskBack(
  schedule: ScheduleState,
  task_id: string,
  now?: TaskView,
): ScheduleState {
  const task = now ?? schedule.removed.find((one) => one.task.task_id === task_id)?.task;
  if (task === undefined) return schedule;
  const others = schedule.tasks.filter((one) => one.task_id !== task_id);
  const back = withTasks(schedule, { tasks: [...others, task] });
  return { ...back, removed: back.removed.filter((one) => one.task.task_id !== task_id) };
}

/** Undo is offered for as long as it can be done. */
export function withTimePassed(schedule: ScheduleState, now: number): ScheduleState {
  const removed = schedule.removed.filter(({ at }) => now - at < UNDONE_WITHIN_MS);
  return removed.length === schedule.removed.length ? schedule : { ...schedule, removed };
}

/** What is listed: those that are there, and in their places those that were deleted here. */
export function listed({ tasks, removed }: ScheduleState): readonly TaskView[] {
  if (removed.length === 0) return tasks;
  const gone = new Set(removed.map(({ task }) => task.task_id));
  const there = tasks.filter(({ task_id }) => !gone.has(task_id));
  return inOrder([...there, ...removed.map(({ task }) => task)]);
}

/** The task under the form, where it is of another version by now than the one that the form is over. */
export const editedElsewhere = ({ tasks, edit }: ScheduleState): TaskView | null =>
  tasks.find((task) => task.task_id === edit?.task_id && task.generation > edit.generation) ?? null;

/** When the first of the person's own schedules is due; null when none is. What Hob does for itself is no news. */
export const nextDue = ({ tasks }: ScheduleState): string | null =>
  tasks
    .filter((task) => isOwn(task) && task.status === 'active' && task.next_due !== null)
    .map((task) => task.next_due ?? '')
    .toSorted()[0] ?? null;
