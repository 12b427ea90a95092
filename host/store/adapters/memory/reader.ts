import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import { matchesText } from '#schema/views/event-text.ts';
import type { EventFilter, ProjectionFilter, ProjectionRef, StoreReader } from '../../ports.ts';
import type { ProjectionRow } from '../../core/verify.ts';
import type { Snapshot } from './state.ts';

/** Reads from one snapshot. Hands out copies: what a caller does to them stays with the caller. */
export class MemoryReader implements StoreReader {
  readonly #snapshot: () => Snapshot;

  constructor(snapshot: () => Snapshot) {
    this.#snapshot = snapshot;
  }

  async load(stream: StreamRef): Promise<StoredEvent[]> {
    return this.#events((event) => matches(event, { ...stream, limit: 0 }));
  }

  async query(filter: EventFilter): Promise<StoredEvent[]> {
    const found = this.#events((event) => matches(event, filter) && this.#saysText(event, filter));
    return (filter.order === 'desc' ? found.toReversed() : found).slice(0, filter.limit);
  }

  async event(by: { event_id: string } | { seq: number }): Promise<StoredEvent | null> {
    const found = this.#events((event) =>
      'seq' in by ? event.seq === by.seq : event.event_id === by.event_id,
    );
    return found[0] ?? null;
  }

  async headSeq(): Promise<number> {
    return this.#snapshot().log.length;
  }

  async document<D>({ table }: ProjectionRef<D>, key: string): Promise<D | null> {
    const row = this.#table(table).get(key);
    return row === undefined ? null : (JSON.parse(row.document) as D);
  }

  async documents<D>({ table }: ProjectionRef<D>, filter: ProjectionFilter): Promise<D[]> {
    const order = filter.order ?? 'asc';
    const rows = [...this.#table(table)]
      .filter(([, row]) => fits(row, filter.where))
      .filter(([key]) => isAfter(key, filter.after_key, order))
      .filter(([, row]) => isAtMost(row, filter.at_most))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const bound = filter.at_most?.column;
    if (bound !== undefined)
      rows.sort(([, a], [, b]) => (String(a.columns[bound]) < String(b.columns[bound]) ? -1 : 1));
    const ordered = order === 'asc' ? rows : rows.toReversed();
    return ordered.slice(0, filter.limit).map(([, row]) => JSON.parse(row.document) as D);
  }

  async count<D>({ table }: ProjectionRef<D>, where?: ProjectionFilter['where']): Promise<number> {
    return [...this.#table(table).values()].filter((row) => fits(row, where)).length;
  }

  async cell(name: string): Promise<string | null> {
    return this.#snapshot().cells.get(name) ?? null;
  }

  #saysText(event: StoredEvent, { text }: EventFilter): boolean {
    if (text === undefined) return true;
    const about = this.#snapshot()
      .log.map((one) => one.event)
      .filter(({ stream }) => stream.stream_seq === 1 && isAbout(stream, event));
    return matchesText(event, about, text);
  }

  #events(wanted: (event: StoredEvent) => boolean): StoredEvent[] {
    return this.#snapshot()
      .log.map(({ event }) => event)
      .filter(wanted)
      .map((event) => structuredClone(event));
  }

  #table(table: string): ReadonlyMap<string, ProjectionRow> {
    const rows = this.#snapshot().tables.get(table);
    if (rows === undefined) throw new Error(`no projection is registered for ${table}`);
    return rows;
  }
}

const isAbout = ({ stream_type, stream_id }: StreamRef, { stream, run_id }: StoredEvent): boolean =>
  (stream_type === stream.stream_type && stream_id === stream.stream_id) ||
  (stream_type === 'run' && stream_id === run_id);

function matches(event: StoredEvent, filter: EventFilter): boolean {
  return (
    (filter.from_seq === undefined || event.seq > filter.from_seq) &&
    (filter.to_seq === undefined || event.seq <= filter.to_seq) &&
    (filter.stream_type === undefined || event.stream.stream_type === filter.stream_type) &&
    (filter.stream_id === undefined || event.stream.stream_id === filter.stream_id) &&
    (filter.event_type === undefined || filter.event_type.includes(event.event_type)) &&
    (filter.run_id === undefined || event.run_id === filter.run_id) &&
    (filter.correlation_id === undefined || event.correlation_id === filter.correlation_id)
  );
}

function fits(row: ProjectionRow, where: ProjectionFilter['where']): boolean {
  return Object.entries(where ?? {}).every(([name, wanted]) => {
    if (!(name in row.columns)) throw new TypeError(`there is no column ${name}`);
    const value = row.columns[name] ?? null;
    return Array.isArray(wanted) ? wanted.includes(value) : value === wanted;
  });
}

function isAtMost(row: ProjectionRow, bound: ProjectionFilter['at_most']): boolean {
  if (bound === undefined) return true;
  const value = row.columns[bound.column];
  return typeof value === 'string' && value <= bound.value;
}

function isAfter(key: string, after: string | undefined, order: 'asc' | 'desc'): boolean {
  if (after === undefined) return true;
  return order === 'asc' ? key > after : key < after;
}
