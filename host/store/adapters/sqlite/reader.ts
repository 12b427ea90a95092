import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import type { EventFilter, ProjectionFilter, ProjectionRef, StoreReader } from '../../ports.ts';
import type { Connection } from './connection.ts';
import { columnsOf, conditionOf } from './projection-tables.ts';
import { eventOf, selectEvents } from './rows.ts';

/** Reads through one connection: what it has committed, or what its open transaction holds. */
export class SqliteReader implements StoreReader {
  readonly #connection: () => Connection;

  /** `connection` throws when nothing may be read (any more). */
  constructor(connection: () => Connection) {
    this.#connection = connection;
  }

  async load(stream: StreamRef): Promise<StoredEvent[]> {
    const sql = `${selectEvents} WHERE s.stream_type = ? AND s.stream_id = ? ORDER BY e.stream_seq`;
    return this.#connection().all(sql, stream.stream_type, stream.stream_id).map(eventOf);
  }

  async query(filter: EventFilter): Promise<StoredEvent[]> {
    const { conditions, values } = eventConditions(filter);
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const order = filter.order === 'desc' ? 'DESC' : 'ASC';
    const sql = `${selectEvents}${where} ORDER BY e.seq ${order} LIMIT ?`;
    return this.#connection()
      .all(sql, ...values, filter.limit)
      .map(eventOf);
  }

  async event(by: { event_id: string } | { seq: number }): Promise<StoredEvent | null> {
    const row =
      'seq' in by
        ? this.#connection().get(`${selectEvents} WHERE e.seq = ?`, by.seq)
        : this.#connection().get(`${selectEvents} WHERE e.event_id = ?`, by.event_id);
    return row === undefined ? null : eventOf(row);
  }

  async headSeq(): Promise<number> {
    return this.#connection().number('SELECT max(seq) FROM evt_events');
  }

  async document<D>({ table }: ProjectionRef<D>, key: string): Promise<D | null> {
    const row = this.#connection().get(`SELECT document FROM ${table} WHERE key = ?`, key);
    return row === undefined ? null : (JSON.parse(row['document'] as string) as D);
  }

  async documents<D>({ table }: ProjectionRef<D>, filter: ProjectionFilter): Promise<D[]> {
    const order = filter.order ?? 'asc';
    const { sql, values } = conditionOf(table, filter.where, order, filter.after_key);
    if (this.#isEmptyFor(table, filter.where)) return [];
    const text = `SELECT document FROM ${table}${sql} ORDER BY key ${order === 'asc' ? 'ASC' : 'DESC'} LIMIT ?`;
    const rows = this.#connection().all(text, ...values, filter.limit);
    return rows.map((row) => JSON.parse(row['document'] as string) as D);
  }

  async count<D>({ table }: ProjectionRef<D>, where?: ProjectionFilter['where']): Promise<number> {
    const { sql, values } = conditionOf(table, where, 'asc');
    if (this.#isEmptyFor(table, where)) return 0;
    return this.#connection().number(`SELECT count(*) FROM ${table}${sql}`, ...values);
  }

  /** A column comes with the first document, so asking for one that is not there yet finds nothing. */
  #isEmptyFor(table: string, where: ProjectionFilter['where']): boolean {
    const names = Object.keys(where ?? {});
    if (names.length === 0) return false;
    const known = columnsOf(this.#connection(), table);
    const missing = names.find((name) => !known.has(name));
    if (missing === undefined) return false;
    if (this.#connection().get(`SELECT 1 FROM ${table} LIMIT 1`) === undefined) return true;
    throw new TypeError(`${table} has no column ${missing}`);
  }
}

function eventConditions(filter: EventFilter): {
  conditions: string[];
  values: (string | number)[];
} {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...more: (string | number)[]): void => {
    conditions.push(sql);
    values.push(...more);
  };
  if (filter.from_seq !== undefined) add('e.seq > ?', filter.from_seq);
  if (filter.to_seq !== undefined) add('e.seq <= ?', filter.to_seq);
  if (filter.stream_type !== undefined) add('s.stream_type = ?', filter.stream_type);
  if (filter.stream_id !== undefined) add('s.stream_id = ?', filter.stream_id);
  if (filter.run_id !== undefined) add('e.run_id = ?', filter.run_id);
  if (filter.correlation_id !== undefined) add('e.correlation_id = ?', filter.correlation_id);
  if (filter.event_type !== undefined) {
    add(`e.event_type IN (${filter.event_type.map(() => '?').join(', ')})`, ...filter.event_type);
  }
  return { conditions, values };
}
