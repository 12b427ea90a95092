import { taskDraftSchema, type TaskDraft } from '#schema/views/task.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { schedulerProjections } from '#host/scheduler/projections.ts';
import { TaskService } from '#host/scheduler/task-service.ts';
import { openMemoryStore } from '#host/store/adapters/memory/store.ts';

const ids = systemIds();

export const person: Principal = {
  kind: 'user',
  id: 'user',
  display: 'you',
  role: 'panel',
  proven: true,
};

export const callerOf = (principal: Principal) => ({
  principal,
  workspace_id: 'ws_dev',
  correlation_id: 'x',
  causation_id: null,
});

/** A reminder, but for what is given. */
export const draftOf = (given: object): TaskDraft =>
  taskDraftSchema.parse({
    name: 'one',
    action: { kind: 'reminder', message: 'look' },
    ...given,
  });

/** The service of tasks over a store of its own in memory, for the tests of what is decided about tasks. */
export function memoryTasks(limits?: { ofAgent: number; afterEvents: number }) {
  const store = openMemoryStore({
    clock: systemClock,
    ids,
    projections: schedulerProjections,
    knownSecrets: () => [],
    log: silentLog,
  });
  const tasks = new TaskService({
    store,
    clock: systemClock,
    ids,
    zone: () => 'UTC',
    folders: () => [],
    ...(limits !== undefined && { limits }),
  });
  return { store, tasks, ids };
}
