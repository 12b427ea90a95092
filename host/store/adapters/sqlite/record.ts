import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { EventFilter, Projection, StoreVerification } from '../../ports.ts';
import type { Connection } from './connection.ts';
import { failureOf, unavailable } from './failure.ts';
import { openUnknown, Unopenable } from './open-database.ts';
import { SqliteReader } from './reader.ts';
import { verifyDatabase } from './verify-database.ts';

/**
 * The record of a data directory to be looked at, without a host and without changing it: also a copy of
 * one, and one that a host would not write to any more. What cannot be read throws `store_unavailable`.
 */
export class SqliteRecord {
  readonly storeId: string;
  readonly #file: string;
  readonly #projections: readonly Projection<unknown>[];
  readonly #connection: Connection;
  readonly #reader: SqliteReader;

  constructor(file: string, projections: readonly Projection<unknown>[]) {
    this.#file = file;
    this.#projections = projections;
    this.#connection = translated(() => openUnknown(file));
    this.#reader = new SqliteReader(
      () => this.#connection,
      null,
      () => {},
    );
    const row = translated(() =>
      this.#connection.get("SELECT value FROM store_meta WHERE name = 'store_id'"),
    );
    this.storeId = String(row?.['value'] ?? '');
  }

  async verify(): Promise<StoreVerification> {
    return translated(() => verifyDatabase(this.#file, this.#projections));
  }

  query(filter: EventFilter): Promise<StoredEvent[]> {
    return this.#reader.query(filter);
  }

  close(): void {
    this.#connection.close();
  }
}

function translated<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    const failure = thrown instanceof Unopenable ? thrown.failure : failureOf(thrown);
    throw failure === null ? thrown : unavailable(failure, thrown);
  }
}
