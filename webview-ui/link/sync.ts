import type { CommandInput, CommandName, CommandResult } from '#schema/commands/registry.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import { storedEventSchema, type StoredEvent } from '#schema/events/stored-event.ts';
import { domainEvents, type DomainEventType } from '#schema/events/domain-events.ts';
import { unseenEndings } from '../state/evolve-snapshot.ts';
import type { PanelState, Snapshot } from '../state/model.ts';
import type { Dispatch } from '../state/store.ts';
import { RequestError, wireOf } from './link.ts';

/** What keeping up needs: to ask, to wait, to see the state, and whether somebody looks. */
export interface SyncPorts {
  request<N extends CommandName>(command: N, payload: CommandInput<N>): Promise<CommandResult<N>>;
  after(ms: number, run: () => void): () => void;
  state(): PanelState;
  attended(): boolean;
}

const EVENTS_SHOWN = 50;
/** More schedules than anybody looks through; the command line lists all of them. */
const TASKS_SHOWN = 200;
/** A hole in the timeline larger than this is not filled; the newest events are read instead. */
const MAX_REPLAY = 500;
const RETRY_MS = 2_000;
const REFRESH_MS = 80;

type List = 'status' | 'agents' | 'grants' | 'tasks' | 'inquiries';

/** Views that an event may have changed, by the first word of its type. Approvals and runs are folded. */
const changedBy: Readonly<Record<string, readonly List[]>> = {
  approval: ['status'],
  run: ['status'],
  host: ['status'],
  runtime: ['status'],
  policy: ['status'],
  decider: ['status'],
  grant: ['grants'],
  task: ['tasks'],
  scheduler: ['tasks'],
  agent: ['agents', 'status'],
  inquiry: ['inquiries'],
};

/**
 * Keeps the store true to the host: first what is, read at a known point of the event log, then
 * every event after that point. The two may overlap; folding an event twice changes nothing.
 */
export class Sync {
  readonly #ports: SyncPorts;
  readonly #dispatch: Dispatch;
  /** Counts connections; what an earlier one started is not wanted any more. */
  #generation = 0;
  #retry: (() => void) | null = null;
  #refresh: (() => void) | null = null;
  readonly #stale = new Set<List>();

  constructor(ports: SyncPorts, dispatch: Dispatch) {
    this.#ports = ports;
    this.#dispatch = dispatch;
  }

  /** The host can be asked, for the first time or again. */
  connected(): void {
    const generation = this.#begin();
    this.#load(generation).catch((thrown: unknown) => this.#failed(generation, thrown));
  }

  disconnected(): void {
    this.#begin();
  }

