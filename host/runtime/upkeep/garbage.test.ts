import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { garbageAmong, type FoundFile } from './garbage.ts';

const NOW = Date.UTC(2026, 10, 26);
const HOUR = 3_600_000;
const named = 'a'.repeat(64);
const orphan = 'b'.repeat(64);
const uuid = '01234567-89ab-cdef-0123-456789abcdef';

const file = (path: string, hours = 48): FoundFile => {
  const [name = '', folder = ''] = path.split('/').toReversed();
  return { folder, name, bytes: 1, changedAt: NOW - hours * HOUR };
};
const collected = (...files: FoundFile[]): string[] =>
  garbageAmong(files, (sha256) => sha256 === named, NOW).map(({ folder, name }) =>
    folder === '' ? name : `${folder}/${name}`,
  );

describe('what is garbage in a data directory', () => {
  it('[S-23] is what a killed host had begun, and what no event names', () => {
    const all = [
      `endpoint.json.${uuid}`,
      'events.db.new',
      'events.db.new-wal',
      `artifacts/draft-${uuid}`,
      `artifacts/${orphan}`,
      'backups/events-2026-11-20T02-00-00-000Z.db.part',
      'backups/events-2026-11-20T02-00-00-000Z.db.part-wal',
    ];
    assert.deepEqual(collected(...all.map((path) => file(path))), all);
  });

  it('[S-23] is never what an event names, what is in use, or what somebody else put there', () => {
    const kept = [
      'events.db',
      'events.db-wal',
      'events.db-shm',
      'endpoint.json',
      'host.key',
      'host.lock',
      'host.log',
      'host.log.1',
      'notes.txt',
      'events.db.newer',
      orphan,
      `artifacts/${named}`,
      'artifacts/notes.txt',
      'backups/events-2026-11-20T02-00-00-000Z.db',
      'backups/mine.db',
      `models/${orphan}`,
    ];
    assert.deepEqual(collected(...kept.map((path) => file(path, 10_000))), []);
  });

  it('[S-23] is not what somebody may be writing now', () => {
    assert.deepEqual(
      collected(file(`artifacts/draft-${uuid}`, 23), file(`artifacts/${orphan}`, 1)),
      [],
    );
  });
});
