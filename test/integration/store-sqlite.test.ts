import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'mocha';
import { openSqliteStore } from '#host/store/adapters/sqlite/store.ts';
import { describeEventStore } from '#host/store/event-store.conformance.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describeEventStore('SQLite', async (setup) => {
  const folder = mkdtempSync(join(tmpdir(), 'hob-store-'));
  folders.push(folder);
  return openSqliteStore({
    ...setup,
    file: join(folder, 'events.db'),
    clock: systemClock,
    ids: systemIds(),
    log: silentLog,
    verifyWorker: null,
  });
});
