import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Projection } from '../ports.ts';

export type ColumnValue = string | number | null;
export type Columns = Record<string, ColumnValue>;

/** A projection's row after an event; `document` null means that the row goes away. */
export interface FoldedRow {
  readonly key: string;
  readonly document: string | null;
  readonly columns: Columns;
}

/**
 * One step of a projection, from text to text: documents pass through JSON after each event, so a
 * rebuild cannot differ from what was kept. Null when the event does not concern it; events whose
 * content was erased concern none.
 */
export function foldEvent<D>(
  projection: Projection<D>,
  event: StoredEvent,
  current: (key: string) => string | null,
): FoldedRow | null {
  if (event.data === null) return null;
  const key = projection.key(event);
  if (key === null) return null;
  const text = current(key);
  const next = projection.evolve(text === null ? null : (JSON.parse(text) as D), event);
  if (next === null) return { key, document: null, columns: {} };
  return { key, document: JSON.stringify(next), columns: projection.columns(next) };
}

const TABLE = /^proj_[a-z][a-z_]{0,48}$/;
const COLUMN = /^[a-z][a-z_]{0,48}$/;
const RESERVED = new Set(['key', 'document', 'seq']);

/** Names become SQL, so they are checked once, here. Throws TypeError. */
export function requireProjectionNames(table: string, columns: readonly string[] = []): void {
  if (!TABLE.test(table)) throw new TypeError(`not a projection table: ${table}`);
  const bad = columns.find((name) => !COLUMN.test(name) || RESERVED.has(name));
  if (bad !== undefined) throw new TypeError(`${table} cannot have a column named ${bad}`);
}
