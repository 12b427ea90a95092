import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';

/** What is true of every event of one command: who, where, why. */
export interface EventContext {
  workspace_id: string;
  actor: Principal;
  correlation_id: string;
  causation_id: string | null;
  run_id?: string | null;
  zone?: 'sandbox' | 'supervised' | 'high_stakes';
  /** Kept with the first event of the append; unique in its stream (`idempotency_conflict`). */
  idempotency_key?: string | null;
}

export type ExpectedVersion = number | 'any' | 'no_stream';

/** Filter of an event query; `from_seq` is exclusive. */
export interface EventFilter {
  from_seq?: number;
  to_seq?: number;
  order?: 'asc' | 'desc';
  stream_type?: string;
  stream_id?: string;
  event_type?: readonly string[];
  run_id?: string;
  correlation_id?: string;
  /** Words that are all in the event or in what it is about (schema/views/event-text.ts). */
  text?: string;
  limit: number;
}

/** Equality filters over a projection's declared columns. An array means "one of". */
export interface ProjectionFilter {
  where?: Record<string, string | number | null | readonly (string | number)[]>;
  /** Only rows that have this column and hold at most this in it; by that column, then by key. */
  at_most?: { column: string; value: string };
  /** By key; keys are ULIDs, so this is by creation. */
  order?: 'asc' | 'desc';
  /** Exclusive key to continue from. */
  after_key?: string;
  limit: number;
}

/** Committed state, or the state inside a transaction. Methods are async so that PostgreSQL fits the same port. */
export interface StoreReader {
  /** A whole stream, oldest first. Empty when it does not exist. */
  load(stream: StreamRef): Promise<StoredEvent[]>;
  query(filter: EventFilter): Promise<StoredEvent[]>;
  event(by: { event_id: string } | { seq: number }): Promise<StoredEvent | null>;
  headSeq(): Promise<number>;
  /** One document of a projection by its key. */
  document<D>(projection: ProjectionRef<D>, key: string): Promise<D | null>;
  documents<D>(projection: ProjectionRef<D>, filter: ProjectionFilter): Promise<D[]>;
  count<D>(projection: ProjectionRef<D>, where?: ProjectionFilter['where']): Promise<number>;
  /** A small text by name that is overwritten in place and is no history (who holds a lease). Null: none. */
  cell(name: string): Promise<string | null>;
}

export interface StoreTransaction extends StoreReader {
  /**
   * Appends at the expected version and runs every projection, in this transaction.
   * Throws HobError `version_conflict` when the stream moved on.
   */
  append(
    stream: StreamRef,
    expected: ExpectedVersion,
    events: readonly DomainEvent[],
    context: EventContext,
  ): Promise<StoredEvent[]>;
  /**
   * The remembered response for principal + command + key, or null. Throws `idempotency_conflict`
   * when the key was used with other content (`contentHash`).
   */
  recall(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
  ): Promise<JsonObject | null>;
  remember(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
    response: JsonObject,
  ): Promise<void>;
  /** Lets go of up to `limit` answers that were remembered before `before` (milliseconds), oldest first. How many it were. */
  forgetAnswers(before: number, limit: number): Promise<number>;
  setCell(name: string, text: string): Promise<void>;
}

/** Where the events are. One writer per data directory. */
export interface EventStore extends StoreReader {
  /** Made with the store, never changes; signatures are bound to it. */
  readonly storeId: string;
  /** `ok`, or why every write is refused (`full`, `broken`, …). */
  readonly health: StoreHealth;
  /**
   * Runs `work` (load, decide, append) in the next group commit, in its own savepoint, and resolves
   * after the commit is durable. A rejection of `work` rolls back only its own part; a failed commit
   * rejects the whole group with `store_unavailable`. `work` must do nothing but use `tx` and compute:
   * waiting for anything else stalls every writer.
   */
  transact<T>(work: (tx: StoreTransaction) => Promise<T> | T): Promise<T>;
  /** Called after each durable commit with its events in order. Returns how to stop. */
  onAppended(listener: (events: readonly StoredEvent[]) => void): () => void;
  /** Checks chain, heads and projections on a connection of its own, off the event loop. */
  verify(): Promise<StoreVerification>;
  close(): Promise<void>;
}

export type StoreHealth =
  | { state: 'ok' }
  | {
      state: 'unavailable';
      reason: 'full' | 'broken' | 'read_only' | 'newer_schema';
      message: string;
    };

export interface StoreVerification {
  events: number;
  head_seq: number;
  head_hash: string;
  erased: number;
  projections: number | null;
  problems: { code: string; seq: number | null; message: string }[];
}

/**
 * A read model as a pure fold: events in, one JSON document per key out. The store keeps it in
 * `table` as `key, columns…, document, seq`; rebuilding from events must give the same bytes.
 */
export interface Projection<D> {
  /** `proj_runs`, `proj_approvals`, … (names of seed 002). */
  table: string;
  /** Bump when the fold changes: the store rebuilds the table at the next start. */
  version: number;
  /** The document's key in this event, or null when the event does not concern this projection. */
  key(event: StoredEvent): string | null;
  /** The next document. Never called with erased content for events that it needs. */
  evolve(document: D | null, event: StoredEvent): D | null;
  /** Indexed columns, for filters. */
  columns(document: D): Record<string, string | number | null>;
}
/** A projection as a reader names it; `evolve` is there so that the document's type follows from it. */
export type ProjectionRef<D> = Pick<Projection<D>, 'table' | 'evolve'>;
