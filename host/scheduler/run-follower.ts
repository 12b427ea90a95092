import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { RunView } from '#schema/views/run.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { EventStore, ProjectionRef } from '#host/store/ports.ts';
import { asks, goesOn, settleSlot, TIMED_OUT } from './core/outcome.ts';
import { slotsProjection, tasksProjection } from './projections.ts';
import { contextOf, slotStream } from './streams.ts';

export interface RunFollowerOptions {
  store: EventStore;
  clock: Clock;
  log: Log;
  gate: Gate;
  runs: ProjectionRef<RunView>;
  host: Principal;
}

const AFTER_FAILURE_MS = 1_000;

/** Records on a task what its runs come to, and ends those that take longer than it allows. */
export class RunFollower {
  readonly #o: RunFollowerOptions;
  readonly #timeouts = new Map<string, () => void>();
  #closed = false;

  constructor(options: RunFollowerOptions) {
    this.#o = options;
  }

  stop(): void {
    this.#closed = true;
    for (const cancel of this.#timeouts.values()) cancel();
  }

  /** Called for each stored event. */
  note({ event_type, run_id, correlation_id }: StoredEvent): void {
    if (run_id === null || !correlation_id.startsWith('task_')) return;
    if (event_type === 'run.started') void this.#watch(run_id);
    if (
      /^run[.](waiting|queued|resumed|succeeded|failed|denied|cancelled|interrupted)$/.test(
        event_type,
      )
    )
      void this.followUp(run_id);
  }

  /** Looks at a run and records on its task what it has come to. Tried again until that is stored. */
  async followUp(runId: string): Promise<void> {
    try {
      const run = await this.#o.store.document(this.#o.runs, runId);
      const taskId = run?.trigger.kind === 'schedule' ? run.trigger.ref?.split('/')[0] : undefined;
      if (run === null || taskId === undefined) return;
      if (run.ended_at !== null) this.#unwatch(runId);
      await this.#append(taskId, run, (task, was) => {
        const slot = task.active.find((a) => a.run_id === runId);
        if (slot === undefined) return [];
        const isAsking = was?.status === 'waiting_for_approval';
        // Said once, however often the host starts again while it waits.
        if (run.status === 'waiting_for_approval') return isAsking ? [] : [asks(task, slot, run)];
        if ((run.status === 'running' || run.status === 'queued') && isAsking)
          return [goesOn(task, slot, run)];
        return settleSlot(task, slot, run, this.#o.clock.now());
      });
    } catch (failure) {
      this.#o.log.warn('the result of a task could not be stored yet', {
        run_id: runId,
        cause: String(failure),
      });
      if (!this.#closed) this.#o.clock.timer(AFTER_FAILURE_MS, () => void this.followUp(runId));
    }
  }

  /** Ends a run that takes longer than its task allows. */
  async #watch(runId: string): Promise<void> {
    const run = await this.#o.store.document(this.#o.runs, runId).catch(() => null);
    const taskId = run?.trigger.ref?.split('/')[0];
    if (taskId === undefined || run?.status !== 'running') return;
    const task = await this.#o.store.document(tasksProjection, taskId).catch(() => null);
    if (task === null || task.timeout_seconds === null || this.#closed) return;
    const stop = this.#o.clock.timer(task.timeout_seconds * 1_000, () => {
      void this.#o.gate.cancel(runId, this.#o.host, TIMED_OUT).catch(() => {});
    });
    this.#timeouts.set(runId, stop);
  }

  #unwatch(runId: string): void {
    this.#timeouts.get(runId)?.();
    this.#timeouts.delete(runId);
  }

  async #append(
    taskId: string,
    run: RunView,
    decide: (task: TaskView, was: SlotView | null) => DomainEvent[],
  ): Promise<void> {
    await this.#o.store.transact(async (tx) => {
      const task = await tx.document(tasksProjection, taskId);
      if (task === null) return;
      const key = String(run.trigger.ref);
      const events = decide(task, await tx.document(slotsProjection, key));
      const context = contextOf(task, this.#o.host, run.run_id);
      if (events.length > 0) await tx.append(slotStream(key), 'any', events, context);
    });
  }
}
