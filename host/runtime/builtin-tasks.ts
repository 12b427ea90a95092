import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { BuiltinName, TaskDefinition } from '#schema/views/task.ts';
import { localZone } from '#host/kernel/local-zone.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import { tasksProjection } from '#host/scheduler/projections.ts';
import type { TaskService } from '#host/scheduler/task-service.ts';
import type { EventStore } from '#host/store/ports.ts';

type Builtin = Pick<TaskDefinition, 'name' | 'trigger' | 'action' | 'missed'>;

/** The tasks that come with Hob. They can be paused and moved, not deleted. */
const builtins: Record<BuiltinName, Builtin> = {
  backup: {
    name: 'Back up the record',
    trigger: { kind: 'cron', expression: '0 2 * * *' },
    action: { kind: 'tool', tool: 'hob.backup', arguments: {} },
    missed: { kind: 'run_once' },
  },
  gc: {
    name: 'Clear away leftovers',
    trigger: { kind: 'cron', expression: '30 3 * * *' },
    action: { kind: 'tool', tool: 'hob.gc', arguments: {} },
    missed: { kind: 'run_once' },
  },
  verify: {
    name: 'Verify the record',
    trigger: { kind: 'cron', expression: '30 4 * * *' },
    action: { kind: 'tool', tool: 'hob.verify', arguments: {} },
    missed: { kind: 'run_once' },
  },
  briefing: {
    name: 'Say what happened',
    trigger: { kind: 'cron', expression: '0 8 * * *' },
    action: { kind: 'sentence', text: 'what happened' },
    missed: { kind: 'skip' },
  },
};

/** Makes the built-in tasks that this data directory does not have yet. */
export async function ensureBuiltins(
  store: EventStore,
  tasks: TaskService,
  ids: IdSource,
  host: Principal,
): Promise<void> {
  for (const [builtin, own] of Object.entries(builtins) as [BuiltinName, Builtin][]) {
    if ((await store.count(tasksProjection, { builtin })) > 0) continue;
    const definition: TaskDefinition = {
      ...own,
      zone: localZone(),
      overlap: 'skip',
      retry: { attempts: 1, backoff_seconds: 60 },
      timeout_seconds: null,
      idempotent: true,
      quiet_hours: null,
    };
    const task_id = ids.domain('task');
    await tasks.create(
      { task_id, definition, maker: host, builtin, folders: [] },
      {
        principal: host,
        workspace_id: DEFAULT_WORKSPACE,
        correlation_id: task_id,
        causation_id: null,
      },
    );
  }
}
