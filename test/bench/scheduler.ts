// The scheduler's durable steps against the disk and a peer that keeps its queue in PostgreSQL, what is due
// against a cron library's own timers, and a host's process with many tasks. In turns.
import {
  chmodSync,
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { heldBy, type LeaseOwner } from '#host/kernel/lease.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { tasksProjection } from '#host/scheduler/projections.ts';
import { leaseInStore } from '#host/store/lease-port.ts';
import type { SqliteEventStore } from '#host/store/adapters/sqlite/store.ts';
import { AT_ONCE, cronersLateness, schedulersLateness } from './lib/due-at-once.ts';
import { startPgBoss, type PgBossPeer } from './lib/pg-boss-peer.ts';
import { measureHost } from './lib/scheduler-host.ts';
import { actor, addTask, addTasks, ids, openStore } from './lib/scheduler-tasks.ts';
import { isRestless, quantile, type BenchRow, type BenchTable } from './table.ts';

const ROUNDS = 12;
const EACH = 30;

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
  // PostgreSQL refuses to run as root, and then comes here as somebody else.
  chmodSync(folder, 0o711);
  const peer = await startPgBoss(join(folder, 'postgres'));
  try {
    return await measure(folder, peer);
  } finally {
    await peer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, peer: PgBossPeer): Promise<BenchTable> {
  const store = await openStore(join(folder, 'events.db'));
  const log = openSync(join(folder, 'floor.log'), 'a');
  const steps = {
    floor: { ms: [] as number[], act: async () => writePage(log) },
    heartbeat: { ms: [] as number[], act: heartbeatOf(store) },
    enqueue: { ms: [] as number[], act: (n: number) => addTask(store, n, Date.now() + 3_600_000) },
    ten: { ms: [] as number[], act: tenAtOnce(store) },
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
  const croner = await cronersLateness();
  const due = await schedulersLateness(join(folder, 'due.db'));
  const host = await measureHost(join(folder, 'host'), AT_ONCE);
  const [floor, beat, enqueue, ten, pgBoss] = Object.values(steps).map(({ ms }) =>
    quantile(ms, 0.25),
  );
  return tableOf({
    floor: floor ?? NaN,
    beat: beat ?? NaN,
    enqueue: enqueue ?? NaN,
    ofTen: (ten ?? NaN) / 10,
    pgBoss: pgBoss ?? NaN,
    polls,
    croner: quantile(croner, 0.99),
    due: { begun: quantile(due.begun, 0.99), claimed: quantile(due.claimed, 0.99) },
    host: {
      idleCpu: host.idleCpu,
      late: quantile(host.late, 0.95),
      lateAtOnce: quantile(host.lateAtOnce, 0.99),
    },
    isRestless: isRestless(steps.floor.ms),
    fsync: peer.fsync,
  });
}

/** The least that a database in pages can write, once. */
const page = Buffer.alloc(4_200);

function writePage(log: number): void {
  writeSync(log, page);
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

const tenAtOnce = (store: SqliteEventStore) => (n: number) =>
  Promise.all(
    Array.from({ length: 10 }, (_, i) => addTask(store, n * 10 + i, Date.now() + 3_600_000)),
  );

/** Milliseconds to ask what is due and what will be next, as the scheduler asks, at two sizes; nothing is. */
async function measurePolls(folder: string): Promise<{ small: number; large: number }> {
  const at = async (count: number): Promise<number> => {
    const store = await openStore(join(folder, `poll-${count}.db`));
    await addTasks(store, count);
    const due = async (): Promise<void> => {
      const by = (value: string) => ({ column: 'wake_at', value });
      await store.documents(tasksProjection, { at_most: by(new Date().toISOString()), limit: 500 });
      await store.documents(tasksProjection, { at_most: by('9'), limit: 1 });
    };
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

interface Figures {
  floor: number;
  beat: number;
  enqueue: number;
  /** One of ten that are enqueued at once, and so share a commit. */
  ofTen: number;
  pgBoss: number;
  polls: { small: number; large: number };
  croner: number;
  due: { begun: number; claimed: number };
  host: { idleCpu: number; late: number; lateAtOnce: number };
  isRestless: boolean;
  fsync: string;
}

function tableOf(f: Figures): BenchTable {
  const growth = f.polls.large / f.polls.small;
  const ofCroner = f.due.begun / f.croner;
  return {
    name: `scheduler (PostgreSQL fsync ${f.fsync}; p25 of ${ROUNDS} interleaved rounds)`,
    rows: [
      told('one page + fdatasync', f.floor, 'ms'),
      ...durable('heartbeat', f.beat, f),
      ...durable('durable enqueue', f.enqueue, f),
      ...durable('durable enqueue, one of ten callers at once', f.ofTen, f),
      told('due poll at 10 k tasks', f.polls.small, 'ms'),
      atMost('due poll at 100 k ÷ at 10 k', growth, '×', 2),
      told(`${AT_ONCE} due at once, croner's own timers, p99 late`, f.croner, 'ms'),
      told(`${AT_ONCE} due at once, claim begun, p99 late`, f.due.begun, 'ms'),
      atMost("the same ÷ croner's", ofCroner, '×', 0.1),
      told(`${AT_ONCE} due at once, claimed on disk, p99 late`, f.due.claimed, 'ms'),
      told(`${AT_ONCE} due at once in a host, run started, p99 late`, f.host.lateAtOnce, 'ms'),
      atMost('one after the other in a host, run started, p95 late', f.host.late, 'ms', 150),
      atMost('a host with 10 k tasks, nothing due', f.host.idleCpu, '% of a core', 0.5),
    ],
    inconclusive: f.isRestless,
  };
}

const told = (what: string, value: number, unit: string): BenchRow => ({
  what,
  value,
  unit,
  goal: '',
  ok: null,
});

const atMost = (what: string, value: number, unit: string, goal: number): BenchRow => ({
  what,
  value,
  unit,
  goal: `≤ ${goal}`,
  ok: value <= goal,
});

const durable = (what: string, value: number, { floor, pgBoss, fsync }: Figures): BenchRow[] => [
  {
    ...atMost(`${what} ÷ fdatasync`, value / floor, '×', 1.25),
    floor: 1,
    peer: pgBoss / floor,
  },
  {
    what: `pg-boss send ÷ ${what}`,
    value: pgBoss / value,
    unit: '×',
    goal: '≥ 2.5',
    ok: fsync === 'on' ? pgBoss / value >= 2.5 : null,
  },
];
