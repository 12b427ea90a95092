import type { TaskView } from './task.ts';

const order: Readonly<Record<TaskView['status'], number>> = {
  active: 0,
  paused: 1,
  done: 2,
  deleted: 3,
};

/** Made by somebody, where the others are Hob's own upkeep. */
export const isOwn = ({ builtin }: Pick<TaskView, 'builtin'>): boolean => builtin === null;

/** As people want to see schedules: their own before Hob's upkeep; each by when it is due, then paused, then done. */
export const inOrder = (tasks: readonly TaskView[]): TaskView[] =>
  tasks.toSorted(
    (a, b) =>
      Number(isOwn(b)) - Number(isOwn(a)) ||
      order[a.status] - order[b.status] ||
      (a.next_due ?? '9').localeCompare(b.next_due ?? '9') ||
      a.name.localeCompare(b.name),
  );
