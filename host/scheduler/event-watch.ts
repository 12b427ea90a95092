import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { TaskView } from '#schema/views/task.ts';
import type { EventStore } from '#host/store/ports.ts';
import { comesAfter, originOf, type EventTrigger } from './core/event-trigger.ts';
import type { Cause } from './core/plan.ts';
import { tasksProjection } from './projections.ts';
import { MAX_AFTER_EVENTS } from './task-service.ts';

export interface EventWatchOptions {
  store: Pick<EventStore, 'documents' | 'query' | 'event' | 'headSeq'>;
  /** A task sees what its maker may see. */
  visibleAmong: (maker: Principal, events: readonly StoredEvent[]) => Promise<StoredEvent[]>;
}

/** Events handed over in one go. */
const PAGE = 500;
/** Tasks in a row that started each other; a longer chain is taken for a loop. */
const LONGEST_CHAIN = 16;

type WatchingTask = TaskView & { trigger: EventTrigger };

/** What one task has not been shown yet. */
export interface Fresh {
  readonly task: TaskView;
  readonly causes: readonly Cause[];
}

/**
 * What happened since the tasks that come after events were looked at. Each task's own record holds the
 * last event that it came after; how far was looked beyond that is kept here, and looked at again after a
 * restart.
 */
export class EventWatch {
  readonly #o: EventWatchOptions;
  /** Task → the last event that it was shown. */
  readonly #shown = new Map<string, number>();
  #tasks: WatchingTask[] | null = null;
  /** How often what is known of the tasks was outdated. */
  #changes = 0;
  #more = true;

  constructor(options: EventWatchOptions) {
    this.#o = options;
  }

  /** Called for each stored event. True when a look is needed. */
  note({ event_type }: StoredEvent): boolean {
    if (event_type.startsWith('task.')) this.#outdated();
    const concerns =
      this.#tasks === null || this.#tasks.some(({ trigger }) => trigger.event_type === event_type);
    if (concerns) this.#more = true;
    return concerns && this.#tasks !== null;
  }

  /** True while not everything that happened has been given its place. */
  get hasMore(): boolean {
    return this.#more;
  }

  /** Others may have acted in the meantime: nothing that is remembered of the tasks counts. */
  forget(): void {
    this.#outdated();
    this.#more = true;
  }

  /** Hands each task what it has not been shown; again next time where `show` resolves to false. */
  async look(show: (fresh: Fresh) => Promise<boolean>): Promise<void> {
    if (!this.#more) return;
    this.#more = false;
    try {
      await this.#lookThrough(show);
    } catch (failure) {
      this.#more = true;
      throw failure;
    }
  }

  async #lookThrough(show: (fresh: Fresh) => Promise<boolean>): Promise<void> {
    const changes = this.#changes;
    const tasks = this.#tasks ?? (await this.#load());
    // One that was made while they were read is not among them.
    if (changes === this.#changes) this.#tasks = tasks;
    if (tasks.length === 0) return;
    const event_type = [...new Set(tasks.map(({ trigger }) => trigger.event_type))];
    const to_seq = await this.#o.store.headSeq();
    let from_seq = Math.min(...tasks.map((task) => this.#upTo(task)));
    while (from_seq < to_seq) {
      const events = await this.#o.store.query({ from_seq, to_seq, event_type, limit: PAGE });
      from_seq = events.length < PAGE ? to_seq : (events.at(-1)?.seq ?? to_seq);
      for (const task of tasks) {
        if (await this.#show(task, events, from_seq, show)) continue;
        // What follows must not be shown before it.
        this.#more = true;
        return;
      }
    }
  }

  async #show(
    task: WatchingTask,
    events: readonly StoredEvent[],
    until: number,
    show: (fresh: Fresh) => Promise<boolean>,
  ): Promise<boolean> {
    const causes = await this.#causes(task, events);
    if (causes.length > 0 && !(await show({ task, causes }))) return false;
    this.#shown.set(task.task_id, Math.max(until, this.#upTo(task)));
    return true;
  }

  #outdated(): void {
    this.#tasks = null;
    this.#changes += 1;
  }

  #upTo({ task_id, cause_seq }: TaskView): number {
    return Math.max(cause_seq, this.#shown.get(task_id) ?? 0);
  }

  async #load(): Promise<WatchingTask[]> {
    const where = { trigger_kind: 'event', status: 'active' };
    const found = await this.#o.store.documents(tasksProjection, {
      where,
      limit: MAX_AFTER_EVENTS,
    });
    const known = new Set(found.map(({ task_id }) => task_id));
    for (const id of this.#shown.keys()) if (!known.has(id)) this.#shown.delete(id);
    return found.flatMap((task) =>
      task.trigger.kind === 'event' ? [{ ...task, trigger: task.trigger }] : [],
    );
  }

  async #causes(task: WatchingTask, events: readonly StoredEvent[]): Promise<Cause[]> {
    const causes: Cause[] = [];
    const meant = events.filter(
      (event) => event.seq > this.#upTo(task) && comesAfter(task.trigger, event),
    );
    for (const event of await this.#o.visibleAmong(task.maker, meant)) {
      if (originOf(event)?.task_id === task.task_id) continue;
      const isLoop = await this.#began(task.task_id, event);
      causes.push({ seq: event.seq, at: Date.parse(event.occurred_at), isLoop });
    }
    return causes;
  }

  /** Whether the task stands at the beginning of the chain of tasks that led to this event. */
  async #began(taskId: string, event: StoredEvent): Promise<boolean> {
    let origin = originOf(event);
    for (let links = 0; origin !== null && links < LONGEST_CHAIN; links++) {
      if (origin.task_id === taskId) return true;
      const { cause_seq } = origin;
      const cause = cause_seq === null ? null : await this.#o.store.event({ seq: cause_seq });
      origin = cause === null ? null : originOf(cause);
    }
    return origin !== null;
  }
}
