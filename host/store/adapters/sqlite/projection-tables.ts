import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Projection, ProjectionFilter } from '../../ports.ts';
import {
  foldEvent,
  requireProjectionNames,
  type Columns,
  type ColumnValue,
} from '../../core/fold.ts';
import type { Connection } from './connection.ts';

/** Below this many rows a filter looks at all of them, within a millisecond. */
const ROWS_WITHOUT_INDEX = 500;

/**
 * The `proj_*` tables: `key, columns…, document, seq`. A column is added when the first document
 * names it, so a projection's columns are written down in one place only, its fold. Its index is
 * made when something filters by it and the table is no longer small: every index is one more page
 * in every commit, and most columns are never asked for.
 */
export class ProjectionTables {
  readonly #connection: Connection;
  readonly #projections: readonly Projection<unknown>[];
  /** Columns by table, as the database has them. */
  #columns = new Map<string, ReadonlySet<string>>();
  /** `table.column` that somebody filtered by, since the last look at them. */
  readonly #wanted = new Set<string>();
  /** Those that have their index. */
  readonly #indexed = new Set<string>();

  constructor(connection: Connection, projections: readonly Projection<unknown>[]) {
    this.#connection = connection;
    this.#projections = projections;
    for (const { table } of projections) requireProjectionNames(table);
  }

  /** Creates the table of one projection, empty, in place of what it was. */
  recreate(table: string): void {
    requireProjectionNames(table);
    this.#connection.exec(`DROP TABLE IF EXISTS ${table}`);
    this.#connection.exec(
      `CREATE TABLE ${table} (key TEXT PRIMARY KEY, document TEXT NOT NULL, seq INTEGER NOT NULL)`,
    );
    this.forgetColumns();
  }

  /** After a rollback a column or an index that was added is gone again. */
  forgetColumns(): void {
    this.#columns.clear();
    this.#indexed.clear();
  }

  /** Told by the readers; acted upon by the next `indexWanted`. */
  want(table: string, columns: readonly string[]): void {
    for (const name of columns) {
      const entry = `${table}.${name}`;
      if (!this.#indexed.has(entry)) this.#wanted.add(entry);
    }
  }

  /** Makes the indexes that were missed since the last time. Inside a transaction. */
  indexWanted(): void {
    for (const entry of this.#wanted) {
      const [table = '', name = ''] = entry.split('.');
      // No fewer than its rows: counting those takes longer the more there are.
      const rows = this.#connection.number(`SELECT max(rowid) FROM ${table}`);
      if (rows <= ROWS_WITHOUT_INDEX || !this.columns(table).has(name)) continue;
      this.#connection.exec(
        `CREATE INDEX IF NOT EXISTS ${table}_${name} ON ${table} (${name}, key)`,
      );
      this.#indexed.add(entry);
    }
    this.#wanted.clear();
  }

  apply(event: StoredEvent): void {
    for (const projection of this.#projections) this.applyTo(projection, event);
  }

  applyTo(projection: Projection<unknown>, event: StoredEvent): void {
    const { table } = projection;
    let before: Record<string, unknown> | undefined;
    const row = foldEvent(projection, event, (key) => {
      before = this.#connection.get(`SELECT * FROM ${table} WHERE key = ?`, key);
      return (before?.['document'] as string | undefined) ?? null;
    });
    if (row === null) return;
    if (row.document === null) this.#connection.run(`DELETE FROM ${table} WHERE key = ?`, row.key);
    else if (before === undefined)
      this.#insert(table, row.key, row.document, row.columns, event.seq);
    else this.#update(table, row.key, row.document, row.columns, event.seq, before);
  }

  #insert(table: string, key: string, document: string, columns: Columns, seq: number): void {
    const names = this.#requireColumns(table, columns);
    const list = ['key', 'document', 'seq', ...names];
    const sql = `INSERT INTO ${table} (${list.join(', ')}) VALUES (${list.map(() => '?').join(', ')})`;
    this.#connection.run(sql, key, document, seq, ...names.map((name) => columns[name] ?? null));
  }

  /** Sets only the columns that changed: an index that is not named is not touched. */
  #update(
    table: string,
    key: string,
    document: string,
    columns: Columns,
    seq: number,
    before: Record<string, unknown>,
  ): void {
    const names = this.#requireColumns(table, columns).filter(
      (name) => (before[name] ?? null) !== (columns[name] ?? null),
    );
    const sets = ['document', 'seq', ...names].map((name) => `${name} = ?`).join(', ');
    const values = names.map((name) => columns[name] ?? null);
    this.#connection.run(
      `UPDATE ${table} SET ${sets} WHERE key = ?`,
      document,
      seq,
      ...values,
      key,
    );
  }

  #requireColumns(table: string, columns: Columns): string[] {
    const names = Object.keys(columns);
    const known = this.columns(table);
    const missing = names.filter((name) => !known.has(name));
    if (missing.length === 0) return names;
    requireProjectionNames(table, missing);
    for (const name of missing) {
      this.#connection.exec(`ALTER TABLE ${table} ADD COLUMN ${name}`);
    }
    this.forgetColumns();
    return names;
  }

  /** The columns that a table has now, as the open transaction sees it. */
  columns(table: string): ReadonlySet<string> {
    const known = this.#columns.get(table) ?? columnsOf(this.#connection, table);
    this.#columns.set(table, known);
    return known;
  }
}

/** The projected columns that a table has now. */
export function columnsOf(connection: Connection, table: string): ReadonlySet<string> {
  requireProjectionNames(table);
  const names = connection
    .all(`SELECT name FROM pragma_table_info('${table}')`)
    .map((row) => row['name'] as string);
  return new Set(names.filter((name) => name !== 'key' && name !== 'document' && name !== 'seq'));
}

export interface Condition {
  readonly sql: string;
  readonly values: ColumnValue[];
}

/** `where` and `after_key` of a filter as SQL. Throws TypeError for names that cannot be columns. */
export function conditionOf(
  table: string,
  where: ProjectionFilter['where'],
  order: 'asc' | 'desc',
  afterKey?: string,
  atMost?: ProjectionFilter['at_most'],
): Condition {
  const entries = Object.entries(where ?? {});
  requireProjectionNames(
    table,
    entries.map(([name]) => name),
  );
  const values: ColumnValue[] = [];
  const parts = entries.map(([name, wanted]) => {
    if (!Array.isArray(wanted)) {
      values.push(wanted as ColumnValue);
      return `${name} IS ?`;
    }
    values.push(...(wanted as ColumnValue[]));
    return `${name} IN (${wanted.map(() => '?').join(', ')})`;
  });
  if (atMost !== undefined) {
    requireProjectionNames(table, [atMost.column]);
    parts.push(`${atMost.column} <= ?`);
    values.push(atMost.value);
  }
  if (afterKey !== undefined) {
    parts.push(order === 'asc' ? 'key > ?' : 'key < ?');
    values.push(afterKey);
  }
  return { sql: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
}
