import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { emptyChain, type ChainHead } from '../../core/chain.ts';
import { requireVersion } from '../../core/expected-version.ts';
import type { Redactor } from '../../core/redact.ts';
import type { SealedEvent } from '../../core/seal.ts';
import type { Sealer } from '../../core/sealer.ts';
import type { GroupWriter } from '../../group-commit.ts';
import type { EventContext, ExpectedVersion, StoreTransaction } from '../../ports.ts';
import { Transaction, type TransactionWriter } from '../../transaction.ts';
import type { Connection } from './connection.ts';
import { anotherWriter, failureOf, isTaken, unavailable } from './failure.ts';
import type { HealthKeeper } from './health-keeper.ts';
import { checkOf } from './idempotency.ts';
import { cellName, SqliteReader } from './reader.ts';
import type { ProjectionTables } from './projection-tables.ts';
import { insertSealed } from './rows.ts';

export interface SqliteWriterOptions {
  connection: Connection;
  tables: ProjectionTables;
  sealer: Sealer;
  redact: Redactor;
  clock: Clock;
  health: HealthKeeper;
}

/** Pages of the WAL that one commit writes, and one event more: what the read models need included. */
const PAGES_A_COMMIT = 8;
const PAGES_AN_EVENT = 1;
/** A checkpoint is due after about so many pages. A smaller number means shorter stalls, more often. */
const CHECKPOINT_PAGES = 1_000;

/** The writing side of the group commit: one transaction, one open savepoint at a time. */
export class SqliteWriter implements GroupWriter<StoreTransaction>, TransactionWriter {
  readonly #options: SqliteWriterOptions;
  /** Where the committed chain ends; null when that must be read. */
  #committed: ChainHead | null = null;
  #head: ChainHead = emptyChain();
  #headBefore: ChainHead = this.#head;
  #events: StoredEvent[] = [];
  #eventsBefore = 0;
  #failure: HobError | null = null;
  /**
   * Nothing is in the transaction yet, so the transaction itself serves as the savepoint: inside a
   * savepoint SQLite copies every page before it changes it (8 of 70 µs for a single append).
   */
  #isFirst = true;
  /** Pages in the WAL, roughly: SQLite tells their number only to C. */
  #walPages = 0;

  constructor(options: SqliteWriterOptions) {
    this.#options = options;
  }

  get failure(): HobError | null {
    return this.#failure;
  }

