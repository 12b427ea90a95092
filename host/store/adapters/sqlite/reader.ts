import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import { wordsOf } from '#schema/views/event-text.ts';
import type { EventFilter, ProjectionFilter, ProjectionRef, StoreReader } from '../../ports.ts';
import type { Connection } from './connection.ts';
import { seqOfEventId } from '../../core/event-id.ts';
import { columnsOf, conditionOf, type Condition } from './projection-tables.ts';
import { eventOf, selectEvents } from './rows.ts';

/** Events that are looked at in one go when no index helps: about 5 ms. */
const WINDOW = 5_000;

/** Reads through one connection: what it has committed, or what its open transaction holds. */
export class SqliteReader implements StoreReader {
  readonly #connection: () => Connection;
  readonly #pause: (() => Promise<void>) | null;
  readonly #filtered: (table: string, columns: readonly string[]) => void;
  readonly #columns: ((table: string) => ReadonlySet<string>) | null;
  /** Columns that were committed once stay. */
  readonly #committed = new Map<string, ReadonlySet<string>>();
  /** Tables whose columns were read after the last commit: there are no others yet. */
  readonly #upToDate = new Set<string>();

  /**
   * `connection` throws when nothing may be read (any more). `pause` lets the event loop turn
   * between the pieces of a long query; null inside a transaction, which must not wait. `filtered`
   * hears by which columns documents are looked for. `columns` tells those of a table inside a transaction,
   * where they may go away again; null outside.
   */
  constructor(
    connection: () => Connection,
    pause: (() => Promise<void>) | null,
    filtered: (table: string, columns: readonly string[]) => void,
    columns: ((table: string) => ReadonlySet<string>) | null = null,
  ) {
    this.#connection = connection;
    this.#pause = pause;
    this.#filtered = filtered;
    this.#columns = columns;
  }

  /** Something was committed, so tables may have more columns. */
  committed(): void {
    this.#upToDate.clear();
  }

  async load(stream: StreamRef): Promise<StoredEvent[]> {
    const sql = `${selectEvents} WHERE e.stream_type = ? AND e.stream_id = ? ORDER BY e.stream_seq`;
    return this.#connection().all(sql, stream.stream_type, stream.stream_id).map(eventOf);
  }

  async query(filter: EventFilter): Promise<StoredEvent[]> {
    const head = await this.headSeq();
    const first = Math.max(0, filter.from_seq ?? 0);
    const last = Math.min(head, filter.to_seq ?? head);
    const found: StoredEvent[] = [];
    for (const [from, to] of windows(filter, first, last)) {
      const window = { ...filter, from_seq: from, to_seq: to, limit: filter.limit - found.length };
      found.push(...this.#queryAtOnce(window));
      if (found.length >= filter.limit) break;
      await this.#pause?.();
    }
    return found;
  }

  #queryAtOnce(filter: EventFilter): StoredEvent[] {
    const { sql, values } = eventCondition(filter);
    const order = filter.order === 'desc' ? 'DESC' : 'ASC';
    const text = `${selectEvents} WHERE ${sql} ORDER BY e.seq ${order} LIMIT ?`;
    return this.#connection()
      .all(text, ...values, filter.limit)
      .map(eventOf);
  }

