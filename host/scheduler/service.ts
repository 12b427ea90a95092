import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskView } from '#schema/views/task.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { StoreTransaction } from '#host/store/ports.ts';
import { callOfTask, type TaskCall } from './core/action.ts';
import { causeOf } from './core/event-trigger.ts';
import { claimable, planAfter, planDue, repeated, type Claimable, type Plan } from './core/plan.ts';
import { runKey } from './core/run-key.ts';
import { wakeAt } from './core/task.ts';
import { EventWatch, type Fresh } from './event-watch.ts';
import { slotsProjection, tasksProjection } from './projections.ts';
import { contextOf, RunFollower, slotStream, type RunFollowerOptions } from './run-follower.ts';
import { taskStream } from './task-service.ts';

export interface SchedulerOptions extends RunFollowerOptions {
  /** Its number of this term, null while another host leads; and the check inside a transaction. */
  lead: { fencing(): number | null; toStart(tx: StoreTransaction): Promise<void> };
  /** False while the kill switch is on, Hob is paused, or the host drains: then nothing is claimed. */
  mayStart: () => Promise<boolean>;
  /** Why a maker has no rights any more, in words; null when it has. */
  revoked: (tx: StoreTransaction, maker: Principal) => Promise<string | null>;
  /** Told of each task before its run is made or followed. */
  remember: (task: TaskView) => void;
  /** Which events a task of this maker may come after. */
  visibleTo: (maker: Principal, event: StoredEvent) => boolean;
  /** What a sentence means now; null when it is not understood. */
  understand: (text: string, workspaceId: string) => TaskCall | null;
}

/** Longest time between two looks, so that a machine that slept or a clock that jumped is noticed. */
const LOOK_MS = 15_000;
const AFTER_FAILURE_MS = 1_000;
/** Tasks looked at in one go. */
const BATCH = 500;

class Taken extends Error {}

/** Claims what is due, once. One timer, whatever the number of tasks. */
export class Scheduler {
  readonly #o: SchedulerOptions;
  readonly #events: EventWatch;
  readonly #follower: RunFollower;
  #cancelTimer: () => void = () => {};
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #stopListening: () => void = () => {};

  constructor(options: SchedulerOptions) {
    this.#o = options;
    this.#events = new EventWatch(options);
    this.#follower = new RunFollower(options);
  }

  /** Settles what an earlier host left, then looks at what is due. */
  async start(): Promise<void> {
    this.#stopListening = this.#o.store.onAppended((events) => this.#noticed(events));
    const where = { has_active: 1 };
    const open = await this.#o.store.documents(tasksProjection, { where, limit: 100_000 });
    for (const task of open) if (task.folders.length > 0) this.#o.remember(task);
    for (const { run_id } of open.flatMap((task) => task.active))
      if (run_id !== null) await this.#follower.followUp(run_id);
    this.wake();
  }

  async stop(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    this.#cancelTimer();
    this.#follower.stop();
    await this.#running;
  }

