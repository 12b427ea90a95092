import type { TaskChange } from '#schema/commands/scheduler.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type {
  SlotView,
  TaskDefinition,
  TaskDraft,
  TaskTrigger,
  TaskView,
  QuietHours,
} from '#schema/views/task.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { EventStore, StoreTransaction } from '#host/store/ports.ts';
import { moment, nextSlots, requireTrigger, requireZone } from './core/calendar.ts';
import {
  createTask,
  definitionOf,
  deleteTask,
  pauseTask,
  restoreTask,
  resumeTask,
  updateTask,
  type NewTask,
  type TaskPatch,
} from './core/decide-task.ts';
import { makerRevoked } from './core/refusals.ts';
import { isQuiet } from './core/quiet-hours.ts';
import { slotsProjection, tasksProjection } from './projections.ts';
import { taskStream } from './streams.ts';

export interface TaskServiceOptions {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  /** The zone of this machine. */
  zone: () => string;
  /** Folders of a workspace, for runs while no window of it is open. */
  folders: (workspaceId: string) => readonly string[];
  limits?: TaskLimits;
}

/** Who asks, and where. */
export interface TaskCaller {
  principal: Principal;
  workspace_id: string;
  correlation_id: string;
  causation_id: string | null;
}

/** Tasks that come after events: each event is held against all of them. */
export const MAX_AFTER_EVENTS = 10_000;

export interface TaskLimits {
  /** Tasks that one agent may have. */
  ofAgent: number;
  /** Tasks that come after events, whoever made them. */
  afterEvents: number;
}
const LIMITS: TaskLimits = { ofAgent: 1_000, afterEvents: MAX_AFTER_EVENTS };

export type Moment = ReturnType<typeof moment>;

export const done = (task: TaskView): TaskChange => ({
  status: 'done',
  task,
  run_id: null,
  approval_id: null,
  reason: null,
});

/** Tasks as documents: made, changed, paused, deleted, looked at. What is due is the scheduler's. */
export class TaskService {
  readonly #o: TaskServiceOptions;
  readonly #limits: TaskLimits;

  constructor(options: TaskServiceOptions) {
    this.#o = options;
    this.#limits = options.limits ?? LIMITS;
  }

  /** The task if the caller may know of it. Throws `not_found`. */
  async get(taskId: string, { kind, id }: Principal): Promise<TaskView> {
    const task = await this.#o.store.document(tasksProjection, taskId);
    const isHidden = kind === 'agent' && task?.maker.id !== id;
    if (task === null || task.status === 'deleted' || isHidden) throw new HobError('not_found');
    return task;
  }

  async list(
    status: readonly TaskView['status'][],
    limit: number,
    after: string | undefined,
    by: Principal,
  ): Promise<{ tasks: TaskView[]; total: number }> {
    const where = { status, ...(by.kind === 'agent' ? { principal_id: by.id } : {}) };
    const page = { where, limit, ...(after === undefined ? {} : { after_key: after }) };
    return {
      tasks: await this.#o.store.documents(tasksProjection, page),
      total: await this.#o.store.count(tasksProjection, where),
    };
  }

