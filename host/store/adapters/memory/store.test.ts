import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { silentLog } from '#host/kernel/log.ts';
import { describeEventStore } from '../../event-store.conformance.ts';
import { openMemoryStore } from './store.ts';

describeEventStore('in memory', async (setup) =>
  openMemoryStore({ ...setup, clock: systemClock, ids: systemIds(), log: silentLog }),
);
