// Read models are kept in step by every append, made anew when their fold changed, and otherwise left
// alone however many events there are.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'mocha';
import { projections as realProjections } from '#host/runtime/projections.ts';
import { appendText, openTestStore, withFolder } from '../fakes/store-files.ts';
import { turnCounts, type TurnCount } from '#host/store/conformance-samples.ts';
import type { Projection } from '#host/store/ports.ts';

interface Counted {
  projection: Projection<TurnCount>;
  folds: number;
}

/** The sample read model at a version, counting how often it is folded. */
function counted(
  version: number,
  evolve: Projection<TurnCount>['evolve'] = turnCounts.evolve,
): Counted {
  const self: Counted = {
    folds: 0,
    projection: {
      ...turnCounts,
      version,
      evolve: (document, event) => {
        self.folds += 1;
        return evolve(document, event);
      },
    },
  };
  return self;
}

describe('projections of the SQLite store', () => {
  it('[G-06] are not touched at a start when nothing changed', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const first = await openTestStore(file);
      for (let i = 0; i < 30; i += 1) await appendText(first, `s${i % 3}`, `${i}`);
      await first.close();
      const again = counted(1);
      const store = await openTestStore(file, { projections: [again.projection] });
      assert.equal(again.folds, 0);
      assert.equal((await store.document(turnCounts, 's1'))?.count, 10);
      await store.close();
    }));

  it('[G-06] are made anew when their version changed, and give what the events give', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const first = await openTestStore(file);
      for (let i = 0; i < 30; i += 1) await appendText(first, `s${i % 3}`, `${i}`);
      await first.close();
      const changed = counted(2, (document, event) => ({
        ...(turnCounts.evolve(document, event) as TurnCount),
        count: (document?.count ?? 100) + 1,
      }));
      const store = await openTestStore(file, { projections: [changed.projection] });
      assert.equal(changed.folds, 30);
      assert.equal((await store.document(turnCounts, 's1'))?.count, 110);
      assert.deepEqual((await store.verify()).problems, []);
      await store.close();
    }));

  it('[G-06] go on where a rebuild was cut off', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const first = await openTestStore(file);
      const appended = Array.from({ length: 2_500 }, (_, i) =>
        appendText(first, `s${i % 9}`, `${i}`),
      );
      await Promise.all(appended);
      await first.close();
      let left = 2_100;
      const broken = counted(2, (document, event) => {
        left -= 1;
        if (left < 0) throw new Error('the power went');
        return turnCounts.evolve(document, event);
      });
      await assert.rejects(openTestStore(file, { projections: [broken.projection] }), /power/);
      const again = counted(2);
      const store = await openTestStore(file, { projections: [again.projection] });
      assert.equal(again.folds, 500, 'two pieces of 1000 were done');
      const { problems, events } = await store.verify();
      assert.deepEqual(problems, []);
      assert.equal(events, 2_500);
      await store.close();
    }));

  it('[G-06] that are new are made from all events; those that are gone leave no table', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const other: Projection<TurnCount> = { ...turnCounts, table: 'proj_other' };
      const first = await openTestStore(file, { projections: [other] });
      for (let i = 0; i < 5; i += 1) await appendText(first, 's', `${i}`);
      await first.close();
      const store = await openTestStore(file);
      assert.equal((await store.document(turnCounts, 's'))?.count, 5);
      await store.close();
      const database = new DatabaseSync(file);
      const tables = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'proj_%'")
        .all();
      database.close();
      assert.deepEqual(
        tables.map((row) => row['name']),
        ['proj_turn_counts'],
      );
    }));

  it('get an index when something filters by a column of a table that is no longer small', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const store = await openTestStore(file);
      await store.documents(turnCounts, { where: { count: 1 }, limit: 1 });
      await Promise.all(
        Array.from({ length: 600 }, (_, i) => appendText(store, `s${i}`, `${i % 5}`)),
      );
      assert.equal(await store.count(turnCounts, { last: '3' }), 120);
      await appendText(store, 'one more', '3');
      assert.equal(await store.count(turnCounts, { last: '3' }), 121);
      assert.deepEqual((await store.verify()).problems, []);
      await store.close();
      const database = new DatabaseSync(file);
      const indexes = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'proj_%'")
        .all();
      database.close();
      assert.deepEqual(
        indexes.map((row) => row['name']),
        ['proj_turn_counts_last'],
      );
    }));

  it('[G-06] are verified in a thread of their own, and a fault in one is found there', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'events.db');
      const verifyWorker = new URL('../fakes/verify-turns.ts', import.meta.url);
      const store = await openTestStore(file, { verifyWorker });
      for (let i = 0; i < 20; i += 1) await appendText(store, `s${i % 3}`, `${i}`);
      assert.deepEqual((await store.verify()).problems, []);
      const database = new DatabaseSync(file);
      database.exec("UPDATE proj_turn_counts SET document = '{}' WHERE key = 's1'");
      database.close();
      const { problems } = await store.verify();
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['projection_differs'],
      );
      await store.close();
    }));

  it('[A-41] of this build have names that the store accepts, each once', () => {
    const tables = realProjections.map(({ table }) => table);
    assert.equal(new Set(tables).size, tables.length);
    return withFolder(async (folder) => {
      const store = await openTestStore(join(folder, 'events.db'), {
        projections: realProjections,
      });
      assert.equal(store.health.state, 'ok');
      assert.equal((await store.verify()).projections, tables.length);
      await store.close();
    });
  });
});
