// Every database that was ever released opens in every later version: one file for each schema number,
// made by `makeDatabase(file, 40)` of the version that first had it, and never made again.
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { STORE_SCHEMA } from '#host/store/migrations/index.ts';
import { turnCounts, turnStream } from '#host/store/conformance-samples.ts';
import { appendText, openTestStore, withFolder } from '../fakes/store-files.ts';

const released = join(import.meta.dirname, '../fixtures/store');

describe('databases of earlier versions', () => {
  it('are there, one for each schema', () => {
    const expected = Array.from({ length: STORE_SCHEMA }, (_, i) => `schema-${i + 1}.db`);
    assert.deepEqual(readdirSync(released).toSorted(), expected);
  });

  for (const name of readdirSync(released)) {
    it(`[A-03] open, verify and go on: ${name}`, () =>
      withFolder(async (folder) => {
        const file = join(folder, 'events.db');
        copyFileSync(join(released, name), file);
        const store = await openTestStore(file);
        assert.equal(store.health.state, 'ok');
        const before = await store.verify();
        assert.deepEqual(before.problems, []);
        assert.equal(before.events, 40);
        const [first] = await store.load(turnStream('s0'));
        assert.equal(first?.data?.['text'], 'text 0 ');
        assert.equal((await store.document(turnCounts, 's3'))?.count, 6);
        const answer = await store.transact((tx) => tx.recall('user', 'c', 'k3', 'h3'));
        assert.deepEqual(answer, { answer: 3 });
        assert.equal(await appendText(store, 's0', 'later'), 41);
        assert.deepEqual((await store.verify()).problems, []);
        await store.close();
      }));
  }
});
