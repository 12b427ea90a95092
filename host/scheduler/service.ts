import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { TaskView } from '#schema/views/task.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { StoreTransaction } from '#host/store/ports.ts';
import { SlotClaims, type Offer, type SlotClaimsOptions } from './claims.ts';
import { causeOf } from './core/event-trigger.ts';
import { claimable, planAfter, planDue, planNow, type Plan } from './core/plan.ts';
import { wakeAt } from './core/task.ts';
import { EventWatch, type EventWatchOptions, type Fresh } from './event-watch.ts';
import { tasksProjection } from './projections.ts';
import { RunFollower, type RunFollowerOptions } from './run-follower.ts';
import { contextOf, taskStream } from './streams.ts';

export interface SchedulerOptions extends RunFollowerOptions, SlotClaimsOptions {
  /** Throws `kill_switch_on`, `runtime_stopped` or `host_draining`: then nothing is claimed. */
  mayStart: () => Promise<void>;
  /** Starts the runs that were answered while nobody led. */
  goOnAnswered: () => Promise<void>;
  /** Which events a task of this maker may come after. */
  visibleAmong: EventWatchOptions['visibleAmong'];
}

/** Longest time between two looks, so that a machine that slept or a clock that jumped is noticed. */
const LOOK_MS = 15_000;
const AFTER_FAILURE_MS = 1_000;
/** Tasks looked at in one go. */
const BATCH = 1_000;
/** What is due next is read this long before, so that nothing has to be read when it is. */
const AHEAD_MS = 250;
/** A timer is up to this late, so what is due is waited for by turns of the event loop from then on. */
const TIMER_MS = 1;

/** Why nothing starts for a while: no failure. */
const stops = new Set<string>(['kill_switch_on', 'runtime_stopped', 'host_draining']);

/** What is due next, read before its moment. */
interface Ahead {
  readonly at: number;
  readonly offers: readonly Offer[];
  /** Those that have to be looked at then. */
  readonly others: readonly TaskView[];
}

/** Claims what is due, once. One timer, whatever the number of tasks. */
export class Scheduler {
  readonly #o: SchedulerOptions;
  readonly #claims: SlotClaims;
  readonly #events: EventWatch;
  readonly #follower: RunFollower;
  #cancelTimer: () => void = () => {};
  #running: Promise<void> | null = null;
  #goingOn: Promise<void> | null = null;
  #again = false;
  /** Read ahead, and nothing has happened since; null otherwise. */
  #ahead: Ahead | null = null;
  #closed = false;
  #stopListening: () => void = () => {};

  constructor(options: SchedulerOptions) {
    this.#o = options;
    this.#claims = new SlotClaims(options);
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
    await this.#goingOn;
  }

  /** Looks now: something changed. */
  wake(): void {
    this.#ahead = null;
    this.#wakeOnTime();
  }

  #wakeOnTime(): void {
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
    const early = Math.max(next - TIMER_MS, 0);
    if (!this.#closed) this.#cancelTimer = this.#o.clock.timer(early, () => this.#wakeOnTime());
  }

  /** One look at everything that is due. Resolves to the milliseconds until the next one. */
  async #look(): Promise<number> {
    const { clock, lead } = this.#o;
    await this.#lastMillisecond();
    const leads = lead.fencing() !== null;
    if (leads) this.#goOnAnswered();
    if (!leads || !(await this.#mayStart())) {
      this.#events.forget();
      return LOOK_MS;
    }
    const now = clock.now();
    await this.#events.look((fresh) => this.#place(fresh, now));
    const count = await this.#attendDue(now);
    const wait = await this.#untilNext();
    if (this.#events.hasMore) return AFTER_FAILURE_MS;
    // What is still due could not be dealt with.
    return count > 0 && wait <= 0 ? AFTER_FAILURE_MS : Math.min(Math.max(wait, 0), LOOK_MS);
  }

  async #mayStart(): Promise<boolean> {
    try {
      await this.#o.mayStart();
      return true;
    } catch (failure) {
      if (failure instanceof HobError && stops.has(failure.code)) return false;
      throw failure;
    }
  }

  /** Until the moment of what was read ahead, where that is nearer than a timer is exact. */
  async #lastMillisecond(): Promise<void> {
    const { clock } = this.#o;
    const isNear = (): boolean => {
      const wait = (this.#ahead?.at ?? 0) - clock.now();
      return wait > 0 && wait <= TIMER_MS && !this.#closed;
    };
    const since = clock.monotonic();
    while (isNear() && clock.monotonic() - since < 2 * TIMER_MS) await nextTurn();
  }

