import { DatabaseSync } from 'node:sqlite';
import type { Projection, StoreVerification } from '../../ports.ts';
import { ChainCheck, ProjectionCheck, Problems, type ProjectionRow } from '../../core/verify.ts';
import { requireProjectionNames, type ColumnValue } from '../../core/fold.ts';
import { migrations } from '../../migrations/index.ts';
import { nodeDigests } from '../digests.ts';
import type { Connection, Row } from './connection.ts';
import { checkOf } from './idempotency.ts';
import { openForReading } from './open-database.ts';
import { eventOf, selectEvents } from './rows.ts';

/**
 * Reads the whole database through a connection of its own and checks everything that can be
 * checked from inside. Takes seconds for a million events; run it off the event loop.
 * Throws `Unopenable` when there is no database to check.
 */
export function verifyDatabase(
  file: string,
  projections: readonly Projection<unknown>[],
): StoreVerification {
  const connection = openForReading(file);
  try {
    // One snapshot for everything, however much is appended meanwhile.
    connection.exec('BEGIN');
    return verifySnapshot(connection, projections);
  } finally {
    connection.close();
  }
}

function verifySnapshot(
  connection: Connection,
  projections: readonly Projection<unknown>[],
): StoreVerification {
  const problems = new Problems();
  const chain = new ChainCheck(nodeDigests, (hex) => Buffer.from(hex, 'hex'), problems);
  const kept =
    attempt(problems, 'projections', () => keptProjections(connection, projections)) ?? [];
  const checks = kept.map((projection) => ({
    projection,
    check: new ProjectionCheck(projection, problems),
  }));
  attempt(problems, 'pages', () => checkPages(connection, problems));
  attempt(problems, 'schema', () => checkSchema(connection, problems));
  attempt(problems, 'events', () => checkEvents(connection, chain, checks, problems));
  attempt(problems, 'stream heads', () => checkHeads(connection, chain, problems));
  attempt(problems, 'content', () => checkOrphans(connection, problems));
  attempt(problems, 'small tables', () => checkSmallTables(connection, problems));
  for (const { projection, check } of checks) {
    attempt(problems, projection.table, () =>
      check.compare(storedRows(connection, projection.table)),
    );
  }
  return {
    events: chain.events,
    head_seq: chain.headSeq,
    head_hash: chain.headHash,
    erased: chain.erased,
    projections: kept.length,
    problems: problems.list,
  };
}

/** A damaged page makes reading throw; that is a finding, and the other parts are still looked at. */
function attempt<T>(problems: Problems, part: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    problems.add(
      'unreadable',
      null,
      `${part}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
    return undefined;
  }
}

/** Projections whose tables are complete at this version; the others are made at the next start. */
function keptProjections(
  connection: Connection,
  projections: readonly Projection<unknown>[],
): Projection<unknown>[] {
  return projections.filter((projection) => {
    requireProjectionNames(projection.table);
    const row = connection.get(
      'SELECT value FROM store_meta WHERE name = ?',
      `projection:${projection.table}`,
    );
    if (row === undefined) return false;
    const progress = JSON.parse(row['value'] as string) as { version: number; done: boolean };
    return progress.version === projection.version && progress.done;
  });
}

function checkPages(connection: Connection, problems: Problems): void {
  for (const row of connection.all('PRAGMA integrity_check(20)')) {
    const finding = String(row['integrity_check']);
    if (finding !== 'ok') problems.add('database_damaged', null, finding);
  }
}

const schemaQuery =
  "SELECT name, sql FROM sqlite_schema WHERE (name LIKE 'evt_%' OR name = 'store_meta') AND sql IS NOT NULL";

/** Tables and triggers must be those of the migrations, to the letter: a missing trigger is a finding. */
function checkSchema(connection: Connection, problems: Problems): void {
  const model = new DatabaseSync(':memory:');
  try {
    for (const sql of migrations) model.exec(sql);
    const texts = (rows: readonly Record<string, unknown>[]): Map<string, string> =>
      new Map(rows.map((row) => [String(row['name']), String(row['sql'])]));
    const expected = texts(model.prepare(schemaQuery).all());
    const actual = texts(connection.all(schemaQuery));
    for (const name of new Set([...expected.keys(), ...actual.keys()])) {
      if (expected.get(name) === actual.get(name)) continue;
      problems.add('schema_changed', null, `${name} is not as it was made`);
    }
  } finally {
    model.close();
  }
}

function checkEvents(
  connection: Connection,
  chain: ChainCheck,
  checks: readonly { check: ProjectionCheck }[],
  problems: Problems,
): void {
  const count = connection.number('SELECT count(*) FROM evt_events NOT INDEXED');
  for (const row of connection.iterate(`${selectEvents} ORDER BY e.seq`)) {
    try {
      const event = eventOf(row);
      chain.next(event, contentOf(row));
      for (const { check } of checks) check.next(event);
    } catch (thrown) {
      problems.add('unreadable', Number(row['seq']), String(thrown));
    }
  }
  if (count !== chain.events)
    problems.add('gap', null, `${count} events are stored and ${chain.events} can be read`);
}

const contentOf = (row: Row): { salt: Uint8Array; text: string } | null =>
  row['content'] === null
    ? null
    : { salt: row['salt'] as Uint8Array, text: row['content'] as string };

function checkHeads(connection: Connection, chain: ChainCheck, problems: Problems): void {
  const left = new Map(chain.versions);
  for (const row of connection.iterate(
    'SELECT stream_type, stream_id, stream_seq FROM evt_stream_heads',
  )) {
    const stream = `${String(row['stream_type'])}/${String(row['stream_id'])}`;
    if (left.get(stream) !== row['stream_seq'])
      problems.add('head_wrong', null, `the head of ${stream} is not its last event`);
    left.delete(stream);
  }
  for (const stream of left.keys()) problems.add('head_wrong', null, `${stream} has no head`);
}

function checkOrphans(connection: Connection, problems: Problems): void {
  const sql = 'SELECT seq FROM evt_content WHERE seq NOT IN (SELECT seq FROM evt_events) LIMIT 20';
  for (const row of connection.all(sql))
    problems.add('orphan_content', Number(row['seq']), 'content without its event');
}

function checkSmallTables(connection: Connection, problems: Problems): void {
  for (const row of connection.iterate('SELECT * FROM evt_idempotency')) {
    const { check_sum: stored, ...rest } = row;
    if (checkOf(rest) !== stored)
      problems.add('response_changed', null, 'a remembered response is not what was stored');
  }
  const names = new Map(
    connection.all('SELECT name, value FROM store_meta').map((row) => [row['name'], row['value']]),
  );
  const id = String(names.get('store_id') ?? '');
  if (names.get('store_id_check') !== nodeDigests.hex(nodeDigests.sha256(id))) {
    problems.add('store_id_changed', null, 'the id of the store is not the one it was made with');
  }
}

function* storedRows(
  connection: Connection,
  table: string,
): Iterable<readonly [string, ProjectionRow]> {
  for (const row of connection.iterate(`SELECT * FROM ${table}`)) {
    const { key, document, seq, ...columns } = row;
    const values = columns as Record<string, ColumnValue>;
    yield [String(key), { document: String(document), columns: values, seq: Number(seq) }];
  }
}
