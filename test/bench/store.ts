// Appending to the event store, on the whole schema with this build's read models, against the floor of
// the same disk in the same minute: a line written to a file, then fdatasync.
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { projections } from '#host/runtime/projections.ts';
import { runsProjection } from '#host/runs/projections.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { openSqliteStore, type SqliteEventStore } from '#host/store/adapters/sqlite/store.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';

const ROUNDS = 14;
const SINGLE = 120;
const WRITERS = 100;
const GROUPED = 1_500;

const ids = systemIds();
const actor: Principal = {
  kind: 'agent',
  id: 'claimed:bench',
  display: 'calls itself bench',
  role: 'agent',
  proven: false,
};

/** One run that asks, as every call of an agent appends it; the values differ from call to call. */
function runCreated(runId: string, n: number): DomainEvent {
  return {
    type: 'run.created',
    data: {
      run_id: runId,
      trigger: { kind: 'mcp', ref: `call-${n}` },
      runner: 'host',
      principal: actor,
      call: {
        action: 'command.run',
        tool: 'run_command',
        argv: ['git', 'log', '--oneline', `-${n % 100}`],
        cwd: `/home/somebody/project-${n % 10}`,
        executable: '/usr/bin/git',
        arguments: { reason: `step ${n} of many` },
      },
      call_hash: n.toString(16).padStart(64, '0'),
      policy: {
        decision: 'require_approval',
        reason_code: 'table.command_run.agent',
        reason: 'Commands of agents are asked about.',
        zone: 'supervised',
        danger: false,
        danger_reasons: [],
        grant_id: null,
      },
    },
  };
}

class Measured {
  readonly floor: number[] = [];
  readonly bare: number[] = [];
  readonly single: number[] = [];
  readonly grouped: number[] = [];
  readonly gaps: number[] = [];
  readonly cpu: number[] = [];
}

export async function run(): Promise<BenchTable> {
  // Not the folder for temporary files: that may be memory, where a sync costs nothing.
  const cache = join(import.meta.dirname, '../../.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-store-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string): Promise<BenchTable> {
  let durability = 0;
  const store = await openSqliteStore({
    file: join(folder, 'events.db'),
    clock: systemClock,
    ids,
    projections,
    knownSecrets: () => [],
    log: silentLog,
    verifyWorker: null,
    tune: (connection) => {
      durability = connection.number('PRAGMA synchronous');
    },
  });
  if (durability !== 2) throw new Error('the store does not sync: this would measure nothing');
  const log = openSync(join(folder, 'floor.log'), 'a');
  const peer = barePeer(join(folder, 'peer.db'));
  const measured = new Measured();
  let n = 0;
  const append = (): Promise<unknown> => appendOne(store, (n += 1));
  for (let round = 0; round <= ROUNDS; round += 1) {
    // The first round only warms everything up.
    const into = round === 0 ? new Measured() : measured;
    measureFloor(log, into, () => `${JSON.stringify(runCreated(ids.domain('run'), (n += 1)))}\n`);
    for (let i = 0; i < SINGLE; i += 1)
      into.bare.push(timed(() => peer.insert(JSON.stringify(runCreated('x', (n += 1))))));
    await measureSingle(into, append);
    await measureGroup(into, append);
    // Lists are filtered by status, so the index that they need is there.
    await store.count(runsProjection, { status: 'queued' });
  }
  const json = JSON.stringify(await store.query({ limit: 1_000 })).length / 1_000;
  const events = await store.headSeq();
  const startMs = await measureStart(store, folder);
  closeSync(log);
  peer.close();
  return tableOf(measured, {
    json,
    bytes: statSync(join(folder, 'events.db')).size / events,
    events,
    startMs,
  });
}

function appendOne(store: SqliteEventStore, n: number): Promise<unknown> {
  const runId = ids.domain('run');
  const context = {
    workspace_id: 'ws_dev',
    actor,
    correlation_id: runId,
    causation_id: null,
    run_id: runId,
  };
  const stream = { stream_type: 'run', stream_id: runId };
  return store.transact((tx) => tx.append(stream, 'no_stream', [runCreated(runId, n)], context));
}

const timed = (act: () => void): number => {
  const started = performance.now();
  act();
  return performance.now() - started;
};

function measureFloor(log: number, into: Measured, line: () => string): void {
  for (let i = 0; i < SINGLE; i += 1) {
    const text = line();
    into.floor.push(
      timed(() => {
        writeSync(log, text);
        fdatasyncSync(log);
      }),
    );
  }
}

async function measureSingle(into: Measured, append: () => Promise<unknown>): Promise<void> {
  const before = process.cpuUsage();
  for (let i = 0; i < SINGLE; i += 1) {
    const started = performance.now();
    await append();
    into.single.push(performance.now() - started);
  }
  const used = process.cpuUsage(before);
  into.cpu.push((used.user + used.system) / SINGLE);
}

/** Many callers at once, and the longest that the event loop did not turn meanwhile. */
async function measureGroup(into: Measured, append: () => Promise<unknown>): Promise<void> {
  // The loop has just done something else for long; begin with a fresh turn.
  await new Promise((resolve) => setImmediate(resolve));
  let longest = 0;
  let last = performance.now();
  let watching = true;
  const watch = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  let left = GROUPED;
  const writer = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await append();
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: WRITERS }, writer));
  into.grouped.push((GROUPED / (performance.now() - started)) * 1_000);
  watching = false;
  await new Promise((resolve) => setImmediate(resolve));
  into.gaps.push(longest);
}

