// What the tests of the SQLite store share: temporary folders, a clock that is moved by hand, and a
// store with a few events in it.
import { rmSync } from 'node:fs';
import type { Clock } from '#host/kernel/clock.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import {
  openSqliteStore,
  type SqliteEventStore,
  type SqliteStoreOptions,
} from '#host/store/adapters/sqlite/store.ts';
import {
  conformanceContext,
  turnCounts,
  turnStarted,
  turnStream,
} from '#host/store/conformance-samples.ts';
import type { EventStore } from '#host/store/ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder that `use` may do anything in; gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryFolder('store');
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Wall clock and timers are real; the monotonic clock stands until it is moved. */
export class HandClock implements Clock {
  #at = 0;
  readonly timer = systemClock.timer;

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return this.#at;
  }

  advance(ms: number): void {
    this.#at += ms;
  }
}

export const openTestStore = (
  file: string,
  options: Partial<SqliteStoreOptions> = {},
): Promise<SqliteEventStore> =>
  openSqliteStore({
    file,
    clock: systemClock,
    ids: systemIds(),
    projections: [turnCounts],
    knownSecrets: () => [],
    log: silentLog,
    verifyWorker: null,
    ...options,
  });

/** Appends one event; resolves with its seq. */
export const appendText = async (store: EventStore, id: string, text: string): Promise<number> => {
  const append = (): ReturnType<EventStore['load']> =>
    store.transact((tx) =>
      tx.append(turnStream(id), 'any', [turnStarted(id, text)], conformanceContext),
    );
  return (await append())[0]?.seq ?? 0;
};

/** A closed database with `count` events of seven streams and a few remembered answers. */
export async function makeDatabase(file: string, count: number): Promise<void> {
  const store = await openTestStore(file);
  for (let i = 0; i < count; i += 1) {
    await appendText(store, `s${i % 7}`, `text ${i} ${'x'.repeat(i % 90)}`);
  }
  for (let i = 0; i < 5; i += 1) {
    await store.transact((tx) => tx.remember('user', 'c', `k${i}`, `h${i}`, { answer: i }));
  }
  await store.close();
}
