// A host's own process with many tasks: what it uses while nothing is due, and how late it starts what is.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { openHost } from '#schema/client/open-host.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { cpuMicros } from './slices.ts';
import { addTasks, openStore } from './scheduler-tasks.ts';

const hostScript = resolve(import.meta.dirname, '../../../dist/host.js');
const TASKS = 10_000;
const IDLE_MS = 30_000;
const SPACED = 60;
const SPACE_MS = 100;

export interface HostFigures {
  /** Share of one core, in percent. */
  idleCpu: number;
  /** Milliseconds from a slot's moment to the start of its run, durably, one at a time. */
  late: number[];
  /** The same for a thousand of one moment. */
  lateAtOnce: number[];
}

export async function measureHost(dataDir: string, atOnce: number): Promise<HostFigures> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const store = await openStore(join(dataDir, 'events.db'));
  await addTasks(store, TASKS);
  await store.close();
  const child = spawn(process.execPath, [hostScript, '--foreground', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((over) => child.once('close', over));
  try {
    await new Promise((up) => createInterface({ input: child.stdout }).once('line', up));
    const client = await openHost({ dataDir, role: 'cli' });
    await pause(5_000);
    const before = cpuMicros([child.pid ?? 0]);
    await pause(IDLE_MS);
    const idleCpu = ((cpuMicros([child.pid ?? 0]) - before) / (IDLE_MS * 1_000)) * 100;
    const first = Date.now() + 3_000;
    const spaced = Array.from({ length: SPACED }, (_, n) => first + n * SPACE_MS);
    const late = await latenessOf(client, spaced);
    const moment = Date.now() + 6_000;
    const lateAtOnce = await latenessOf(client, Array<number>(atOnce).fill(moment));
    await client.close();
    return { idleCpu, late, lateAtOnce };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** Makes a task for each moment, and reads from the record when its run started. */
async function latenessOf(client: HostClient, moments: readonly number[]): Promise<number[]> {
  const { head_seq: from } = await client.request('event.query', { limit: 1 });
  await Promise.all(
    moments.map((at, n) =>
      client.request('scheduler.create', {
        task: {
          name: `due ${n}`,
          trigger: { kind: 'once', at: new Date(at).toISOString() },
          action: { kind: 'reminder', message: 'bench' },
        },
      }),
    ),
  );
  const deadline = Math.max(...moments) + 30_000;
  for (;;) {
    const late = await startsSince(client, from);
    if (late.length >= moments.length) return late;
    if (Date.now() > deadline) throw new Error(`${late.length} of ${moments.length} started`);
    await pause(500);
  }
}

async function startsSince(client: HostClient, from: number): Promise<number[]> {
  const due = new Map<string, number>();
  const late: number[] = [];
  for (let from_seq = from; ;) {
    const { events } = await client.request('event.query', {
      from_seq,
      event_type: ['scheduler.slot_claimed', 'run.started'],
      limit: 500,
    });
    for (const { event_type, data, run_id, occurred_at } of events) {
      if (event_type === 'scheduler.slot_claimed')
        due.set(String(data?.['run_id']), Date.parse(String(data?.['scheduled_at'])));
      const at = event_type === 'run.started' ? due.get(run_id ?? '') : undefined;
      if (at !== undefined) late.push(Date.parse(occurred_at) - at);
    }
    const last = events.at(-1);
    if (last === undefined) return late;
    from_seq = last.seq;
  }
}
