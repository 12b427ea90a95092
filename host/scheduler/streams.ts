import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskView } from '#schema/views/task.ts';
import type { EventContext } from '#host/store/ports.ts';

export const taskStream = (stream_id: string) => ({ stream_type: 'task', stream_id });
export const slotStream = (stream_id: string) => ({ stream_type: 'slot', stream_id });

/** In whose name the scheduler records what it does about a task. */
export const contextOf = (
  { workspace_id, task_id }: TaskView,
  actor: Principal,
  run_id: string | null = null,
): EventContext => ({
  workspace_id,
  actor,
  correlation_id: task_id,
  causation_id: task_id,
  run_id,
});
