// Whoever can write the file can change it; what they change must show.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'mocha';
import type { StoreVerification } from '#host/store/ports.ts';
import { nodeDigests } from '#host/store/adapters/digests.ts';
import { linkHash, metaText } from '#host/store/core/chain.ts';
import { Unopenable } from '#host/store/adapters/sqlite/open-database.ts';
import { eventOf, selectEvents } from '#host/store/adapters/sqlite/rows.ts';
import { verifyDatabase } from '#host/store/adapters/sqlite/verify-database.ts';
import { turnCounts } from '#host/store/conformance-samples.ts';
import { makeDatabase, withFolder } from '../fakes/store-files.ts';

const EVENTS = 120;
/** A release takes 10,000. */
const FLIPS = Number(process.env['HOB_FLIPS'] ?? 300);
const noTriggers = `
  DROP TRIGGER evt_events_no_update; DROP TRIGGER evt_events_no_delete;
  DROP TRIGGER evt_content_no_update;`;

describe('a changed database', () => {
  let original = '';
  let folder = '';
  let release: () => void = () => {};
  let gone: Promise<void> = Promise.resolve();
  before(async () => {
    const ready = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    release = held.resolve;
    gone = withFolder(async (made) => {
      folder = made;
      original = join(made, 'original.db');
      await makeDatabase(original, EVENTS);
      ready.resolve();
      await held.promise;
    });
    await ready.promise;
  });
  after(async () => {
    release();
    await gone;
  });

  /** A copy, changed by `change` with the triggers out of the way and put back, as verify sees it. */
  function verifyChanged(
    change: (database: DatabaseSync) => void,
    keepTriggers = true,
  ): StoreVerification {
    const file = join(folder, 'changed.db');
    copyFileSync(original, file);
    const database = new DatabaseSync(file);
    const triggers = database
      .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
      .all()
      .map((row) => `${String(row['sql'])};`)
      .join('\n');
    database.exec(noTriggers);
    change(database);
    if (keepTriggers) database.exec(triggers);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return verifyDatabase(file, [turnCounts]);
  }
  const codesOf = ({ problems }: StoreVerification): string[] =>
    [...new Set(problems.map(({ code }) => code))].toSorted();

  it('verifies while nothing was changed', () => {
    const verification = verifyChanged(() => {});
    assert.deepEqual(verification.problems, []);
    assert.equal(verification.events, EVENTS);
  });

  const changes: Readonly<Record<string, readonly [change: string, codes: readonly string[]]>> = {
    'the text of an event': [
      "UPDATE evt_content SET content = replace(content, 'text 5 ', 'text 6 ') WHERE seq = 6",
      ['content_changed'],
    ],
    'the salt of an event': [
      'UPDATE evt_content SET salt = randomblob(32) WHERE seq = 6',
      ['content_changed'],
    ],
    'who did it': [
      `UPDATE evt_events SET actor = replace(actor, '"you"', '"me"') WHERE seq = 9`,
      ['event_changed'],
    ],
    'when it was': [
      'UPDATE evt_events SET occurred_at = occurred_at + 1 WHERE seq = 9',
      ['event_changed'],
    ],
    'the type of an event': [
      "UPDATE evt_events SET event_type = 'turn.answered' WHERE seq = 9",
      ['event_changed', 'projection_differs'],
    ],
    'whether it held secrets': [
      'UPDATE evt_events SET contains_secrets = 1 WHERE seq = 9',
      ['event_changed'],
    ],
    'the hash of an event': [
      'UPDATE evt_events SET hash = randomblob(32) WHERE seq = 9',
      ['chain_broken', 'event_changed'],
    ],
    'the order of two events': [
      'UPDATE evt_content SET seq = -1 WHERE seq = 3; UPDATE evt_content SET seq = 3 WHERE seq = 4; UPDATE evt_content SET seq = 4 WHERE seq = -1',
      ['content_changed'],
    ],
    'one event less': [
      'DELETE FROM evt_events WHERE seq = 50; DELETE FROM evt_content WHERE seq = 50',
      ['chain_broken', 'gap', 'projection_differs', 'stream_gap'],
    ],
    'one event less, its content left': [
      'DELETE FROM evt_events WHERE seq = 50',
      ['chain_broken', 'gap', 'orphan_content', 'projection_differs', 'stream_gap'],
    ],
    'the last events cut off': [
      `DELETE FROM evt_events WHERE seq > ${EVENTS - 10}; DELETE FROM evt_content WHERE seq > ${EVENTS - 10}`,
      ['head_wrong', 'projection_differs'],
    ],
    'the head of a stream': [
      "UPDATE evt_stream_heads SET stream_seq = 3 WHERE stream_id = 's1'",
      ['head_wrong'],
    ],
    'a head less': ["DELETE FROM evt_stream_heads WHERE stream_id = 's1'", ['head_wrong']],
    'a document': [
      `UPDATE proj_turn_counts SET document = replace(document, '"count":', '"count":1') WHERE key = 's2'`,
      ['projection_differs'],
    ],
    'a column': ["UPDATE proj_turn_counts SET count = 1 WHERE key = 's2'", ['projection_differs']],
    'a document less': ["DELETE FROM proj_turn_counts WHERE key = 's2'", ['projection_differs']],
    'a document more': [
      "INSERT INTO proj_turn_counts (key, document, seq) VALUES ('zz', '{}', 1)",
      ['projection_differs'],
    ],
    'a remembered answer': [
      "UPDATE evt_idempotency SET response = '{}' WHERE key = 'k1'",
      ['response_changed'],
    ],
    'the id of the store': [
      "UPDATE store_meta SET value = 'another' WHERE name = 'store_id'",
      ['store_id_changed'],
    ],
  };
  for (const [what, [sql, codes]] of Object.entries(changes)) {
    it(`[A-36] shows: ${what}`, () => {
      assert.deepEqual(codesOf(verifyChanged((database) => database.exec(sql))), codes);
    });
  }

  it('[A-89] shows missing triggers', () => {
    assert.deepEqual(codesOf(verifyChanged(() => {}, false)), ['schema_changed']);
  });

  it('[A-95] accepts erased content: the chain still holds, and a read model that still shows it is found', () => {
    const erased = verifyChanged((database) =>
      database.exec('DELETE FROM evt_content WHERE seq = 1'),
    );
    assert.equal(erased.erased, 1);
    assert.equal(erased.events, EVENTS);
    assert.deepEqual(codesOf(erased), ['projection_differs']);
  });

  it('cannot show a chain that was made anew as a whole; its head is another one, though', () => {
    const before = verifyChanged(() => {});
    const forged = verifyChanged((database) => {
      database.exec("UPDATE evt_events SET correlation_id = 'forged' WHERE seq = 9");
      let previous: Uint8Array = new Uint8Array(32);
      for (const row of database.prepare(`${selectEvents} ORDER BY e.seq`).all()) {
        const event = eventOf(row as Parameters<typeof eventOf>[0]);
        const hash = linkHash(
          nodeDigests,
          previous,
          metaText(event),
          row['commitment'] as Uint8Array,
        );
        database
          .prepare('UPDATE evt_events SET prev_hash = ?, hash = ? WHERE seq = ?')
          .run(previous, hash, event.seq);
        previous = hash;
      }
    });
    assert.deepEqual(forged.problems, []);
    assert.notEqual(forged.head_hash, before.head_hash);
  });

  it('[G-05] none of many flipped bits is silently accepted', function () {
    this.timeout(600_000 + FLIPS * 400);
    const bytes = readFileSync(original);
    const file = join(folder, 'flipped.db');
    const whole = everythingIn(original);
    const seen = { refused: 0, reported: 0, harmless: 0 };
    for (let trial = 0; trial < FLIPS; trial += 1) {
      const at = randomInt(bytes.length);
      const bit = randomInt(8);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      writeFileSync(file, flipped);
      const finding = findingOf(file);
      seen[finding] += 1;
      // Unused space and the like: what verify accepts must be what was written.
      if (finding === 'harmless')
        assert.deepEqual(everythingIn(file), whole, `bit ${bit} of byte ${at} was accepted`);
    }
    assert.ok(seen.reported > FLIPS / 3, `nearly nothing was found: ${JSON.stringify(seen)}`);
  });
});

