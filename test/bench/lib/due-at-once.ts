// A thousand tasks that are due in the same moment: how late each is handed out, by the scheduler and by a
// cron library's own timers.
import { Cron } from 'croner';
import type { Gate } from '#host/policy/gate.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { runsProjection } from '#host/runs/projections.ts';
import { Scheduler } from '#host/scheduler/service.ts';
import type { EventStore } from '#host/store/ports.ts';
import { actor, addTask, ids, openStore } from './scheduler-tasks.ts';

export const AT_ONCE = 1_000;

/** On a clock that is finer than milliseconds. */
const now = (): number => performance.timeOrigin + performance.now();

/** Ticks, or moments with a thousand tasks each. The first only warms everything up. */
const MOMENTS = 3;
/** Between two moments, so that what the one before set off is over. */
const APART_MS = 3_000;

/** Milliseconds that each of the library's own timers is late, for jobs of the same second. */
export async function cronersLateness(): Promise<number[]> {
  const late: number[] = [];
  let isWarm = false;
  const jobs = Array.from(
    { length: AT_ONCE },
    () =>
      new Cron('* * * * * *', () => {
        const at = now();
        if (isWarm) late.push(at - Math.round(at / 1_000) * 1_000);
      }),
  );
  const tick = (): Promise<void> => pause(1_000 - (Date.now() % 1_000) + 500);
  await tick();
  isWarm = true;
  for (let n = 1; n < MOMENTS; n += 1) await tick();
  for (const job of jobs) job.stop();
  return late;
}

export interface DueLateness {
  /** Until the claim of the task began, where a timer would call back. */
  begun: number[];
  /** Until its slot was claimed on the disk. */
  claimed: number[];
}

/** The same for the scheduler, on a store on the disk. What a run does is left out. */
export async function schedulersLateness(file: string): Promise<DueLateness> {
  const store = await openStore(file);
  const first = Math.ceil(Date.now() / 1_000) * 1_000 + 6_000;
  const moments = Array.from({ length: MOMENTS }, (_, n) => first + n * APART_MS);
  for (const at of moments) await addDueAt(store, at);
  let late: DueLateness = { begun: [], claimed: [] };
  const rounds: DueLateness[] = [];
  let at = NaN;
  const scheduler = new Scheduler({
    store,
    clock: systemClock,
    log: silentLog,
    gate: claimingGate(store, () => late.claimed.push(now() - at)),
    runs: runsProjection,
    host: actor,
    lead: { fencing: () => 1, toStart: () => Promise.resolve() },
    mayStart: () => Promise.resolve(),
    goOnAnswered: () => Promise.resolve(),
    revoked: () => Promise.resolve(null),
    // Told of each task as its claim begins.
    remember: () => late.begun.push(now() - at),
    visibleAmong: (_maker, events) => Promise.resolve([...events]),
    understand: () => null,
  });
  await scheduler.start();
  for (const moment of moments) {
    at = moment;
    late = { begun: [], claimed: [] };
    rounds.push(late);
    while (late.claimed.length < AT_ONCE && Date.now() < at + APART_MS) await pause(20);
    if (late.claimed.length !== AT_ONCE)
      throw new Error(`${late.claimed.length} of ${AT_ONCE} were claimed`);
  }
  await scheduler.stop();
  await store.close();
  const [, ...measured] = rounds;
  return {
    begun: measured.flatMap(({ begun }) => begun),
    claimed: measured.flatMap(({ claimed }) => claimed),
  };
}

const pause = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

/** A thousand tasks of that second, as the library's jobs are: by a cron expression. */
async function addDueAt(store: EventStore, at: number): Promise<void> {
  const expression = `${new Date(at).getSeconds()} * * * * *`;
  const change = { trigger: { kind: 'cron', expression } } as const;
  const add = (_: unknown, n: number) => addTask(store, n, Date.now(), change, ['/somewhere']);
  await Promise.all(Array.from({ length: AT_ONCE }, add));
}

/** So many claims share a piece of a transaction, as the gate does it. */
const TOGETHER = 8;

/** Stores the claim of each run, and nothing else of it. */
const claimingGate = (store: EventStore, claimed: () => void): Gate => {
  const claimAll = async (part: Parameters<Gate['submitAll']>[0]): Promise<void> => {
    await store.transact(async (tx) => {
      for (const { claim } of part) await claim?.(tx, ids.domain('run'));
    });
    for (const _ of part) claimed();
  };
  return {
    async submitAll(submissions: Parameters<Gate['submitAll']>[0]) {
      const parts: Promise<void>[] = [];
      for (let at = 0; at < submissions.length; at += TOGETHER)
        parts.push(claimAll(submissions.slice(at, at + TOGETHER)));
      await Promise.all(parts);
      return submissions.map(() => ({ status: 'fulfilled' }));
    },
  } as unknown as Gate;
};
