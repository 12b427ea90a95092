// Tasks in a store, without a host.
import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskDefinition } from '#schema/views/task.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { projections } from '#host/runtime/projections.ts';
import { createTask } from '#host/scheduler/core/decide-task.ts';
import { openSqliteStore, type SqliteEventStore } from '#host/store/adapters/sqlite/store.ts';
import type { EventStore } from '#host/store/ports.ts';

export const ids = systemIds();
export const actor: Principal = {
  kind: 'service',
  id: 'host',
  display: 'Hob',
  role: 'engine',
  proven: true,
};

export const openStore = (file: string): Promise<SqliteEventStore> =>
  openSqliteStore({
    file,
    clock: systemClock,
    ids,
    projections,
    knownSecrets: () => [],
    log: silentLog,
    verifyWorker: null,
  });

const definition = (n: number): TaskDefinition => ({
  name: `task ${n}`,
  trigger: { kind: 'interval', every_seconds: 3_600 + n },
  action: { kind: 'reminder', message: 'bench' },
  zone: 'Europe/Paris',
  missed: { kind: 'run_once' },
  overlap: 'skip',
  retry: { attempts: 1, backoff_seconds: 30 },
  timeout_seconds: null,
  idempotent: false,
  quiet_hours: null,
});

/** One task, as the host makes it. `now`: when it counts from. */
export function addTask(
  store: EventStore,
  n: number,
  now: number,
  change: Partial<TaskDefinition> = {},
  folders: string[] = [],
): Promise<unknown> {
  const task_id = ids.domain('task');
  const task = { task_id, definition: { ...definition(n), ...change }, maker: actor };
  const made = createTask({ ...task, builtin: null, folders }, now);
  const context = { workspace_id: 'ws_dev', actor, correlation_id: task_id, causation_id: null };
  const stream = { stream_type: 'task', stream_id: task_id };
  return store.transact((tx) => tx.append(stream, 'no_stream', [made], context));
}

/** So many tasks that are due in an hour or later. */
export async function addTasks(store: EventStore, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - n) }, (_, i) => n + i);
    await Promise.all(some.map((at) => addTask(store, at, Date.now())));
  }
}