  /** Looks now: something changed. */
  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#cancelTimer();
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
  }

  async #work(): Promise<void> {
    let next = LOOK_MS;
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        next = await this.#look();
      } catch (failure) {
        this.#o.log.warn('due tasks could not be looked at', { cause: String(failure) });
        next = AFTER_FAILURE_MS;
      }
    }
    if (!this.#closed) this.#cancelTimer = this.#o.clock.timer(next, () => this.wake());
  }

  /** One look at everything that is due. Resolves to the milliseconds until the next one. */
  async #look(): Promise<number> {
    const { store, clock, lead } = this.#o;
    if (lead.fencing() === null || !(await this.#o.mayStart())) {
      this.#events.forget();
      return LOOK_MS;
    }
    const now = clock.now();
    await this.#events.look((fresh) => this.#place(fresh, now));
    const at_most = { column: 'wake_at', value: isoTime(now) };
    const due = await store.documents(tasksProjection, { at_most, limit: BATCH });
    const left = await Promise.all(due.map((task) => this.#attend(task, now)));
    if (due.length === BATCH && left.some(Boolean)) this.#again = true;
    const later = { column: 'wake_at', value: '9' };
    const [first] = await store.documents(tasksProjection, { at_most: later, limit: 1 });
    if (this.#events.hasMore) return AFTER_FAILURE_MS;
    const at = first === undefined ? null : firstWake(first);
    if (at === null) return LOOK_MS;
    return Math.min(
      Math.max(at - clock.now(), due.length > 0 && at <= now ? AFTER_FAILURE_MS : 0),
      LOOK_MS,
    );
  }

  /** Gives the events that a task comes after their places. False when that has to be done again. */
  async #place({ task, causes }: Fresh, now: number): Promise<boolean> {
    try {
      const latest = await this.#plan(task, (found) =>
        found.generation === task.generation
          ? planAfter(found, causes, now)
          : { events: [], cancel: [] },
      );
      return latest.generation === task.generation;
    } catch (failure) {
      this.#o.log.warn('a task could not be put after an event', {
        task_id: task.task_id,
        cause: String(failure),
      });
      return false;
    }
  }

  /** Does what is due of one task. True when something was done. */
  async #attend(known: TaskView, now: number): Promise<boolean> {
    try {
      const task = await this.#plan(known, (latest) => planDue(latest, now));
      const retry = task.active.find((s) => s.retry_at !== null && Date.parse(s.retry_at) <= now);
      if (retry !== undefined)
        return await this.#claim(
          task,
          { ...retry, cause_seq: causeOf(retry.run_key) },
          retry.attempt + 1,
        );
      const slot = claimable(task, now);
      return slot === null ? task !== known : await this.#claim(task, slot, 1);
    } catch (failure) {
      this.#o.log.warn('a task could not be started', {
        task_id: known.task_id,
        cause: String(failure),
      });
      return false;
    }
  }

  /** Appends what a plan says about the task as it is by then, and ends the runs that must make room. */
  async #plan(known: TaskView, decide: (task: TaskView) => Plan): Promise<TaskView> {
    if (decide(known).events.length === 0) return known;
    const { task, cancel } = await this.#o.store.transact(async (tx) => {
      await this.#o.lead.toStart(tx);
      const latest = (await tx.document(tasksProjection, known.task_id)) ?? known;
      const plan = decide(latest);
      await tx.append(
        taskStream(latest.task_id),
        'any',
        plan.events,
        contextOf(latest, this.#o.host),
      );
      return {
        task: (await tx.document(tasksProjection, latest.task_id)) ?? latest,
        cancel: plan.cancel,
      };
    });
    for (const run_id of cancel)
      void this.#o.gate.cancel(run_id, this.#o.host, 'replaced by a later slot').catch(() => {});
    return task;
  }

  /** Makes the run of a slot, with its claim in the same transaction. False when there is none. */
  async #claim(task: TaskView, slot: Claimable, attempt: number): Promise<boolean> {
    if (task.folders.length > 0) this.#o.remember(task);
    const said = task.action.kind === 'sentence';
    const call = said ? this.#understood(task) : callOfTask(task);
    const { task_id, workspace_id, maker } = task;
    const generation =
      task.active.find((a) => a.scheduled_at === slot.scheduled_at)?.generation ?? task.generation;
    const run_key = runKey({ task_id, ...slot, generation });
    if (call === null) {
      await this.#cannot(task, slot, run_key, 'The sentence is not understood.');
      return true;
    }
    try {
      await this.#o.gate.submit({
        principal: maker,
        workspace_id,
        ...call,
        trigger: { kind: 'schedule', ref: run_key },
        task: task.name,
        correlation_id: run_key,
        causation_id: task_id,
        dedupe_key: null,
        idempotency_key: null,
        connection_id: '',
        claim: (tx, run_id) =>
          this.#write(tx, task, slot, { run_key, run_id, attempt, generation }),
      });
      return true;
    } catch (failure) {
      if (failure instanceof Taken) return this.#onTaken(task, slot, failure.message);
      throw failure;
    }
  }

  async #write(
    tx: StoreTransaction,
    known: TaskView,
    { scheduled_at, cause_seq }: Claimable,
    run: { run_key: string; run_id: string; attempt: number; generation: number },
  ): Promise<void> {
    await this.#o.lead.toStart(tx);
    const task = await tx.document(tasksProjection, known.task_id);
    if (task === null || task.generation !== known.generation || task.status === 'deleted')
      throw new Taken('changed');
    if (task.status === 'paused') throw new Taken('changed');
    const why = await this.#o.revoked(tx, task.maker);
    if (why !== null) throw new Taken(`revoked:${why}`);
    const slot = await tx.document(slotsProjection, run.run_key);
    const isRetry = run.attempt > 1 && slot?.status === 'retrying';
    if (slot !== null && !isRetry) throw new Taken('repeated');
    const data = {
      task_id: task.task_id,
      scheduled_at,
      cause_seq,
      ...run,
      fence: this.#o.lead.fencing() ?? 0,
      next_due: task.next_due,
    };
    const expected = isRetry ? 'any' : 'no_stream';
    const claimed: DomainEvent = { type: 'scheduler.slot_claimed', data };
    await tx.append(
      slotStream(run.run_key),
      expected,
      [claimed],
      contextOf(task, this.#o.host, run.run_id),
    );
  }

  async #onTaken(task: TaskView, slot: Claimable, why: string): Promise<boolean> {
    if (why === 'repeated') await this.#append(task, () => [repeated(task, slot)]);
    if (why.startsWith('revoked:')) {
      const reason = why.slice('revoked:'.length);
      const { task_id, name } = task;
      await this.#append(task, (latest) =>
        latest.status !== 'active'
          ? []
          : [
              { type: 'task.paused', data: { task_id, by: this.#o.host.id, reason } },
              {
                type: 'scheduler.needs_user_action',
                data: {
                  task_id,
                  run_key: null,
                  name,
                  run_id: null,
                  approval_id: null,
                  reason_code: 'maker_revoked',
                  reason,
                },
              },
            ],
      );
    }
    return true;
  }

  /** A slot that nothing can be made of: said, and skipped. */
  async #cannot(
    task: TaskView,
    { scheduled_at, cause_seq }: Claimable,
    run_key: string,
    reason: string,
  ): Promise<void> {
    const { task_id, name, generation, next_due } = task;
    const slot = {
      task_id,
      run_key,
      generation,
      from: scheduled_at,
      to: scheduled_at,
      count: 1,
      next_due,
      cause_seq,
    };
    await this.#append(task, () => [
      {
        type: 'scheduler.error',
        data: { task_id, run_key: null, name, code: 'not_understood', message: reason },
      },
      { type: 'scheduler.slot_skipped', data: { ...slot, reason_code: 'not_understood', reason } },
    ]);
  }

  #understood(task: TaskView): TaskCall | null {
    return task.action.kind === 'sentence'
      ? this.#o.understand(task.action.text, task.workspace_id)
      : null;
  }

  #noticed(events: readonly StoredEvent[]): void {
    let isDue = false;
    for (const event of events) {
      const type = event.event_type;
      if (this.#events.note(event)) isDue = true;
      if (
        type.startsWith('task.') ||
        type.startsWith('scheduler.') ||
        event.stream.stream_type === 'settings'
      )
        isDue = true;
      this.#follower.note(event);
    }
    if (isDue) this.wake();
  }

  async #append(task: TaskView, decide: (latest: TaskView) => DomainEvent[]): Promise<void> {
    await this.#o.store.transact(async (tx) => {
      const latest = (await tx.document(tasksProjection, task.task_id)) ?? task;
      await tx.append(
        taskStream(task.task_id),
        'any',
        decide(latest),
        contextOf(task, this.#o.host),
      );
    });
  }

  /** Ends the runs that a task has now. */
  cancelRunning({ active }: TaskView): void {
    for (const { run_id } of active)
      if (run_id !== null)
        void this.#o.gate.cancel(run_id, this.#o.host, 'its task was deleted').catch(() => {});
  }

  /** Runs a task now, beside its times. Throws `not_leader`, `kill_switch_on`, `task_busy`. */
  async triggerNow(task: TaskView): Promise<void> {
    if (this.#o.lead.fencing() === null) throw new HobError('not_leader');
    if (task.status === 'paused')
      throw new HobError('task_busy', { message: 'The task is paused; resume it first.' });
    if (task.active.length > 0 && task.overlap === 'skip') throw new HobError('task_busy');
    if (!(await this.#o.mayStart())) throw new HobError('runtime_stopped');
    const at = isoTime(this.#o.clock.now());
    const slot = { scheduled_at: at, not_before: at, reason: 'now' as const, cause_seq: null };
    await this.#append(task, (latest) => [
      {
        type: 'scheduler.slot_queued',
        data: { task_id: task.task_id, slot, next_due: latest.next_due },
      },
    ]);
  }
}

function firstWake(task: TaskView): number | null {
  const at = wakeAt(task);
  return at === null ? null : Date.parse(at);
}
