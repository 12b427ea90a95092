import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { openSqliteStore } from '#host/store/adapters/sqlite/store.ts';
import { describeEventStore } from '#host/store/event-store.conformance.ts';
import { conformanceContext, turnStarted, turnStream } from '#host/store/conformance-samples.ts';
import type { EventFilter } from '#host/store/ports.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import { openTestStore, withFolder } from '../fakes/store-files.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describeEventStore('SQLite', async (setup) => {
  const folder = temporaryFolder('store');
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

describe('the SQLite store beside other programs', () => {
  it('[A-08] keeps its lock, without which another program that closes the database would delete the log', function () {
    if (process.platform !== 'linux') return this.skip(); // Only there a list of all locks can be read.
    return withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const store = await openTestStore(file);
      const isLocked = (): boolean =>
        readFileSync('/proc/locks', 'utf8').includes(`:${statSync(file).ino} `);
      assert.ok(isLocked(), 'when it is open');
      await store.transact((tx) =>
        tx.append(turnStream('s'), 'any', [turnStarted('s', 'x')], conformanceContext),
      );
      await store.verify();
      assert.ok(isLocked(), 'after a check of the whole');
      await store.close();
      assert.ok(!isLocked());
    });
  });
});

describe('the SQLite store with many events', () => {
  it('[A-08] looks through the log in pieces where no index helps, in both orders', () =>
    withFolder(async (folder) => {
      const store = await openTestStore(join(folder, 'events.db'));
      const rare = new Set([1, 4_999, 5_000, 5_001, 11_999, 12_000]);
      const events = Array.from({ length: 12_000 }, (_, i): DomainEvent => {
        if (!rare.has(i + 1)) return turnStarted('s', `${i}`);
        return {
          type: 'turn.answered',
          data: { turn_id: 's', text: `${i}`, run_id: null, event_seqs: [] },
        };
      });
      for (let i = 0; i < events.length; i += 1_000) {
        const part = events.slice(i, i + 1_000);
        await store.transact((tx) => tx.append(turnStream('s'), 'any', part, conformanceContext));
      }
      const seqs = async (filter: Omit<EventFilter, 'limit'>, limit = 100): Promise<number[]> =>
        (await store.query({ ...filter, limit })).map(({ seq }) => seq);
      const answered = { event_type: ['turn.answered'] };
      assert.deepEqual(await seqs(answered), [...rare]);
      assert.deepEqual(await seqs({ ...answered, order: 'desc' }), [...rare].toReversed());
      assert.deepEqual(await seqs({ ...answered, order: 'desc' }, 2), [12_000, 11_999]);
      assert.deepEqual(
        await seqs({ ...answered, from_seq: 1, to_seq: 11_999 }),
        [4_999, 5_000, 5_001, 11_999],
      );
      assert.deepEqual(
        await seqs({ ...answered, stream_type: 'turn', from_seq: 5_000 }, 1),
        [5_001],
      );
      assert.deepEqual(await seqs({ stream_type: 'run' }), []);
      assert.deepEqual(await seqs({ stream_id: 's', from_seq: 11_998 }), [11_999, 12_000]);
      let turns = 0;
      const tick = (): void => {
        turns += 1;
        immediate = setImmediate(tick);
      };
      let immediate = setImmediate(tick);
      await seqs({ event_type: ['turn.cancelled'] });
      clearImmediate(immediate);
      assert.ok(turns >= 2, 'the event loop turned meanwhile');
      await store.close();
    }));

  it('[A-08] moves the write-ahead log into the database as it goes, so that it stays small', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const store = await openTestStore(file);
      for (let i = 0; i < 1_500; i += 1)
        await store.transact((tx) =>
          tx.append(turnStream('s'), 'any', [turnStarted('s', `${i}`)], conformanceContext),
        );
      // Without a checkpoint these commits leave over 20 MiB, SQLite's own last resort 16 MiB.
      const bytes = statSync(`${file}-wal`).size;
      assert.ok(bytes < 8 * 1024 * 1024, `${bytes} bytes`);
      await store.close();
    }));
});