function findingOf(file: string): 'refused' | 'reported' | 'harmless' {
  try {
    return verifyDatabase(file, [turnCounts]).problems.length > 0 ? 'reported' : 'harmless';
  } catch (thrown) {
    assert.ok(thrown instanceof Unopenable, String(thrown));
    return 'refused';
  }
}

/** All that the store ever hands out, by table. (How far a read model is decides whether it is made anew at the next start, no more.) */
function everythingIn(file: string): Record<string, string> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const queries = {
      events: `${selectEvents} ORDER BY e.seq`,
      heads: 'SELECT * FROM evt_stream_heads ORDER BY 1, 2',
      documents: 'SELECT * FROM proj_turn_counts ORDER BY key',
      answers: 'SELECT * FROM evt_idempotency ORDER BY 1, 2, 3',
      identity: "SELECT * FROM store_meta WHERE name LIKE 'store_id%' ORDER BY 1",
    };
    const digests = Object.entries(queries).map(([part, sql]) => [
      part,
      digestOf(database.prepare(sql).all()),
    ]);
    return Object.fromEntries(digests) as Record<string, string>;
  } finally {
    database.close();
  }
}

const digestOf = (rows: unknown): string =>
  nodeDigests.hex(nodeDigests.sha256(JSON.stringify(rows)));