  /** An event of the stream. */
  receive(envelope: EventEnvelope): void {
    if (envelope.event !== 'event.appended') return;
    const event = storedEventSchema.safeParse(envelope.payload);
    if (!event.success) return;
    this.#dispatch({
      kind: 'event',
      event: readable(event.data),
      attended: this.#ports.attended(),
    });
    const [area] = event.data.event_type.split('.');
    for (const list of changedBy[area ?? ''] ?? []) this.#stale.add(list);
    if (this.#stale.size > 0) this.#soon();
  }

  /** Reads the events before the oldest one here. */
  async older(): Promise<void> {
    const oldest = this.#ports.state().events.at(-1)?.seq ?? 0;
    if (oldest <= 1) return;
    const value = await this.#ports.request('event.query', {
      order: 'desc',
      to_seq: oldest - 1,
      limit: 200,
    });
    this.#show({ part: 'events', value });
  }

  /** The next times of a schedule and what became of its last ones. */
  async task(task_id: string): Promise<void> {
    const { request } = this.#ports;
    const [{ next }, { slots }] = await Promise.all([
      request('scheduler.get', { task_id, times: 5 }),
      request('scheduler.history', { task_id, limit: 30 }),
    ]);
    const detail = { next: next.map(({ at }) => at), slots };
    this.#dispatch({ kind: 'task_detail', task_id, detail });
  }

  /** The schedules, and what is unfolded of one. */
  async #tasks(): Promise<void> {
    await this.#read('tasks', 'scheduler.list', { limit: TASKS_SHOWN });
    const { open } = this.#ports.state().schedule;
    if (open !== null) await this.task(open.task_id);
  }

  #begin(): number {
    this.#retry?.();
    this.#refresh?.();
    this.#retry = null;
    this.#refresh = null;
    return ++this.#generation;
  }

  #show(snapshot: Snapshot): void {
    this.#dispatch({ kind: 'snapshot', ...snapshot });
  }

  async #load(generation: number): Promise<void> {
    const { request } = this.#ports;
    const known = this.#ports.state().lastSeq;
    const status = await request('runtime.status', {});
    if (generation !== this.#generation) return;
    // Another store, or too much was missed to replay it.
    if (known > 0 && (status.head_seq < known || status.head_seq - known > MAX_REPLAY)) {
      this.#dispatch({ kind: 'store_replaced' });
    }
    const from = this.#ports.state().lastSeq === 0 ? status.head_seq : known;
    this.#show({ part: 'status', value: status });
    await Promise.all([
      request('stream.subscribe', { from_seq: from, events: ['event.appended'] }),
      this.#waiting(),
      this.#read('expired', 'approval.list', { status: ['expired'], limit: 20 }),
      this.#read('runs', 'run.list', { limit: 50 }),
      this.#read('events', 'event.query', { order: 'desc', limit: EVENTS_SHOWN }),
      this.#read('agents', 'agent.list', {}),
      this.#read('grants', 'grant.list', {}),
      this.#tasks(),
      this.#read('inquiries', 'inquiry.list', {}),
      this.#read('config', 'config.get', {}),
      this.#read('palette', 'event.query', {
        event_type: ['orb.palette_set', 'orb.palette_cleared'],
        order: 'desc',
        limit: 1,
      }),
    ]);
    if (generation === this.#generation) this.#dispatch({ kind: 'loaded' });
  }

  async #read<N extends CommandName>(
    part: Snapshot['part'],
    command: N,
    payload: CommandInput<N>,
  ): Promise<void> {
    const generation = this.#generation;
    const value = await this.#ports.request(command, payload);
    if (generation === this.#generation) this.#show({ part, value } as unknown as Snapshot);
  }

  /** What waits, and the endings that were missed while the connection was away. */
  async #waiting(): Promise<void> {
    const generation = this.#generation;
    const value = await this.#ports.request('approval.list', { limit: 500 });
    if (generation !== this.#generation) return;
    const missed = unseenEndings(this.#ports.state(), value.approvals);
    this.#show({ part: 'approvals', value });
    await Promise.all(missed.map((id) => this.#ending(id)));
  }

  async #ending(approval_id: string): Promise<void> {
    try {
      const { approval } = await this.#ports.request('approval.get', { approval_id });
      this.#dispatch({ kind: 'approval', approval, attended: false });
    } catch (thrown) {
      if (!(thrown instanceof RequestError) || thrown.wire.code !== 'not_found') throw thrown;
      this.#dispatch({ kind: 'dismiss', approval_id });
    }
  }

  #failed(generation: number, thrown: unknown): void {
    if (generation !== this.#generation) return;
    const error = wireOf(thrown);
    // The connection is gone: the extension says so, and says when it is back.
    if (error.code === 'link_closed') return;
    this.#dispatch({ kind: 'problem', error });
    this.#retry = this.#ports.after(RETRY_MS, () => this.connected());
  }

  /** Reads changed views once for a burst of events. */
  #soon(): void {
    if (this.#refresh !== null) return;
    const generation = this.#generation;
    this.#refresh = this.#ports.after(REFRESH_MS, () => {
      this.#refresh = null;
      const lists = [...this.#stale];
      this.#stale.clear();
      Promise.all(lists.map((list) => this.#reread(list))).catch((thrown: unknown) =>
        this.#failed(generation, thrown),
      );
    });
  }

  #reread(list: List): Promise<void> {
    switch (list) {
      case 'status':
        return this.#read('status', 'runtime.status', {});
      case 'agents':
        return this.#read('agents', 'agent.list', {});
      case 'grants':
        return this.#read('grants', 'grant.list', {});
      case 'tasks':
        return this.#tasks();
      case 'inquiries':
        return this.#read('inquiries', 'inquiry.list', {});
    }
  }
}

/**
 * The event, with its data only if it is what its type promises: what a newer host writes is shown
 * by its name alone instead of being misread.
 */
function readable(event: StoredEvent): StoredEvent {
  if (event.data === null) return event;
  const schema = (
    domainEvents as Record<string, (typeof domainEvents)[DomainEventType] | undefined>
  )[event.event_type];
  if (schema === undefined) return event;
  return schema.safeParse(event.data).success ? event : { ...event, data: null };
}