  async history(task: TaskView, limit: number, before: string | undefined): Promise<SlotView[]> {
    return this.#o.store.documents(slotsProjection, {
      where: { task_id: task.task_id },
      order: 'desc',
      limit,
      ...(before === undefined ? {} : { after_key: before }),
    });
  }

  /** The next times of a task, those in its quiet hours left out. */
  next(task: TaskView, count: number): Moment[] {
    if (task.status !== 'active') return [];
    const from = Date.parse(task.next_due ?? task.created_at) - 1;
    return task.next_due === null
      ? []
      : this.#times(task, Date.parse(task.created_at), from, count);
  }

  /** The same for a trigger that is not saved. Throws `invalid_zone`, `invalid_schedule`, `time_in_past`. */
  preview(
    trigger: TaskTrigger,
    named: string | undefined,
    quiet_hours: QuietHours | null,
    count: number,
  ): { zone: string; next: Moment[] } {
    const zone = named ?? this.#o.zone();
    const now = this.#o.clock.now();
    requireZone(zone);
    requireTrigger(trigger, zone, now);
    return { zone, next: this.#times({ trigger, zone, quiet_hours }, now, now, count) };
  }

  #times(
    task: Pick<TaskDefinition, 'trigger' | 'zone' | 'quiet_hours'>,
    madeAt: number,
    after: number,
    count: number,
  ): Moment[] {
    const { trigger, zone, quiet_hours } = task;
    const wanted = quiet_hours === null ? count : count * 50;
    return nextSlots(trigger, zone, madeAt, after, wanted)
      .filter((at) => !isQuiet(quiet_hours, zone, at))
      .slice(0, count)
      .map((at) => moment(at, zone));
  }

  /** What a draft would become: checked, with everything that was left out filled in. */
  plan(draft: TaskDraft, caller: TaskCaller): NewTask {
    return {
      task_id: this.#o.ids.domain('task'),
      definition: definitionOf(draft, this.#o.zone(), this.#o.clock.now()),
      maker: caller.principal,
      builtin: null,
      folders: this.#o.folders(caller.workspace_id),
    };
  }

  /** Makes a task. The same id twice is the same task. Throws `too_many_tasks`. */
  async create(task: NewTask, caller: TaskCaller): Promise<TaskView> {
    return this.#o.store.transact(async (tx) => {
      const known = await tx.document(tasksProjection, task.task_id);
      if (known !== null) return known;
      await requireRoomOf(tx, task.maker, this.#limits);
      await requireRoomAfterEvents(tx, null, task.definition.trigger, this.#limits);
      return this.#append(tx, task.task_id, [createTask(task, this.#o.clock.now())], caller);
    });
  }

  /** What an update would come to, without doing it. Throws as `update` does. */
  async checkUpdate(taskId: string, change: TaskPatch, generation: number): Promise<void> {
    const task = await this.#o.store.document(tasksProjection, taskId);
    updateTask(task, change, generation, this.#o.clock.now());
  }

  update(
    taskId: string,
    change: TaskPatch,
    generation: number,
    caller: TaskCaller,
  ): Promise<TaskView> {
    return this.#change(
      taskId,
      caller,
      (task) => updateTask(task, change, generation, this.#o.clock.now()),
      change.trigger,
    );
  }

  delete(taskId: string, reason: string, caller: TaskCaller): Promise<TaskView> {
    return this.#change(taskId, caller, (task) => deleteTask(task, reason));
  }

  /** Throws `not_found`, `too_many_tasks`. */
  restore(taskId: string, caller: TaskCaller): Promise<TaskView> {
    return this.#o.store.transact(async (tx) => {
      const task = await tx.document(tasksProjection, taskId);
      const events = restoreTask(task, this.#o.clock.now());
      if (events.length > 0) await requireRoomAfterEvents(tx, null, task?.trigger, this.#limits);
      return this.#append(tx, taskId, events, {
        ...caller,
        workspace_id: task?.workspace_id ?? caller.workspace_id,
      });
    });
  }

  pause(taskId: string, reason: string, caller: TaskCaller): Promise<TaskView> {
    return this.#change(taskId, caller, (task) => pauseTask(task, caller.principal.id, reason));
  }

  /** Pauses what a revoked maker left, and says so. Resolves to how many there were. */
  async pauseAllOf(principalId: string, host: Principal): Promise<number> {
    const where = { principal_id: principalId, status: 'active' };
    const all = await this.#o.store.documents(tasksProjection, {
      where,
      limit: this.#limits.ofAgent,
    });
    const reason = 'Who made this task was revoked.';
    for (const { task_id, workspace_id } of all) {
      const caller = {
        principal: host,
        workspace_id,
        correlation_id: task_id,
        causation_id: null,
      };
      await this.#change(task_id, caller, (task) =>
        task === null ? [] : makerRevoked(task, host.id, reason),
      );
    }
    return all.length;
  }

  resume(taskId: string, caller: TaskCaller): Promise<TaskView> {
    return this.#change(taskId, caller, (task) =>
      resumeTask(task, caller.principal, this.#o.clock.now()),
    );
  }

  #change(
    taskId: string,
    caller: TaskCaller,
    decide: (task: TaskView | null) => DomainEvent[],
    trigger?: TaskTrigger,
  ): Promise<TaskView> {
    return this.#o.store.transact(async (tx) => {
      const task = await tx.document(tasksProjection, taskId);
      await requireRoomAfterEvents(tx, task, trigger, this.#limits);
      return this.#append(tx, taskId, decide(task), {
        ...caller,
        workspace_id: task?.workspace_id ?? caller.workspace_id,
      });
    });
  }

  async #append(
    tx: StoreTransaction,
    task_id: string,
    events: readonly DomainEvent[],
    caller: TaskCaller,
  ): Promise<TaskView> {
    const { workspace_id, principal: actor, correlation_id, causation_id } = caller;
    const context = { workspace_id, actor, correlation_id, causation_id };
    await tx.append(taskStream(task_id), 'any', events, context);
    const task = await tx.document(tasksProjection, task_id);
    if (task === null) throw new HobError('internal_error');
    return task;
  }
}

const counted = ['active', 'paused', 'done'];

/** A person may make as many as they like; an agent cannot flood the list. Throws `too_many_tasks`. */
async function requireRoomOf(
  tx: StoreTransaction,
  maker: Principal,
  { ofAgent }: TaskLimits,
): Promise<void> {
  if (maker.kind !== 'agent') return;
  const where = { status: counted, principal_id: maker.id };
  if ((await tx.count(tasksProjection, where)) >= ofAgent) throw new HobError('too_many_tasks');
}

/** Throws `too_many_tasks`. */
async function requireRoomAfterEvents(
  tx: StoreTransaction,
  before: TaskView | null,
  trigger: TaskTrigger | undefined,
  { afterEvents }: TaskLimits,
): Promise<void> {
  if (trigger?.kind !== 'event' || before?.trigger.kind === 'event') return;
  const where = { status: counted, trigger_kind: 'event' };
  if ((await tx.count(tasksProjection, where)) >= afterEvents)
    throw new HobError('too_many_tasks', {
      message: `No more than ${afterEvents} tasks come after events; delete some first.`,
    });
}
