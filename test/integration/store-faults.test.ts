// What the store does when the disk or the file is not as it should be: it says so, refuses every
// write with `store_unavailable`, never replaces the file, and goes on when it can.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'mocha';
import { HobError } from '#host/kernel/errors.ts';
import type { StoreHealth } from '#host/store/ports.ts';
import { STORE_SCHEMA } from '#host/store/migrations/index.ts';
import { turnCounts, turnStream } from '#host/store/conformance-samples.ts';
import {
  appendText,
  HandClock,
  makeDatabase,
  openTestStore,
  withFolder,
} from '../fakes/store-files.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const reasonOf = (health: StoreHealth): string => (health.state === 'ok' ? 'ok' : health.reason);
const refusedFor = (reason: string) => (thrown: unknown) =>
  thrown instanceof HobError &&
  thrown.code === 'store_unavailable' &&
  thrown.details?.['reason'] === reason;

/** Longer than the longest back-off. */
const LONG = 60_000;

describe('a file that is no event store of ours', () => {
  const files: Readonly<
    Record<string, readonly [reason: string, make: (file: string) => Promise<void> | void]>
  > = {
    'a text': ['broken', (file) => writeFileSync(file, 'dear diary\n'.repeat(500))],
    'an empty file': ['broken', (file) => writeFileSync(file, '')],
    'half a header': ['broken', (file) => writeFileSync(file, 'SQLite format 3\0')],
    'a folder': ['broken', (file) => mkdirSync(file)],
    'a database of another program': [
      'broken',
      (file) => {
        const database = new DatabaseSync(file);
        database.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
        database.close();
      },
    ],
    'a database of a newer Hob': [
      'newer_schema',
      async (file) => {
        await makeDatabase(file, 3);
        const database = new DatabaseSync(file);
        database.exec(`PRAGMA user_version = ${STORE_SCHEMA + 1}; CREATE TABLE evt_future (x)`);
        database.close();
      },
    ],
    'a database that was cut off': [
      'broken',
      async (file) => {
        await makeDatabase(file, 200);
        truncateSync(file, 3 * 4096);
      },
    ],
    'a database without one of its tables': [
      'broken',
      async (file) => {
        await makeDatabase(file, 3);
        const database = new DatabaseSync(file);
        database.exec('DROP TABLE evt_content');
        database.close();
      },
    ],
    'a database with a schema number that does not fit': [
      'broken',
      async (file) => {
        await makeDatabase(file, 3);
        const database = new DatabaseSync(file);
        database.exec('PRAGMA user_version = 0');
        database.close();
      },
    ],
  };
  for (const [what, [reason, make]] of Object.entries(files)) {
    it(`[G-09] is refused and left as it is: ${what}`, () =>
      withFolder(async (folder) => {
        const file = join(folder, 'events.db');
        await make(file);
        const before = existsSync(file) && what !== 'a folder' ? readFileSync(file) : null;
        const store = await openTestStore(file);
        assert.equal(reasonOf(store.health), reason);
        assert.equal(store.storeId, '');
        assert.equal(store.schemaVersion, 0);
        await assert.rejects(appendText(store, 'a', 'x'), refusedFor(reason));
        await assert.rejects(store.load(turnStream('a')), refusedFor(reason));
        await assert.rejects(store.headSeq(), refusedFor(reason));
        await assert.rejects(store.verify(), refusedFor(reason));
        await store.close();
        if (before !== null) assert.ok(readFileSync(file).equals(before), 'the file was changed');
      }));
  }

  it('is used as soon as it is mended, where that can be seen', () =>
    withFolder(async (folder) => {
      const clock = new HandClock();
      const store = await openTestStore(join(folder, 'later', 'events.db'), { clock });
      assert.notEqual(reasonOf(store.health), 'ok');
      mkdirSync(join(folder, 'later'));
      clock.advance(LONG);
      assert.equal(await appendText(store, 'a', 'x'), 1);
      assert.equal(reasonOf(store.health), 'ok');
      assert.notEqual(store.storeId, '');
      await store.close();
    }));

  it('that breaks while it is used is refused from then on', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      await makeDatabase(file, 200);
      const store = await openTestStore(file);
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 2 * 4096);
      writeFileSync(file, bytes);
      await assert.rejects(async () => {
        for (let i = 0; i < 300; i += 1) await appendText(store, `s${i % 7}`, 'x');
      }, refusedFor('broken'));
      assert.equal(reasonOf(store.health), 'broken');
      await assert.rejects(appendText(store, 'a', 'x'), refusedFor('broken'));
      await store.close();
    }));
});