  begin(): void {
    this.#options.health.requireWritable();
    this.#failure = null;
    this.#events = [];
    this.#guard(() => {
      this.#begin();
      this.#options.tables.indexWanted();
    });
  }

  #begin(): void {
    const { connection } = this.#options;
    connection.run('BEGIN IMMEDIATE');
    this.#committed ??= readHead(connection);
    this.#head = this.#committed;
    this.#isFirst = true;
  }

  savepoint(): { tx: StoreTransaction; close: () => void } {
    this.#headBefore = this.#head;
    this.#eventsBefore = this.#events.length;
    if (!this.#isFirst) this.#guard(() => this.#options.connection.run('SAVEPOINT work'));
    const { connection, tables } = this.#options;
    const tx = new Transaction(this, (requireOpen) => {
      const inside = (): Connection => {
        requireOpen();
        return connection;
      };
      const want = (table: string, columns: readonly string[]): void => tables.want(table, columns);
      return new SqliteReader(inside, null, want, (table) => tables.columns(table));
    });
    return { tx, close: () => tx.close() };
  }

  release(): void {
    if (!this.#isFirst) this.#guard(() => this.#options.connection.run('RELEASE work'));
    this.#isFirst = false;
  }

  rollbackTo(): void {
    const { connection, tables } = this.#options;
    this.#head = this.#headBefore;
    this.#events.length = this.#eventsBefore;
    tables.forgetColumns();
    try {
      this.#guard(() => {
        if (this.#isFirst) {
          connection.run('ROLLBACK');
          this.#begin();
          return;
        }
        connection.run('ROLLBACK TO work');
        connection.run('RELEASE work');
      });
    } catch {
      // Kept as `failure`: the whole group is rolled back.
    }
  }

  commit(): readonly StoredEvent[] {
    this.#guard(() => this.#options.connection.run('COMMIT'));
    this.#committed = this.#head;
    this.#options.health.wrote();
    this.#walPages += PAGES_A_COMMIT + PAGES_AN_EVENT * this.#events.length;
    return this.#events;
  }

  get tidy(): (() => void) | null {
    return this.#walPages < CHECKPOINT_PAGES ? null : () => this.#checkpoint();
  }

  /**
   * Moves the WAL into the database, in a turn of its own: inside a commit (SQLite's own way) the callers
   * of that group waited for it as well, and the event loop for both in one. Readers are not waited for.
   */
  #checkpoint(): void {
    this.#walPages = 0;
    try {
      this.#options.connection.get('PRAGMA wal_checkpoint(PASSIVE)');
    } catch {
      // The WAL has everything. What is wrong with the disk shows at the next commit.
    }
  }

  rollback(): void {
    const { connection, tables } = this.#options;
    tables.forgetColumns();
    this.#committed = null;
    this.#events = [];
    try {
      // A full disk may have rolled it back already.
      if (connection.inTransaction) connection.run('ROLLBACK');
    } catch (thrown) {
      this.#note(thrown);
    }
  }

  append(
    stream: StreamRef,
    expected: ExpectedVersion,
    events: readonly DomainEvent[],
    context: EventContext,
  ): StoredEvent[] {
    return this.#guard(() => {
      const version = this.#version(stream);
      requireVersion(stream, expected, version);
      if (events.length === 0) return [];
      if (version > 0) this.#requireFreshKey(stream, context.idempotency_key ?? null);
      return this.#appendAt(stream, version, events, context);
    });
  }

  recall(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
  ): JsonObject | null {
    const row = this.#guard(() =>
      this.#options.connection.get(
        'SELECT content_hash, response FROM evt_idempotency WHERE principal_id = ? AND command = ? AND key = ?',
        principalId,
        command,
        key,
      ),
    );
    if (row === undefined) return null;
    if (row['content_hash'] !== contentHash) throw new HobError('idempotency_conflict');
    return JSON.parse(row['response'] as string) as JsonObject;
  }

  remember(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
    response: JsonObject,
  ): void {
    const { redact, clock } = this.#options;
    const row = {
      principal_id: principalId,
      command,
      key,
      content_hash: contentHash,
      response: JSON.stringify(redact(response).data),
      recorded_at: clock.now(),
    };
    const sql = `INSERT OR IGNORE INTO evt_idempotency (${Object.keys(row).join(', ')}, check_sum) VALUES (?, ?, ?, ?, ?, ?, ?)`;
    const added = this.#guard(() =>
      this.#options.connection.run(sql, ...Object.values(row), checkOf(row)),
    );
    if (added === 0) throw new HobError('idempotency_conflict');
  }

  forgetAnswers(before: number, limit: number): number {
    const sql = `DELETE FROM evt_idempotency WHERE (principal_id, command, key) IN
      (SELECT principal_id, command, key FROM evt_idempotency WHERE recorded_at < ? ORDER BY recorded_at LIMIT ?)`;
    return this.#guard(() => this.#options.connection.run(sql, before, limit));
  }

  setCell(name: string, text: string): void {
    const sql =
      'INSERT INTO store_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
    this.#guard(() => this.#options.connection.run(sql, cellName(name), text));
  }

  #appendAt(
    stream: StreamRef,
    version: number,
    events: readonly DomainEvent[],
    context: EventContext,
  ): StoredEvent[] {
    const { sealer, tables } = this.#options;
    const { sealed, head, at } = sealer.sealAll(this.#head, stream, version, events, context);
    this.#advance(stream, version, events.length);
    let previous = this.#head.hash;
    for (const one of sealed) {
      this.#insert(previous, at, one);
      previous = one.hash;
      tables.apply(one.event);
    }
    this.#head = head;
    const stored = sealed.map(({ event }) => event);
    this.#events.push(...stored);
    return stored;
  }

  /** The seq is taken only when another process appended: then the head is read anew for the next group. */
  #insert(previous: Uint8Array, at: number, sealed: SealedEvent): void {
    try {
      insertSealed(this.#options.connection, previous, at, sealed);
    } catch (thrown) {
      if (!isTaken(thrown)) throw thrown;
      this.#committed = null;
      this.#failure ??= unavailable(anotherWriter, thrown);
      throw this.#failure;
    }
  }

  #version({ stream_type, stream_id }: StreamRef): number {
    const sql = 'SELECT stream_seq FROM evt_stream_heads WHERE stream_type = ? AND stream_id = ?';
    return this.#options.connection.number(sql, stream_type, stream_id);
  }

  #advance({ stream_type, stream_id }: StreamRef, version: number, by: number): void {
    const sql =
      version === 0
        ? 'INSERT INTO evt_stream_heads (stream_seq, stream_type, stream_id) VALUES (?, ?, ?)'
        : 'UPDATE evt_stream_heads SET stream_seq = ? WHERE stream_type = ? AND stream_id = ?';
    this.#options.connection.run(sql, version + by, stream_type, stream_id);
  }

  #requireFreshKey({ stream_type, stream_id }: StreamRef, key: string | null): void {
    if (key === null) return;
    const sql =
      'SELECT 1 FROM evt_events WHERE stream_type = ? AND stream_id = ? AND idempotency_key = ?';
    const used = this.#options.connection.get(sql, stream_type, stream_id, key) !== undefined;
    if (used) throw new HobError('idempotency_conflict');
  }

  /** Turns a failure of the database into `store_unavailable` and remembers that the group is lost. */
  #guard<T>(run: () => T): T {
    try {
      return run();
    } catch (thrown) {
      throw this.#note(thrown) ?? thrown;
    }
  }

  #note(thrown: unknown): HobError | null {
    const failure = failureOf(thrown);
    if (failure === null) return null;
    this.#options.health.failed(failure, thrown);
    this.#failure ??= unavailable(failure, thrown);
    return this.#failure;
  }
}

/** Where the chain ends, as this connection sees it. */
export function readHead(connection: Connection): ChainHead {
  const row = connection.get('SELECT seq, hash FROM evt_events ORDER BY seq DESC LIMIT 1');
  return row === undefined
    ? emptyChain()
    : { seq: row['seq'] as number, hash: row['hash'] as Uint8Array };
}
