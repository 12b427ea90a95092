import type { Projection } from '../../ports.ts';
import { requireProjectionNames } from '../../core/fold.ts';
import type { Connection } from './connection.ts';
import type { ProjectionTables } from './projection-tables.ts';
import { eventOf, selectEvents } from './rows.ts';

/** How far the table of a projection is; `done` ones are kept up by every append. */
interface Progress {
  version: number;
  seq: number;
  done: boolean;
}

const CHUNK = 1_000;
const name = (table: string): string => `projection:${table}`;

/**
 * Brings the tables to the registered projections: new ones and those with another version are made
 * from the events, in steps, so that a start that was cut off goes on where it was; tables of
 * projections that are gone are dropped. Everything else is left alone, whatever the number of events.
 */
export async function bringUpToDate(
  connection: Connection,
  tables: ProjectionTables,
  projections: readonly Projection<unknown>[],
  yieldTurn: () => Promise<void>,
): Promise<string[]> {
  dropForgotten(connection, projections);
  const rebuilt: string[] = [];
  for (const projection of projections) {
    let progress = readProgress(connection, projection.table);
    if (progress?.version === projection.version && progress.done) continue;
    if (progress?.version !== projection.version)
      progress = restart(connection, tables, projection);
    while (!progress.done) {
      progress = step(connection, tables, projection, progress);
      await yieldTurn();
    }
    rebuilt.push(projection.table);
  }
  return rebuilt;
}

function readProgress(connection: Connection, table: string): Progress | null {
  const row = connection.get('SELECT value FROM store_meta WHERE name = ?', name(table));
  return row === undefined ? null : (JSON.parse(row['value'] as string) as Progress);
}

function writeProgress(connection: Connection, table: string, progress: Progress): void {
  const sql =
    'INSERT INTO store_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
  connection.run(sql, name(table), JSON.stringify(progress));
}

function restart(
  connection: Connection,
  tables: ProjectionTables,
  projection: Projection<unknown>,
): Progress {
  const progress = { version: projection.version, seq: 0, done: false };
  inTransaction(connection, () => {
    tables.recreate(projection.table);
    writeProgress(connection, projection.table, progress);
  });
  return progress;
}

function step(
  connection: Connection,
  tables: ProjectionTables,
  projection: Projection<unknown>,
  before: Progress,
): Progress {
  return inTransaction(connection, () => {
    const rows = connection.all(
      `${selectEvents} WHERE e.seq > ? ORDER BY e.seq LIMIT ${CHUNK}`,
      before.seq,
    );
    const events = rows.map(eventOf);
    for (const event of events) tables.applyTo(projection, event);
    const seq = events.at(-1)?.seq ?? before.seq;
    const after = { ...before, seq, done: events.length < CHUNK };
    writeProgress(connection, projection.table, after);
    return after;
  });
}

function dropForgotten(connection: Connection, projections: readonly Projection<unknown>[]): void {
  const known = new Set(projections.map(({ table }) => name(table)));
  const rows = connection.all("SELECT name FROM store_meta WHERE name LIKE 'projection:%'");
  for (const row of rows) {
    const entry = row['name'] as string;
    if (known.has(entry)) continue;
    const table = entry.slice(name('').length);
    requireProjectionNames(table);
    inTransaction(connection, () => {
      connection.exec(`DROP TABLE IF EXISTS ${table}`);
      connection.run('DELETE FROM store_meta WHERE name = ?', entry);
    });
  }
}

function inTransaction<T>(connection: Connection, run: () => T): T {
  connection.run('BEGIN IMMEDIATE');
  try {
    const value = run();
    connection.run('COMMIT');
    return value;
  } catch (thrown) {
    if (connection.inTransaction) connection.run('ROLLBACK');
    throw thrown;
  }
}