describe('two stores on one file, which the lock of the host prevents', () => {
  it('never break the chain: who comes second is refused once and goes on', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const one = await openTestStore(file);
      const other = await openTestStore(file);
      assert.equal(one.storeId, other.storeId);
      assert.equal(await appendText(one, 'a', 'x'), 1);
      assert.equal(await appendText(other, 'a', 'y'), 2);
      await assert.rejects(appendText(one, 'b', 'x'), refusedFor('busy'));
      assert.equal(reasonOf(one.health), 'ok');
      assert.equal(await appendText(one, 'b', 'x'), 3);
      await assert.rejects(appendText(other, 'b', 'x'), refusedFor('busy'));
      assert.deepEqual((await one.verify()).problems, []);
      await one.close();
      await other.close();
    }));
});

describe('a folder that may not be written', () => {
  it('[G-09] is said so, and used again when it may', async function () {
    const root = process.getuid?.() === 0;
    // Root may write anywhere, so it needs a read-only mount, which some containers refuse.
    if (root && !canMount()) this.skip();
    await withFolder(async (folder) => {
      const place = join(folder, 'place');
      mkdirSync(place);
      if (root) mount(place);
      const setWritable = (writable: boolean): void => {
        if (root) execFileSync('mount', ['-o', `remount,${writable ? 'rw' : 'ro'}`, place]);
        else chmodSync(place, writable ? 0o700 : 0o500);
      };
      try {
        const clock = new HandClock();
        setWritable(false);
        const store = await openTestStore(join(place, 'events.db'), { clock });
        assert.equal(reasonOf(store.health), 'read_only');
        await assert.rejects(appendText(store, 'a', 'x'), refusedFor('read_only'));
        setWritable(true);
        clock.advance(LONG);
        assert.equal(await appendText(store, 'a', 'x'), 1);
        await store.close();
      } finally {
        setWritable(true);
        if (root) unmount(place);
      }
    });
  });
});

