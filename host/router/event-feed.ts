import type { JsonObject } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { CONTRACT_VERSION } from '#schema/envelope/version.ts';
import { projectRuntimeEvent } from '#schema/events/runtime-projection.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { encodeFrame } from '#schema/wire/framing.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { Dispose } from '#host/kernel/disposables.ts';
import type { Log } from '#host/kernel/log.ts';
import type { EventStore } from '#host/store/ports.ts';

/** One connection as the feed sees it. */
export interface FeedTarget {
  readonly id: string;
  readonly principal: Principal;
  readonly closed: AbortSignal;
  /** Takes one encoded event, or says that its queue is full. */
  deliver(frame: Buffer, seq: number): boolean;
  /** Calls back when everything delivered has been read. */
  whenEmpty(resume: () => void): void;
  /** It does not read: tell it where to resume and close. */
  overflow(): void;
}

export interface FeedOptions {
  store: EventStore;
  clock: Clock;
  log: Log;
  /** Null: that has to be read first, which `visibleAmong` does. */
  visibleAtOnce(principal: Principal, event: StoredEvent): boolean | null;
  visibleAmong(principal: Principal, events: readonly StoredEvent[]): Promise<StoredEvent[]>;
}

export interface FeedRequest {
  from_seq?: number | undefined;
  events?: readonly string[] | undefined;
}

/** Events read from the store at once while a client catches up. */
const PAGE = 64;

/**
 * Stored events to every subscribed connection, as `event.appended` and as their `runtime.*` form with
 * the same seq. A subscription is either live, or behind and reading the store at the client's own
 * pace; it turns live in the same tick in which it has seen the newest event, so nothing is missed
 * or sent twice. A client that is behind and does not read at all is disconnected.
 */
export class EventFeed {
  readonly #options: FeedOptions;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #stop: Dispose;
  /** The newest seq that was announced. */
  #announced = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#stop = options.store.onAppended((events) => this.#appended(events));
  }

  /** Starts a subscription, or replaces the one that this connection has. Resolves with the newest seq. */
  async subscribe(target: FeedTarget, request: FeedRequest): Promise<{ head_seq: number }> {
    const head = await this.#options.store.headSeq();
    this.#subscriptions.get(target.id)?.stop();
    if (target.closed.aborted) return { head_seq: head };
    const subscription = new Subscription(
      target,
      request,
      this.#options,
      () => this.#announced,
      Math.min(request.from_seq ?? head, head),
    );
    this.#subscriptions.set(target.id, subscription);
    target.closed.addEventListener('abort', () => this.#forget(target.id, subscription), {
      once: true,
    });
    subscription.catchUp();
    return { head_seq: head };
  }

  async dispose(): Promise<void> {
    await this.#stop();
    for (const subscription of this.#subscriptions.values()) subscription.stop();
    this.#subscriptions.clear();
  }

  #appended(events: readonly StoredEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#announced = last.seq;
    const encoded = events.map((event) => new EncodedEvent(event));
    for (const subscription of this.#subscriptions.values()) subscription.live(encoded);
  }

  #forget(id: string, subscription: Subscription): void {
    subscription.stop();
    if (this.#subscriptions.get(id) === subscription) this.#subscriptions.delete(id);
  }
}

class Subscription {
  readonly #target: FeedTarget;
  readonly #wanted: ReadonlySet<string> | null;
  readonly #options: FeedOptions;
  readonly #announced: () => number;
  /** Everything up to this seq has been delivered or was not wanted. */
  #cursor: number;
  #mode: 'live' | 'behind' | 'stopped' = 'behind';
  #cancelTimer: () => void = () => {};
  /** The names of the event at `cursor + 1` that were delivered already, when the queue filled up in between. */
  #half: string | null = null;

  constructor(
    target: FeedTarget,
    request: FeedRequest,
    options: FeedOptions,
    announced: () => number,
    cursor: number,
  ) {
    this.#target = target;
    this.#wanted = request.events === undefined ? null : new Set(request.events);
    this.#options = options;
    this.#announced = announced;
    this.#cursor = cursor;
  }

  stop(): void {
    this.#mode = 'stopped';
    this.#cancelTimer();
  }

  live(events: readonly EncodedEvent[]): void {
    if (this.#mode !== 'live') return;
    for (const event of events) {
      if (event.stored.seq <= this.#cursor || this.#deliverAtOnce(event)) continue;
      this.#mode = 'behind';
      this.catchUp();
      return;
    }
  }

  /** Reads on from the store, page by page, whenever the client has read what it was sent. */
  catchUp(): void {
    this.#cancelTimer = this.#options.clock.timer(limits.slowConsumerMs, () => {
      if (this.#mode === 'behind') this.#target.overflow();
    });
    this.#target.whenEmpty(() => {
      this.#cancelTimer();
      if (this.#mode === 'behind') void this.#page();
    });
  }

  async #page(): Promise<void> {
    try {
      const page = await this.#options.store.query({
        from_seq: this.#cursor,
        order: 'asc',
        limit: PAGE,
      });
      const { principal, closed } = this.#target;
      const visible = new Set(await this.#options.visibleAmong(principal, page));
      if (this.#mode !== 'behind' || closed.aborted) return;
      const isWhole = page.every((event) =>
        this.#deliver(new EncodedEvent(event), visible.has(event)),
      );
      if (isWhole && page.length < PAGE && this.#announced() <= this.#cursor) this.#mode = 'live';
      else this.catchUp();
    } catch (failure) {
      this.#options.log.error('the feed could not read the store', failure);
      this.#target.overflow();
    }
  }

  /** False also when it is not known at once who may see it. */
  #deliverAtOnce(event: EncodedEvent): boolean {
    const isVisible = this.#options.visibleAtOnce(this.#target.principal, event.stored);
    return isVisible !== null && this.#deliver(event, isVisible);
  }

  /** False when the client's queue is full; then the cursor stays before this event. */
  #deliver(event: EncodedEvent, isVisible: boolean): boolean {
    const { stored } = event;
    if (isVisible) {
      for (const { name, frame } of event.forms()) {
        if (this.#wanted !== null && !this.#wanted.has(name)) continue;
        if (this.#half === `${stored.seq} ${name}`) continue;
        if (!this.#target.deliver(frame(), stored.seq)) return false;
        this.#half = `${stored.seq} ${name}`;
      }
    }
    this.#half = null;
    this.#cursor = stored.seq;
    return true;
  }
}

/** A stored event with its frames, each encoded once however many clients want it. */
class EncodedEvent {
  readonly stored: StoredEvent;
  #forms: { name: string; frame: () => Buffer }[] | null = null;

  constructor(stored: StoredEvent) {
    this.stored = stored;
  }

  forms(): { name: string; frame: () => Buffer }[] {
    this.#forms ??= this.#make();
    return this.#forms;
  }

  #make(): { name: string; frame: () => Buffer }[] {
    const forms = [
      {
        name: 'event.appended',
        frame: once(() => this.#frame('event.appended', this.stored as unknown as JsonObject)),
      },
    ];
    const projected = projectRuntimeEvent(this.stored);
    if (projected !== null) {
      forms.push({
        name: projected.event,
        frame: once(() => this.#frame(projected.event, projected.payload)),
      });
    }
    return forms;
  }

  /** Both forms carry the stored event's id: together with the event's name it is unique. */
  #frame(event: string, payload: JsonObject): Buffer {
    const { event_id, seq } = this.stored;
    return encodeFrame(JSON.stringify({ v: CONTRACT_VERSION, event_id, event, payload, seq }));
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
