import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import { HobError } from '#host/kernel/errors.ts';
import type {
  EventContext,
  EventFilter,
  ExpectedVersion,
  ProjectionFilter,
  ProjectionRef,
  StoreReader,
  StoreTransaction,
} from './ports.ts';

/** What the transactions of a store do through its writer, at once. */
export interface TransactionWriter {
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
export class Transaction implements StoreTransaction {
  readonly #writer: TransactionWriter;
  readonly #reader: StoreReader;
  #isOver = false;

  /** `reader` makes what reads inside the transaction; it calls what it is given before each look. */
  constructor(writer: TransactionWriter, reader: (requireOpen: () => void) => StoreReader) {
    this.#writer = writer;
    this.#reader = reader(() => this.#open());
  }

  close(): void {
    this.#isOver = true;
  }

  load(stream: StreamRef): Promise<StoredEvent[]> {
    return this.#reader.load(stream);
  }

  query(filter: EventFilter): Promise<StoredEvent[]> {
    return this.#reader.query(filter);
  }

  event(by: { event_id: string } | { seq: number }): Promise<StoredEvent | null> {
    return this.#reader.event(by);
  }

  headSeq(): Promise<number> {
    return this.#reader.headSeq();
  }

  document<D>(projection: ProjectionRef<D>, key: string): Promise<D | null> {
    return this.#reader.document(projection, key);
  }

  documents<D>(projection: ProjectionRef<D>, filter: ProjectionFilter): Promise<D[]> {
    return this.#reader.documents(projection, filter);
  }

  count<D>(projection: ProjectionRef<D>, where?: ProjectionFilter['where']): Promise<number> {
    return this.#reader.count(projection, where);
  }

  cell(name: string): Promise<string | null> {
    return this.#reader.cell(name);
  }

  async append(...args: Parameters<TransactionWriter['append']>): Promise<StoredEvent[]> {
    return this.#open().append(...args);
  }

  async recall(...args: Parameters<TransactionWriter['recall']>): Promise<JsonObject | null> {
    return this.#open().recall(...args);
  }

  async remember(...args: Parameters<TransactionWriter['remember']>): Promise<void> {
    this.#open().remember(...args);
  }

  async forgetAnswers(before: number, limit: number): Promise<number> {
    return this.#open().forgetAnswers(before, limit);
  }

  async setCell(name: string, text: string): Promise<void> {
    this.#open().setCell(name, text);
  }

  #open(): TransactionWriter {
    if (this.#isOver) {
      throw new HobError('internal_error', {
        message: 'The transaction is over; its tx cannot be used any more.',
      });
    }
    return this.#writer;
  }
}