describe('a full disk', () => {
  it('[G-09] refuses what does not fit, keeps what did, and goes on when there is space', () =>
    withFolder(async (folder) => {
      const clock = new HandClock();
      let limit: (pages: number) => void = () => {};
      const store = await openTestStore(join(folder, 'events.db'), {
        clock,
        tune: (connection) => {
          limit = (pages) => connection.exec(`PRAGMA max_page_count = ${pages}`);
        },
      });
      limit(60);
      const seqs: number[] = [];
      const fill = async (): Promise<void> => {
        for (;;) seqs.push(await appendText(store, `s${seqs.length}`, 'x'.repeat(500)));
      };
      await assert.rejects(fill(), refusedFor('full'));
      assert.ok(seqs.length > 5);
      assert.equal(reasonOf(store.health), 'full');
      assert.equal(
        (await store.query({ limit: 1_000 })).length,
        seqs.length,
        'reading still works',
      );
      await assert.rejects(
        appendText(store, 'early', 'x'),
        refusedFor('full'),
        'too early to try again',
      );
      limit(1_000_000);
      await assert.rejects(appendText(store, 'early', 'x'), refusedFor('full'), 'still too early');
      clock.advance(LONG);
      assert.equal(await appendText(store, 'later', 'x'), seqs.length + 1);
      assert.equal(reasonOf(store.health), 'ok');
      assert.deepEqual((await store.verify()).problems, []);
      await store.close();
    }));

  it('takes the whole group with it, and tells nobody of it', () =>
    withFolder(async (folder) => {
      let limit: (pages: number) => void = () => {};
      const store = await openTestStore(join(folder, 'events.db'), {
        // A group ends after some milliseconds: here none pass.
        clock: new HandClock(),
        tune: (connection) => {
          limit = (pages) => connection.exec(`PRAGMA max_page_count = ${pages}`);
        },
      });
      await appendText(store, 'before', 'x');
      limit(1);
      const heard: number[] = [];
      store.onAppended((events) => heard.push(events.length));
      const group = [
        store.transact(() => 'wrote nothing'),
        appendText(store, 'small', 'x'),
        appendText(store, 'large', 'x'.repeat(100_000)),
      ];
      const outcomes = await Promise.allSettled(group);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['rejected', 'rejected', 'rejected'],
      );
      assert.deepEqual(heard, []);
      assert.equal(await store.headSeq(), 1);
      await store.close();
    }));

  it('[G-09] is survived at each write step, from the first page of a new store on', async function () {
    // A disk of a chosen size is a tmpfs; max_page_count above covers a full store everywhere.
    if (!canMount()) this.skip();
    await withFolder(async (folder) => {
      const place = join(folder, 'small');
      mkdirSync(place);
      const model = join(folder, 'model.db');
      await makeDatabase(model, 40);
      mount(place, 'size=1m');
      try {
        const seen = new Set<string>();
        for (let freePages = 0; freePages < 48; freePages += 1) {
          seen.add(await fullAfter(place, freePages, null));
          seen.add(await fullAfter(place, freePages + 4, model));
        }
        assert.deepEqual([...seen].toSorted(), ['at opening', 'later']);
      } finally {
        unmount(place);
      }
    });
  });
});

/** Runs a store in `place` with so many free pages of 4 KiB until it is full, then makes space. When was it full? */
async function fullAfter(place: string, freePages: number, model: string | null): Promise<string> {
  const file = join(place, 'events.db');
  const ballast = join(place, 'ballast');
  for (const rest of ['', '-wal', '-shm', '.new', '.new-journal'])
    rmSync(file + rest, { force: true });
  rmSync(ballast, { force: true });
  if (model !== null) copyFileSync(model, file);
  const free = (statfsSync(place).bavail - freePages) * 4096;
  if (free > 0) writeFileSync(ballast, Buffer.alloc(free));
  const clock = new HandClock();
  const store = await openTestStore(file, { clock });
  const opened = store.health.state === 'ok';
  const before = model === null ? 0 : 40;
  const seqs: number[] = [];
  if (!opened) assert.equal(reasonOf(store.health), 'full');
  await assert.rejects(async () => {
    for (let i = 0; i < 500; i += 1)
      seqs.push(await appendText(store, `s${i % 5}`, `${i} ${'x'.repeat(700)}`));
  }, refusedFor('full'));
  rmSync(ballast, { force: true });
  clock.advance(LONG);
  const next = await appendText(store, 'later', 'x');
  assert.equal(next, before + seqs.length + 1, 'the acknowledged ones, then the next');
  const { problems, events } = await store.verify();
  assert.deepEqual(problems, []);
  assert.equal(events, next);
  assert.equal((await store.document(turnCounts, 'later'))?.count, 1);
  await store.close();
  return opened ? 'later' : 'at opening';
}

let mountable: boolean | null = null;
/** Whether this user may mount a small file system (root outside most containers). */
function canMount(): boolean {
  mountable ??= tryMount();
  return mountable;
}

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const place = temporaryFolder('mount');
  try {
    mount(place, 'size=64k');
    unmount(place);
    return true;
  } catch {
    return false;
  }
}

function mount(place: string, option = 'rw'): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', option, 'tmpfs', place], { stdio: 'pipe' });
}

/** Lazily: a test that failed has a file open there, and the mount must not stay for that. */
function unmount(place: string): void {
  execFileSync('umount', ['--lazy', place], { stdio: 'pipe' });
}
