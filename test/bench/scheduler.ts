// The scheduler's durable steps against the disk and a peer that keeps its queue in PostgreSQL, and its
// calendar against a cron library's own timers. All in one process, in turns.
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Cron } from 'croner';
import type { Principal } from '#schema/envelope/principal.ts';
import type { TaskDefinition } from '#schema/views/task.ts';
import { heldBy, type LeaseOwner } from '#host/kernel/lease.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { projections } from '#host/runtime/projections.ts';
import { createTask } from '#host/scheduler/core/decide-task.ts';
import { tasksProjection } from '#host/scheduler/projections.ts';
import { leaseInStore } from '#host/store/lease-port.ts';
import { openSqliteStore, type SqliteEventStore } from '#host/store/adapters/sqlite/store.ts';
import { startPgBoss, type PgBossPeer } from './lib/pg-boss-peer.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';

const ROUNDS = 12;
const EACH = 30;

const ids = systemIds();
const actor: Principal = {
  kind: 'service',
  id: 'host',
  display: 'Hob',
  role: 'engine',
  proven: true,
};
const owner: LeaseOwner = {
  instance_id: ids.uuid(),
  pid: process.pid,
  process_start: null,
  started_at: new Date().toISOString(),
};

export async function run(): Promise<BenchTable> {
  // Not the folder for temporary files: that may be memory, where a sync costs nothing.
  const cache = join(import.meta.dirname, '../../.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-scheduler-'));
  const peer = await startPgBoss(join(folder, 'postgres'));
  try {
    return await measure(folder, peer);
  } finally {
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const openStore = (file: string): Promise<SqliteEventStore> =>
  openSqliteStore({
    file,
    clock: systemClock,
    ids,
    projections,
    knownSecrets: () => [],
    log: silentLog,
    verifyWorker: null,
  });

async function measure(folder: string, peer: PgBossPeer): Promise<BenchTable> {
  const store = await openStore(join(folder, 'events.db'));
  const log = openSync(join(folder, 'floor.log'), 'a');
  const steps = {
    floor: { ms: [] as number[], act: async (n: number) => writeLine(log, n) },
    heartbeat: { ms: [] as number[], act: heartbeatOf(store) },
    enqueue: { ms: [] as number[], act: (n: number) => addTask(store, n, Date.now() + 3_600_000) },
    peer: { ms: [] as number[], act: (n: number) => peer.send(n) },
  };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const step of Object.values(steps)) {
      for (let i = 0; i < EACH; i += 1) {
        const started = performance.now();
        await step.act(round * EACH + i);
        // The first round only warms everything up.
        if (round > 0) step.ms.push(performance.now() - started);
      }
    }
  }
  closeSync(log);
  await store.close();
  const polls = await measurePolls(folder);
  const croner = await cronersOwnTimers();
  const [floor, beat, enqueue, pgBoss] = Object.values(steps).map(({ ms }) => quantile(ms, 0.25));
  return tableOf({
    floor: floor ?? NaN,
    beat: beat ?? NaN,
    enqueue: enqueue ?? NaN,
    pgBoss: pgBoss ?? NaN,
    polls,
    croner,
    isRestless: isRestless(steps.floor.ms),
    fsync: peer.fsync,
  });
}

function writeLine(log: number, n: number): void {
  writeSync(log, `${JSON.stringify({ n, at: Date.now(), owner })}\n`);
  fdatasyncSync(log);
}

/** The heartbeat as a host sends it every 5 s: one transaction of the store that overwrites the lease. */
function heartbeatOf(store: SqliteEventStore): () => Promise<unknown> {
  const port = leaseInStore(store, 'scheduler', actor);
  const machine = systemMachine();
  let fencing = 0;
  return () =>
    port.change(
      () => (fencing === 0 ? { kind: 'take', after: 'none', previous: null } : { kind: 'beat' }),
      (_found, _change, next) => {
        fencing = fencing === 0 ? next : fencing;
        const moment = { wall: Date.now(), uptime: machine.uptime(), boot_id: machine.bootId };
        return heldBy(owner, fencing, moment);
      },
    );
}

