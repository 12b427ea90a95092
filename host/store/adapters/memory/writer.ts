import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { emptyChain, type ChainHead } from '../../core/chain.ts';
import { requireVersion } from '../../core/expected-version.ts';
import { foldEvent } from '../../core/fold.ts';
import type { Redactor } from '../../core/redact.ts';
import type { Sealer } from '../../core/sealer.ts';
import type { GroupWriter } from '../../group-commit.ts';
import type { EventContext, ExpectedVersion, StoreTransaction } from '../../ports.ts';
import { Transaction, type TransactionWriter } from '../../transaction.ts';
import { MemoryReader } from './reader.ts';
import { draftOf, streamKey, type Draft, type MemoryState } from './state.ts';

export interface MemoryWriterOptions {
  state: MemoryState;
  clock: Clock;
  sealer: Sealer;
  redact: Redactor;
}

/** The writing side of the group commit over a draft of the whole state. */
export class MemoryWriter implements GroupWriter<StoreTransaction>, TransactionWriter {
  readonly #options: MemoryWriterOptions;
  readonly failure = null;
  readonly tidy = null;
  #group: Draft;
  #work: Draft;

  constructor(options: MemoryWriterOptions) {
    this.#options = options;
    this.#group = draftOf(options.state.committed);
    this.#work = this.#group;
  }

  begin(): void {
    this.#group = draftOf(this.#options.state.committed);
  }

  savepoint(): { tx: StoreTransaction; close: () => void } {
    this.#work = draftOf(this.#group);
    const tx = new Transaction(this, (requireOpen) => {
      return new MemoryReader(() => {
        requireOpen();
        return this.#work;
      });
    });
    return { tx, close: () => tx.close() };
  }

  release(): void {
    this.#group = this.#work;
  }

  rollbackTo(): void {
    this.#work = this.#group;
  }

  commit(): readonly StoredEvent[] {
    const { state } = this.#options;
    const events = this.#group.log.slice(state.committed.log.length).map(({ event }) => event);
    state.committed = this.#group;
    return structuredClone(events);
  }

  rollback(): void {
    this.#group = draftOf(this.#options.state.committed);
  }

  append(
    stream: StreamRef,
    expected: ExpectedVersion,
    events: readonly DomainEvent[],
    context: EventContext,
  ): StoredEvent[] {
    const { sealer } = this.#options;
    const key = streamKey(stream);
    const version = this.#work.versions.get(key) ?? 0;
    requireVersion(stream, expected, version);
    if (events.length === 0) return [];
    this.#requireFreshKey(key, context.idempotency_key ?? null);
    const { sealed } = sealer.sealAll(this.#head(), stream, version, events, context);
    this.#work.log.push(...sealed);
    this.#work.versions.set(key, version + events.length);
    for (const { event } of sealed) this.#project(event);
    return sealed.map(({ event }) => structuredClone(event));
  }

  recall(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
  ): JsonObject | null {
    const found = this.#work.responses.get(JSON.stringify([principalId, command, key]));
    if (found === undefined) return null;
    if (found.contentHash !== contentHash) throw new HobError('idempotency_conflict');
    return JSON.parse(found.response) as JsonObject;
  }

  remember(
    principalId: string,
    command: string,
    key: string,
    contentHash: string,
    response: JsonObject,
  ): void {
    const text = JSON.stringify(this.#options.redact(response).data);
    const id = JSON.stringify([principalId, command, key]);
    if (this.#work.responses.has(id)) throw new HobError('idempotency_conflict');
    const recordedAt = this.#options.clock.now();
    this.#work.responses.set(id, { contentHash, response: text, recordedAt });
  }

  forgetAnswers(before: number, limit: number): number {
    const old = [...this.#work.responses]
      .filter(([, { recordedAt }]) => recordedAt < before)
      .toSorted(([, a], [, b]) => a.recordedAt - b.recordedAt)
      .slice(0, limit);
    for (const [id] of old) this.#work.responses.delete(id);
    return old.length;
  }

  setCell(name: string, text: string): void {
    this.#work.cells.set(name, text);
  }

  #head(): ChainHead {
    const last = this.#work.log.at(-1);
    return last === undefined ? emptyChain() : { seq: last.event.seq, hash: last.hash };
  }

  #requireFreshKey(stream: string, key: string | null): void {
    if (key === null) return;
    const used = this.#work.log.some(
      ({ event }) => streamKey(event.stream) === stream && event.idempotency_key === key,
    );
    if (used) throw new HobError('idempotency_conflict');
  }

  #project(event: StoredEvent): void {
    for (const projection of this.#options.state.projections) {
      const rows = this.#work.tables.get(projection.table);
      const row = foldEvent(projection, event, (key) => rows?.get(key)?.document ?? null);
      if (row === null) continue;
      if (row.document === null) rows?.delete(row.key);
      else rows?.set(row.key, { document: row.document, columns: row.columns, seq: event.seq });
    }
  }
}
