import type { CommandResult } from '#schema/commands/registry.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import type { TaskFields } from '../schedule/task-fields.ts';

/** The schedule that is unfolded: its next times and what became of its last ones. */
export interface OpenTask {
  readonly task_id: string;
  /** Null until the host has said. */
  readonly detail: { readonly next: readonly string[]; readonly slots: readonly SlotView[] } | null;
  /** Delete was pressed once. */
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

export interface ScheduleState {
  /** Active first, by when they are due; then paused, then done. */
  readonly tasks: readonly TaskView[];
  readonly open: OpenTask | null;
  readonly edit: TaskEdit | null;
}

export const initialSchedule: ScheduleState = { tasks: [], open: null, edit: null };

const order: Readonly<Record<TaskView['status'], number>> = {
  active: 0,
  paused: 1,
  done: 2,
  deleted: 3,
};

/** Schedules with this list. What was unfolded and is gone is folded. */
export function withTasks(
  schedule: ScheduleState,
  { tasks }: CommandResult<'scheduler.list'>,
): ScheduleState {
  const sorted = tasks.toSorted(
    (a, b) =>
      order[a.status] - order[b.status] ||
      (a.next_due ?? '9').localeCompare(b.next_due ?? '9') ||
      a.name.localeCompare(b.name),
  );
  const isThere = (task_id: string): boolean => tasks.some((task) => task.task_id === task_id);
  const { open, edit } = schedule;
  return {
    tasks: sorted,
    open: open !== null && isThere(open.task_id) ? open : null,
    edit: edit !== null && isThere(edit.task_id) ? edit : null,
  };
}

/** The task under the form, where it is of another version by now than the one that the form is over. */
export const editedElsewhere = ({ tasks, edit }: ScheduleState): TaskView | null =>
  tasks.find((task) => task.task_id === edit?.task_id && task.generation > edit.generation) ?? null;

/** When the first of the person's own schedules is due; null when none is. What Hob does for itself is no news. */
export const nextDue = ({ tasks }: ScheduleState): string | null =>
  tasks
    .filter((task) => task.builtin === null && task.status === 'active' && task.next_due !== null)
    .map((task) => task.next_due ?? '')
    .toSorted()[0] ?? null;