const definition = (n: number): TaskDefinition => ({
  name: `task ${n}`,
  trigger: { kind: 'interval', every_seconds: 3_600 + n },
  action: { kind: 'command', argv: ['true'] },
  zone: 'Europe/Paris',
  missed: { kind: 'run_once' },
  overlap: 'skip',
  retry: { attempts: 1, backoff_seconds: 30 },
  timeout_seconds: null,
  idempotent: false,
  quiet_hours: null,
});

function addTask(store: SqliteEventStore, n: number, now: number): Promise<unknown> {
  const task_id = ids.domain('task');
  const made = { task_id, definition: definition(n), maker: actor, builtin: null, folders: [] };
  const context = {
    workspace_id: 'ws_dev',
    actor,
    correlation_id: task_id,
    causation_id: null,
  };
  const stream = { stream_type: 'task', stream_id: task_id };
  return store.transact((tx) => tx.append(stream, 'no_stream', [createTask(made, now)], context));
}

/** Milliseconds to ask what is due, as the scheduler asks, at two sizes; nothing is. */
async function measurePolls(folder: string): Promise<{ small: number; large: number }> {
  const at = async (count: number): Promise<number> => {
    const store = await openStore(join(folder, `poll-${count}.db`));
    for (let n = 0; n < count; n += 1_000)
      await Promise.all(Array.from({ length: 1_000 }, (_, i) => addTask(store, n + i, Date.now())));
    const due = (): Promise<unknown> =>
      store.documents(tasksProjection, {
        at_most: { column: 'wake_at', value: new Date().toISOString() },
        limit: 500,
      });
    // Asked once, it wants an index; the next write makes it.
    await due();
    await addTask(store, count, Date.now());
    const ms: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      const started = performance.now();
      await due();
      ms.push(performance.now() - started);
    }
    await store.close();
    return quantile(ms, 0.25);
  };
  return { small: await at(10_000), large: await at(100_000) };
}

/** How late 1,000 of the cron library's own timers are that are due in the same second; p99, ms. */
async function cronersOwnTimers(): Promise<number> {
  const late: number[] = [];
  const jobs = Array.from(
    { length: 1_000 },
    () =>
      new Cron('* * * * * *', () => {
        const now = performance.timeOrigin + performance.now();
        late.push(now - Math.round(now / 1_000) * 1_000);
      }),
  );
  await new Promise((next) => setTimeout(next, 3_000));
  for (const job of jobs) job.stop();
  return quantile(late, 0.99);
}

interface Figures {
  floor: number;
  beat: number;
  enqueue: number;
  pgBoss: number;
  polls: { small: number; large: number };
  croner: number;
  isRestless: boolean;
  fsync: string;
}

function tableOf(f: Figures): BenchTable {
  const against = (what: string, value: number): BenchTable['rows'] => [
    {
      what: `${what} ÷ fdatasync`,
      value: value / f.floor,
      unit: '×',
      floor: 1,
      peer: f.pgBoss / f.floor,
      goal: '≤ 1.25',
      ok: value / f.floor <= 1.25,
    },
    {
      what: `pg-boss send ÷ ${what}`,
      value: f.pgBoss / value,
      unit: '×',
      goal: '≥ 2.5',
      ok: f.fsync === 'on' ? f.pgBoss / value >= 2.5 : null,
    },
  ];
  const growth = f.polls.large / f.polls.small;
  return {
    name: `scheduler (PostgreSQL fsync ${f.fsync}; p25 of ${ROUNDS} interleaved rounds)`,
    rows: [
      { what: 'line + fdatasync', value: f.floor, unit: 'ms', goal: '', ok: null },
      ...against('heartbeat', f.beat),
      ...against('durable enqueue', f.enqueue),
      { what: 'due poll at 10 k tasks', value: f.polls.small, unit: 'ms', goal: '', ok: null },
      {
        what: 'due poll at 100 k ÷ at 10 k',
        value: growth,
        unit: '×',
        goal: '≤ 2',
        ok: growth <= 2,
      },
      {
        what: "1,000 due at once, croner's own timers, p99 late",
        value: f.croner,
        unit: 'ms',
        goal: '',
        ok: null,
      },
    ],
    inconclusive: f.isRestless,
  };
}
