import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { EventContext, ExpectedVersion, StoreTransaction } from '../../ports.ts';
import type { Connection } from './connection.ts';
import type { ProjectionTables } from './projection-tables.ts';
import { SqliteReader } from './reader.ts';

/** What a transaction does through the writer, at once. */
export interface TransactionBase {
  readonly connection: Connection;
  readonly tables: ProjectionTables;
  append(
    stream: StreamRef,
    expected: ExpectedVersion,
    events: readonly DomainEvent[],
    context: EventContext,
  ): StoredEvent[];
  recall(principalId: string, command: string, key: string, contentHash: string): JsonObject | null;
  remember(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
    response: JsonObject,
  ): void;
  forgetAnswers(before: number, limit: number): number;
  setCell(name: string, text: string): void;
}

/** What a piece of work gets: reads its own writes; refuses everything once its work is over. */
export class SqliteTransaction extends SqliteReader implements StoreTransaction {
  #writer: TransactionBase | null;

  constructor(writer: TransactionBase) {
    super(
      () => this.#open().connection,
      null,
      (table, columns) => writer.tables.want(table, columns),
      (table) => writer.tables.columns(table),
    );
    this.#writer = writer;
  }

  close(): void {
    this.#writer = null;
  }

  async append(
    stream: StreamRef,
    expected: ExpectedVersion,
    events: readonly DomainEvent[],
    context: EventContext,
  ): Promise<StoredEvent[]> {
    return this.#open().append(stream, expected, events, context);
  }

  async recall(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
  ): Promise<JsonObject | null> {
    return this.#open().recall(principalId, command, key, contentHash);
  }

  async remember(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
    response: JsonObject,
  ): Promise<void> {
    this.#open().remember(principalId, command, key, contentHash, response);
  }

  async forgetAnswers(before: number, limit: number): Promise<number> {
    return this.#open().forgetAnswers(before, limit);
  }

  async setCell(name: string, text: string): Promise<void> {
    this.#open().setCell(name, text);
  }

  #open(): TransactionBase {
    if (this.#writer === null) {
      throw new HobError('internal_error', {
        message: 'The transaction is over; its tx cannot be used any more.',
      });
    }
    return this.#writer;
  }
}
