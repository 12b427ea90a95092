import type { TaskChange } from '#schema/commands/scheduler.ts';
import type { TaskView } from '#schema/views/task.ts';
import type { TaskGate } from '#host/scheduler/task-gate.ts';
import { done, type TaskService } from '#host/scheduler/task-service.ts';
import type { CallContext, Handlers } from '../ports.ts';

export interface SchedulerHandlersOptions {
  tasks: TaskService;
  scheduler: { triggerNow(task: TaskView): Promise<void>; cancelRunning(task: TaskView): void };
  /** Puts an agent's changes before a person. */
  gate: TaskGate;
  /** The workspace that a task belongs to, by where it would run. */
  workspaceFor(context: CallContext, cwd: string | undefined): string;
}

type SchedulerCommands =
  | 'scheduler.list'
  | 'scheduler.get'
  | 'scheduler.history'
  | 'scheduler.preview'
  | 'scheduler.create'
  | 'scheduler.update'
  | 'scheduler.delete'
  | 'scheduler.restore'
  | 'scheduler.pause'
  | 'scheduler.resume'
  | 'scheduler.trigger_now';

export function schedulerHandlers(o: SchedulerHandlersOptions): Pick<Handlers, SchedulerCommands> {
  const callerOf = (
    { caller, correlation_id, causation_id }: CallContext,
    workspace_id: string,
  ) => ({
    principal: caller.principal,
    workspace_id,
    correlation_id,
    causation_id,
  });
  /** The task, if it is the caller's to change. */
  const own = (taskId: string, { caller }: CallContext): Promise<TaskView> =>
    o.tasks.get(taskId, caller.principal);
  const isAgent = ({ caller }: CallContext): boolean => caller.principal.kind === 'agent';

  return {
    'scheduler.list': ({ status, limit, after_task_id }, { caller }) =>
      o.tasks.list(status, limit, after_task_id, caller.principal),

    'scheduler.get': async ({ task_id, times }, context) => {
      const task = await own(task_id, context);
      return { task, next: o.tasks.next(task, times) };
    },

    'scheduler.history': async ({ task_id, limit, before_run_key }, context) => ({
      slots: await o.tasks.history(await own(task_id, context), limit, before_run_key),
    }),

    'scheduler.preview': async ({ trigger, zone, quiet_hours, times }) =>
      o.tasks.preview(trigger, zone, quiet_hours, times),

    'scheduler.create': async ({ task: draft, wait_ms }, context): Promise<TaskChange> => {
      const cwd = draft.action.kind === 'command' ? draft.action.cwd : undefined;
      const caller = callerOf(context, o.workspaceFor(context, cwd));
      const task = o.tasks.plan(draft, caller);
      if (isAgent(context)) return o.gate.create(task, caller, wait_ms, context.caller);
      return done(await o.tasks.create(task, caller));
    },

    'scheduler.update': async ({ task_id, generation, change, wait_ms }, context) => {
      const task = await own(task_id, context);
      const caller = callerOf(context, task.workspace_id);
      if (!isAgent(context)) return done(await o.tasks.update(task_id, change, generation, caller));
      await o.tasks.checkUpdate(task_id, change, generation);
      return o.gate.update(task, change, generation, caller, wait_ms, context.caller);
    },

    'scheduler.delete': async ({ task_id, reason, cancel_running }, context) => {
      const task = await own(task_id, context);
      const deleted = await o.tasks.delete(task_id, reason, callerOf(context, task.workspace_id));
      if (cancel_running) o.scheduler.cancelRunning(deleted);
      return { task: deleted };
    },

    'scheduler.restore': async ({ task_id }, context) => ({
      task: await o.tasks.restore(task_id, callerOf(context, context.workspace_id)),
    }),

    'scheduler.pause': async ({ task_id, reason }, context) => {
      const task = await own(task_id, context);
      return { task: await o.tasks.pause(task_id, reason, callerOf(context, task.workspace_id)) };
    },

    'scheduler.resume': async ({ task_id }, context) => {
      const task = await own(task_id, context);
      return { task: await o.tasks.resume(task_id, callerOf(context, task.workspace_id)) };
    },

    'scheduler.trigger_now': async ({ task_id }, context) => {
      await o.scheduler.triggerNow(await own(task_id, context));
      return { task: await own(task_id, context) };
    },
  };
}
