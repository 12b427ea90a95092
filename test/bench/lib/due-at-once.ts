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

/** Milliseconds that each of the library's own timers is late, for jobs of the same second. */
export async function cronersLateness(): Promise<number[]> {
  const late: number[] = [];
  const jobs = Array.from(
    { length: AT_ONCE },
    () =>
      new Cron('* * * * * *', () => {
        const at = now();
        late.push(at - Math.round(at / 1_000) * 1_000);
      }),
  );
  await new Promise((next) => setTimeout(next, 3_000));
  for (const job of jobs) job.stop();
  return late;
}

export interface DueLateness {
  /** Until the scheduler had the task in hand, where a timer would call back. */
  handedOut: number[];
  /** Until its slot was claimed on the disk. */
  claimed: number[];
}

/** The same for the scheduler, on a store on the disk. What a run does is left out. */
export async function schedulersLateness(file: string): Promise<DueLateness> {
  const store = await openStore(file);
  const at = Math.ceil(Date.now() / 1_000) * 1_000 + 4_000;
  const late: DueLateness = { handedOut: [], claimed: [] };
  const once = { trigger: { kind: 'once', at: new Date(at).toISOString() } } as const;
  await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => addTask(store, n, Date.now(), once)));
  const scheduler = new Scheduler({
    store: watched(store, (count) => {
      if (Date.now() >= at) late.handedOut.push(...Array<number>(count).fill(now() - at));
    }),
    clock: systemClock,
    log: silentLog,
    gate: claimingGate(store, () => late.claimed.push(now() - at)),
    runs: runsProjection,
    host: actor,
    lead: { fencing: () => 1, toStart: () => Promise.resolve() },
    mayStart: () => Promise.resolve(true),
    goOnAnswered: () => Promise.resolve(),
    revoked: () => Promise.resolve(null),
    remember: () => {},
    visibleAmong: (_maker, events) => Promise.resolve([...events]),
    understand: () => null,
  });
  await scheduler.start();
  while (late.claimed.length < AT_ONCE && Date.now() < at + 10_000)
    await new Promise((next) => setTimeout(next, 20));
  await scheduler.stop();
  await store.close();
  if (late.claimed.length !== AT_ONCE)
    throw new Error(`${late.claimed.length} of ${AT_ONCE} were claimed`);
  return { ...late, handedOut: late.handedOut.slice(0, AT_ONCE) };
}

/** Says how many due tasks a look found; each is looked at once before any is claimed. */
function watched(store: EventStore, found: (count: number) => void): EventStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const bound = member.bind(target) as (...args: unknown[]) => unknown;
      if (name !== 'documents') return bound;
      return async (...args: unknown[]) => {
        const [, filter] = args as Parameters<EventStore['documents']>;
        const documents = (await bound(...args)) as unknown[];
        if (filter.at_most !== undefined && filter.limit > 1) found(documents.length);
        return documents;
      };
    },
  });
}

/** Stores the claim of each run, and nothing else of it. */
const claimingGate = (store: EventStore, claimed: () => void): Gate =>
  ({
    async submit({ claim }: Parameters<Gate['submit']>[0]) {
      await store.transact(async (tx) => claim?.(tx, ids.domain('run')));
      claimed();
    },
  }) as unknown as Gate;