  /** Does what is due. Resolves to how many tasks that were. */
  async #attendDue(now: number): Promise<number> {
    const ahead = this.#ahead;
    if (ahead !== null && now < ahead.at) return 0;
    this.#ahead = null;
    const { offers, others } = ahead ?? this.#offered(await this.#dueBy(isoTime(now)), now);
    const [left, ...done] = await Promise.all([
      this.#claims.claimOffered(offers, now).catch((failure: unknown) => {
        this.#o.log.warn('what is due could not be started together', { cause: String(failure) });
        return offers.map(({ task }) => task);
      }),
      ...others.map((task) => this.#attend(task, now)),
    ]);
    done.push(...(await Promise.all(left.map((task) => this.#attend(task, now)))));
    const count = offers.length + others.length;
    const isSome = left.length < offers.length || done.some(Boolean);
    if (count === BATCH && isSome) this.#again = true;
    return count;
  }

  /** What can be claimed of them at that moment without another look, and the others. */
  #offered(tasks: readonly TaskView[], at: number): Ahead {
    const offers: Offer[] = [];
    const others: TaskView[] = [];
    for (const task of tasks) {
      const offer = this.#claims.offer(task, at);
      if (offer === null) others.push(task);
      else offers.push(offer);
    }
    return { at, offers, others };
  }

  /** Milliseconds until something is due, or until that is to be read ahead. */
  async #untilNext(): Promise<number> {
    const at = this.#ahead?.at ?? (await this.#nextMoment());
    if (at === null) return LOOK_MS;
    const wait = (): number => at - this.#o.clock.now();
    if (wait() > AHEAD_MS) return wait() - AHEAD_MS;
    if (this.#ahead === null && wait() > 0) {
      const read = this.#offered(await this.#dueBy(isoTime(at)), at);
      // Whoever woke this meanwhile knows of something newer.
      if (!this.#again) this.#ahead = read;
    }
    return wait();
  }

  async #nextMoment(): Promise<number | null> {
    const [first] = await this.#dueBy('9', 1);
    const next = first === undefined ? null : wakeAt(first);
    return next === null ? null : Date.parse(next);
  }

  /** Those that are to be looked at by then, those that waited longest first. */
  #dueBy(value: string, limit = BATCH): Promise<TaskView[]> {
    const at_most = { column: 'wake_at', value };
    return this.#o.store.documents(tasksProjection, { at_most, limit });
  }

  /** Beside the look: a window may be waited for. */
  #goOnAnswered(): void {
    this.#goingOn ??= this.#o
      .goOnAnswered()
      .catch((failure: unknown) => {
        this.#o.log.warn('answered runs could not be looked at', { cause: String(failure) });
      })
      .finally(() => {
        this.#goingOn = null;
      });
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
      if (retry !== undefined) {
        const again = { ...retry, cause_seq: causeOf(retry.run_key) };
        await this.#claims.claim(task, again, retry.attempt + 1);
        return true;
      }
      const slot = claimable(task, now);
      if (slot === null) return task !== known;
      await this.#claims.claim(task, slot, 1);
      return true;
    } catch (failure) {
      this.#o.log.warn('a task could not be started', {
        task_id: known.task_id,
        cause: String(failure),
      });
      return false;
    }
  }

  /** Appends what a plan says about the task as it is by then, and ends the runs that must make room. */
  async #plan(
    known: TaskView,
    decide: (task: TaskView) => Plan,
    mayPlan = (tx: StoreTransaction) => this.#o.lead.toStart(tx),
  ): Promise<TaskView> {
    if (decide(known).events.length === 0) return known;
    const { task, cancel } = await this.#o.store.transact(async (tx) => {
      await mayPlan(tx);
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

  /** Ends the runs that a task has now. */
  cancelRunning({ active }: TaskView): void {
    for (const { run_id } of active)
      if (run_id !== null)
        void this.#o.gate.cancel(run_id, this.#o.host, 'its task was deleted').catch(() => {});
  }

  /**
   * Runs a task now, beside its times; between two leaders, as soon as there is one. Throws
   * `kill_switch_on`, `runtime_stopped`, `host_draining`, `not_found`, `task_busy`.
   */
  async triggerNow(task: TaskView): Promise<void> {
    await this.#o.mayStart();
    const now = (latest: TaskView): Plan => planNow(latest, this.#o.clock.now());
    // Only a place in the queue, which whoever leads takes it from.
    await this.#plan(task, now, () => Promise.resolve());
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