/** The least that the same SQLite can do: one table, one row a commit. */
function barePeer(file: string): { insert: (text: string) => void; close: () => void } {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE log (seq INTEGER PRIMARY KEY, text TEXT)',
  );
  const statement = database.prepare('INSERT INTO log (text) VALUES (?)');
  return { insert: (text) => void statement.run(text), close: () => database.close() };
}

async function measureStart(store: SqliteEventStore, folder: string): Promise<number> {
  await store.close();
  const started = performance.now();
  const again = await openSqliteStore({
    file: join(folder, 'events.db'),
    clock: systemClock,
    ids,
    projections,
    knownSecrets: () => [],
    log: silentLog,
    verifyWorker: null,
  });
  const took = performance.now() - started;
  await again.close();
  return took;
}

function tableOf(
  measured: Measured,
  sizes: { json: number; bytes: number; events: number; startMs: number },
): BenchTable {
  const floor = quantile(measured.floor, 0.25);
  const single = quantile(measured.single, 0.25);
  const ratio = single / floor;
  const perSecond = 1_000 / single;
  const group = quantile(measured.grouped, 0.75) / perSecond;
  const gap = quantile(measured.gaps, 0.5);
  const size = sizes.bytes / sizes.json;
  const rows: BenchTable['rows'] = [
    {
      what: 'append, one at a time, p25',
      value: single,
      unit: 'ms',
      floor,
      peer: quantile(measured.bare, 0.25),
      goal: '',
      ok: null,
    },
    {
      what: 'append ÷ (log + fdatasync)',
      value: ratio,
      unit: '×',
      floor: 1,
      peer: quantile(measured.bare, 0.25) / floor,
      goal: '≤ 2',
      ok: ratio <= 2,
    },
    {
      what: 'append, one at a time, p99',
      value: quantile(measured.single, 0.99),
      unit: 'ms',
      floor: quantile(measured.floor, 0.99),
      peer: quantile(measured.bare, 0.99),
      goal: '',
      ok: null,
    },
    {
      what: 'append, processor time',
      value: quantile(measured.cpu, 0.25),
      unit: 'µs',
      goal: '',
      ok: null,
    },
    {
      what: `group of ${WRITERS}, p75`,
      value: quantile(measured.grouped, 0.75),
      unit: 'events/s',
      floor: 1_000 / floor,
      peer: 1_000 / quantile(measured.bare, 0.25),
      goal: '',
      ok: null,
    },
    { what: 'group ÷ one at a time', value: group, unit: '×', goal: '≥ 4', ok: group >= 4 },
    {
      what: 'longest event loop gap in a group, median',
      value: gap,
      unit: 'ms',
      goal: '≤ 15',
      ok: gap <= 15,
    },
    {
      what: 'longest event loop gap of all',
      value: Math.max(...measured.gaps),
      unit: 'ms',
      goal: '',
      ok: null,
    },
    { what: 'size ÷ JSON of the event', value: size, unit: '×', goal: '≤ 2.5', ok: size <= 2.5 },
    {
      what: `start at ${sizes.events} events`,
      value: sizes.startMs,
      unit: 'ms',
      goal: '',
      ok: null,
    },
  ];
  return { name: 'store', rows, inconclusive: isRestless(measured.floor) };
}
