import * as z from 'zod';
import type { TaskChange } from '#schema/commands/scheduler.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import { taskDefinitionSchema, type TaskView } from '#schema/views/task.ts';
import { endedRunStatuses } from '#schema/views/run.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { EventStore } from '#host/store/ports.ts';
import { present } from '#host/kernel/fields.ts';
import { definitionIn, type NewTask, type TaskPatch } from './core/decide-task.ts';
import { tasksProjection } from './projections.ts';
import type { TaskCaller, TaskService } from './task-service.ts';

/** The connection that asked. */
interface Asker {
  connection_id: string;
  closed: AbortSignal;
}

const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/**
 * An agent's changes to tasks as calls like any other: the card shows the whole task, and what is
 * saved after a yes is what was shown.
 */
export class TaskGate {
  readonly #o: { gate: Gate; store: EventStore; tasks: TaskService };

  constructor(options: { gate: Gate; store: EventStore; tasks: TaskService }) {
    this.#o = options;
  }

  create(task: NewTask, caller: TaskCaller, waitMs: number, asker: Asker): Promise<TaskChange> {
    const { maker: _maker, builtin: _builtin, ...shown } = task;
    return this.#ask('scheduler.create', plain(shown), task.task_id, caller, waitMs, asker);
  }

  update(
    task: TaskView,
    change: TaskPatch,
    generation: number,
    caller: TaskCaller,
    waitMs: number,
    asker: Asker,
  ): Promise<TaskChange> {
    const definition = { ...definitionIn(task), ...present(change) };
    const shown = plain({ task_id: task.task_id, generation, definition });
    return this.#ask('scheduler.update', shown, task.task_id, caller, waitMs, asker);
  }

  async #ask(
    tool: string,
    args: JsonObject,
    taskId: string,
    caller: TaskCaller,
    waitMs: number,
    { connection_id, closed }: Asker,
  ): Promise<TaskChange> {
    const run = await this.#o.gate.submit({
      ...caller,
      call: { action: 'schedule.write', tool, arguments: args },
      trigger: { kind: 'command', ref: taskId },
      runner: 'internal',
      task: null,
      dedupe_key: null,
      idempotency_key: null,
      connection_id,
    });
    const settled = await this.#o.gate.settled(run.run_id, waitMs, closed);
    return this.#change(settled, taskId);
  }

  async #change(run: RunView, taskId: string): Promise<TaskChange> {
    const { run_id, approval_id, status, error } = run;
    if (!endedRunStatuses.includes(status))
      return { status: 'pending', task: null, run_id, approval_id, reason: null };
    if (status !== 'succeeded')
      return {
        status: 'denied',
        task: null,
        run_id,
        approval_id,
        reason: error?.message ?? status,
      };
    const task = await this.#o.store.document(tasksProjection, taskId);
    return { status: 'done', task, run_id, approval_id, reason: null };
  }
}

/** Carries out an approved change, with exactly the arguments that were shown. */
export async function applyTaskCall(
  tasks: TaskService,
  run: RunView,
  args: JsonObject,
): Promise<TaskView> {
  const { principal, workspace_id, correlation_id, run_id } = run;
  const caller = { principal, workspace_id, correlation_id, causation_id: run_id };
  const definition = taskDefinitionSchema.parse(args['definition']);
  const task_id = z.string().parse(args['task_id']);
  if (run.call.tool === 'scheduler.update')
    return tasks.update(task_id, definition, Number(args['generation']), caller);
  const folders = z.array(z.string()).parse(args['folders']);
  return tasks.create({ task_id, definition, maker: principal, builtin: null, folders }, caller);
}
