import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { createRedactor } from '../../core/redact.ts';
import { Sealer } from '../../core/sealer.ts';
import { GroupCommit } from '../../group-commit.ts';
import type {
  EventFilter,
  EventStore,
  Projection,
  ProjectionFilter,
  ProjectionRef,
  StoreHealth,
  StoreTransaction,
  StoreVerification,
} from '../../ports.ts';
import { STORE_SCHEMA } from '../../migrations/index.ts';
import { nodeDigests } from '../digests.ts';
import { Listeners } from '../listeners.ts';
import type { Connection } from './connection.ts';
import { failureOf, unavailable } from './failure.ts';
import { HealthKeeper } from './health-keeper.ts';
import { openForReading, openForWriting, Unopenable } from './open-database.ts';
import { ProjectionTables } from './projection-tables.ts';
import { SqliteReader } from './reader.ts';
import { bringUpToDate } from './rebuild.ts';
import { verifyDatabase } from './verify-database.ts';
import { verifyInThread } from './verify-thread.ts';
import { SqliteWriter } from './writer.ts';

export interface SqliteStoreOptions {
  /** Absolute path of the database; its folder exists. */
  file: string;
  clock: Clock;
  ids: IdSource;
  projections: readonly Projection<unknown>[];
  /** Values that must never be stored, asked before each append. */
  knownSecrets: () => readonly string[];
  log: Log;
  /** Module of the verification thread (it calls `serveVerification`); null = verify where it is called. */
  verifyWorker: URL | string | null;
  /** Called with each new writing connection; a test makes it fail with it (`PRAGMA max_page_count`). */
  tune?: (connection: Connection) => void;
}

/** The event store of one data directory. */
export interface SqliteEventStore extends EventStore {
  /** Schema number of its tables; 0 while it could not be opened. */
  readonly schemaVersion: number;
}

/**
 * Opens or creates the store. A file that cannot be used is no rejection: the store that comes back
 * is `unavailable` with the reason, refuses everything with `store_unavailable`, and leaves the file
 * alone. Rejects only for projections that contradict themselves.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteEventStore> {
  const store = new SqliteStore(options);
  await store.open();
  return store;
}

/** What exists only while the database is open. */
interface Opened {
  readonly writing: Connection;
  readonly reading: Connection;
  readonly tables: ProjectionTables;
  readonly group: GroupCommit<StoreTransaction>;
  readonly storeId: string;
}

class SqliteStore implements SqliteEventStore {
  readonly #options: SqliteStoreOptions;
  readonly #health: HealthKeeper;
  readonly #listeners: Listeners;
  readonly #reader: SqliteReader;
  #opened: Opened | null = null;
  #opening: Promise<void> | null = null;
  #closed = false;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#health = new HealthKeeper(options.clock, options.log);
    this.#listeners = new Listeners(options.log);
    this.#reader = new SqliteReader(
      () => this.#requireOpened().reading,
      nextTurn,
      (table, columns) => this.#opened?.tables.want(table, columns),
    );
  }

  get storeId(): string {
    return this.#opened?.storeId ?? '';
  }

  get schemaVersion(): number {
    return this.#opened === null ? 0 : STORE_SCHEMA;
  }

  get health(): StoreHealth {
    return this.#health.health;
  }

  /** Tries to open; what goes wrong becomes the store's health. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async transact<T>(work: (tx: StoreTransaction) => Promise<T> | T): Promise<T> {
    if (this.#opened === null && !this.#closed) {
      this.#health.requireWritable();
      await this.open();
    }
    return this.#requireOpened().group.transact(work);
  }

  onAppended(listener: (events: readonly StoredEvent[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  async verify(): Promise<StoreVerification> {
    const { file, projections, verifyWorker } = this.#options;
    this.#requireOpened();
    const verification = await (verifyWorker === null
      ? verifyDatabase(file, projections)
      : verifyInThread(verifyWorker, file));
    if (verification.projections === projections.length) return verification;
    // While the store is open every table is complete, so one that does not say so was changed.
    const message = `only ${verification.projections} of ${projections.length} read models are complete`;
    return {
      ...verification,
      problems: [...verification.problems, { code: 'projection_missing', seq: null, message }],
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    const opened = this.#opened;
    if (opened === null) return;
    await opened.group.close();
    this.#opened = null;
    opened.reading.close();
    // The last connection to close also empties the write-ahead log into the database.
    opened.writing.close();
  }

  load(stream: StreamRef): Promise<StoredEvent[]> {
    return this.#read(() => this.#reader.load(stream));
  }

  query(filter: EventFilter): Promise<StoredEvent[]> {
    return this.#read(() => this.#reader.query(filter));
  }

  event(by: { event_id: string } | { seq: number }): Promise<StoredEvent | null> {
    return this.#read(() => this.#reader.event(by));
  }

  headSeq(): Promise<number> {
    return this.#read(() => this.#reader.headSeq());
  }

  document<D>(projection: ProjectionRef<D>, key: string): Promise<D | null> {
    return this.#read(() => this.#reader.document(projection, key));
  }

  documents<D>(projection: ProjectionRef<D>, filter: ProjectionFilter): Promise<D[]> {
    return this.#read(() => this.#reader.documents(projection, filter));
  }

  count<D>(projection: ProjectionRef<D>, where?: ProjectionFilter['where']): Promise<number> {
    return this.#read(() => this.#reader.count(projection, where));
  }

  cell(name: string): Promise<string | null> {
    return this.#read(() => this.#reader.cell(name));
  }

  async #read<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure === null) throw thrown;
      if (failure.reason === 'broken') this.#health.failed(failure, thrown);
      throw unavailable(failure, thrown);
    }
  }

  #requireOpened(): Opened {
    if (this.#opened !== null) return this.#opened;
    const { health } = this;
    const message = health.state === 'unavailable' ? health.message : 'The event store is closed.';
    throw unavailable({ reason: health.state === 'unavailable' ? health.reason : null, message });
  }

  async #open(): Promise<void> {
    const { file, ids, log, projections } = this.#options;
    let writing: Connection | null = null;
    try {
      writing = openForWriting(file, () => ids.uuid());
      this.#options.tune?.(writing);
      const tables = new ProjectionTables(writing, projections);
      const rebuilt = await bringUpToDate(writing, tables, projections, nextTurn);
      if (rebuilt.length > 0) log.info('projections rebuilt', { tables: rebuilt });
      this.#opened = this.#assemble(writing, openForReading(file), tables);
      this.#health.wrote();
    } catch (thrown) {
      writing?.close();
      const failure = thrown instanceof Unopenable ? thrown.failure : failureOf(thrown);
      if (failure === null) throw thrown;
      this.#health.failed(failure, thrown);
    }
  }

  #assemble(writing: Connection, reading: Connection, tables: ProjectionTables): Opened {
    const { clock, ids, knownSecrets } = this.#options;
    const redact = createRedactor(knownSecrets);
    const decode = (secret: string): Uint8Array => Buffer.from(secret, 'base64url');
    const sealer = new Sealer({ clock, ids, redact, digests: nodeDigests, decode });
    const health = this.#health;
    const writer = new SqliteWriter({ connection: writing, tables, sealer, redact, clock, health });
    this.#reader.committed();
    const committed = (events: readonly StoredEvent[]): void => {
      this.#reader.committed();
      this.#listeners.tell(events);
    };
    const row = reading.get("SELECT value FROM store_meta WHERE name = 'store_id'");
    return {
      writing,
      reading,
      tables,
      group: new GroupCommit({ writer, clock, committed }),
      storeId: String(row?.['value'] ?? ''),
    };
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