  async event(by: { event_id: string } | { seq: number }): Promise<StoredEvent | null> {
    const seq = 'seq' in by ? by.seq : seqOfEventId(by.event_id);
    const row = this.#connection().get(`${selectEvents} WHERE e.seq = ?`, seq);
    if (row === undefined || ('event_id' in by && row['event_id'] !== by.event_id)) return null;
    return eventOf(row);
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
    const bound = filter.at_most;
    const { sql, values } = conditionOf(table, filter.where, order, filter.after_key, bound);
    const named = bound === undefined ? filter.where : { ...filter.where, [bound.column]: null };
    if (this.#isEmptyFor(table, named)) return [];
    const way = order === 'asc' ? 'ASC' : 'DESC';
    const by = bound === undefined ? `key ${way}` : `${bound.column} ${way}, key ${way}`;
    const text = `SELECT document FROM ${table}${sql} ORDER BY ${by} LIMIT ?`;
    const rows = this.#connection().all(text, ...values, filter.limit);
    return rows.map((row) => JSON.parse(row['document'] as string) as D);
  }

  async count<D>({ table }: ProjectionRef<D>, where?: ProjectionFilter['where']): Promise<number> {
    const { sql, values } = conditionOf(table, where, 'asc');
    if (this.#isEmptyFor(table, where)) return 0;
    return this.#connection().number(`SELECT count(*) FROM ${table}${sql}`, ...values);
  }

  async cell(name: string): Promise<string | null> {
    const row = this.#connection().get(
      'SELECT value FROM store_meta WHERE name = ?',
      cellName(name),
    );
    return row === undefined ? null : String(row['value']);
  }

  /** A column comes with the first document, so asking for one that is not there yet finds nothing. */
  #isEmptyFor(table: string, where: ProjectionFilter['where']): boolean {
    const names = Object.keys(where ?? {});
    if (names.length === 0) return false;
    const missing = this.#missing(table, names);
    if (missing === undefined) {
      this.#filtered(table, names);
      return false;
    }
    if (this.#connection().get(`SELECT 1 FROM ${table} LIMIT 1`) === undefined) return true;
    throw new TypeError(`${table} has no column ${missing}`);
  }

  #missing(table: string, names: readonly string[]): string | undefined {
    const missingIn = (known: ReadonlySet<string> | undefined): string | undefined =>
      names.find((name) => known?.has(name) !== true);
    if (this.#columns !== null) return missingIn(this.#columns(table));
    const missing = missingIn(this.#committed.get(table));
    if (missing === undefined || this.#upToDate.has(table)) return missing;
    const now = columnsOf(this.#connection(), table);
    this.#committed.set(table, now);
    this.#upToDate.add(table);
    return missingIn(now);
  }
}

/** Cells share a table with what the store keeps about itself. */
export const cellName = (name: string): string => `cell:${name}`;

/** Whether an index leads to the events of a filter. */
const isIndexed = (filter: EventFilter): boolean =>
  filter.run_id !== undefined ||
  filter.correlation_id !== undefined ||
  (filter.stream_type !== undefined && filter.stream_id !== undefined);

/** Ranges `(from, to]` to look through: one where an index helps or everything fits, pieces of the log otherwise. */
function* windows(
  filter: EventFilter,
  first: number,
  last: number,
): Generator<[from: number, to: number]> {
  const { stream_type, stream_id, event_type, text } = filter;
  const fitsAll = (stream_type ?? stream_id ?? event_type ?? text) === undefined;
  const size = isIndexed(filter) || fitsAll ? Math.max(1, last - first) : WINDOW;
  const count = Math.ceil(Math.max(0, last - first) / size);
  for (let i = 0; i < count; i += 1) {
    const at = filter.order === 'desc' ? count - 1 - i : i;
    yield [first + at * size, Math.min(last, first + (at + 1) * size)];
  }
}

const pattern = (word: string): string => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** A cheap look at the whole text first: only what may hold the word is taken apart into its values. */
const inContent = (of: string): string =>
  String.raw`(${of}.content LIKE ? ESCAPE '\'
  AND EXISTS (SELECT 1 FROM json_tree(${of}.content) 
    WHERE atom LIKE ? ESCAPE '\' OR (key GLOB '*[^a-z0-9_]*' AND key LIKE ? ESCAPE '\')))`;

/** `matchesText` of one word, as SQLite says it. */
const says = String.raw`(e.event_type LIKE ? ESCAPE '\'
  OR json_extract(e.actor, '$.display') LIKE ? ESCAPE '\'
  OR ${inContent('c')}
  OR EXISTS (SELECT 1 FROM evt_events f JOIN evt_content fc ON fc.seq = f.seq
    WHERE f.stream_seq = 1 AND f.seq <> e.seq
      AND ((f.stream_type = e.stream_type AND f.stream_id = e.stream_id)
        OR (f.stream_type = 'run' AND f.stream_id = e.run_id))
      AND ${inContent('fc')}))`;

function eventCondition(filter: EventFilter): Condition {
  const conditions = ['e.seq > ?', 'e.seq <= ?'];
  const values: (string | number)[] = [filter.from_seq ?? 0, filter.to_seq ?? 0];
  // A plus keeps SQLite from walking a whole type of streams, in another order, for one window.
  const stream = isIndexed(filter) ? 'e.stream_type' : '+e.stream_type';
  const equal: readonly [string, string | undefined][] = [
    [stream, filter.stream_type],
    ['e.stream_id', filter.stream_id],
    ['e.run_id', filter.run_id],
    ['e.correlation_id', filter.correlation_id],
  ];
  for (const [column, value] of equal) {
    if (value === undefined) continue;
    conditions.push(`${column} = ?`);
    values.push(value);
  }
  if (filter.event_type !== undefined) {
    conditions.push(`e.event_type IN (${filter.event_type.map(() => '?').join(', ')})`);
    values.push(...filter.event_type);
  }
  for (const word of wordsOf(filter.text ?? '')) {
    conditions.push(says);
    const [plain, stored] = [pattern(word), pattern(JSON.stringify(word).slice(1, -1))];
    values.push(plain, plain, stored, plain, plain, stored, plain, plain);
  }
  return { sql: conditions.join(' AND '), values };
}
