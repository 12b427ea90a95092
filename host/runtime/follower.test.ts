import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { heldBy, LEASE_TIMES, type LeaseRecord } from '#host/kernel/lease.ts';
import { endsIn, mayBeEnded } from './follower.ts';
import { takeHostLock } from './host-lock.ts';
import { processStart } from './process-start.ts';
import { temporaryFolder } from '../../test/fakes/temporary-folder.ts';

const { ttlMs } = LEASE_TIMES;
const at = (uptime: number, boot_id: string | null = 'boot') => ({ wall: 0, uptime, boot_id });
const record = (over: Partial<LeaseRecord> = {}): LeaseRecord => ({
  ...heldBy({ instance_id: 'a', pid: 42, process_start: '777', started_at: '' }, 3, at(1_000)),
  ...over,
});
const same = (): string => '777';

describe('a follower', () => {
  it('[F-75] ends a host that stands still only after its term', () => {
    assert.equal(mayBeEnded(record(), at(1_000 + ttlMs - 1), same), false);
    assert.equal(mayBeEnded(record(), at(1_000 + ttlMs), same), true);
  });

  it('[F-75] knows when that will be, to the millisecond, so that nobody waits longer', () => {
    assert.equal(endsIn(record(), at(1_000), same), ttlMs);
    assert.equal(endsIn(record(), at(1_000 + ttlMs - 1), same), 1);
    assert.equal(endsIn(record(), at(1_000 + 2 * ttlMs), same), 0);
    assert.equal(
      endsIn(record(), at(1_000), () => '778'),
      null,
    );
    assert.equal(endsIn('none', at(1_000), same), null);
  });

  it('[F-93] leaves alone what may be another process: of another boot, with a pid used again, or unknown', () => {
    const late = 1_000 + 2 * ttlMs;
    assert.equal(mayBeEnded(record(), at(late, 'later boot'), same), false);
    assert.equal(mayBeEnded(record(), at(500), same), false);
    assert.equal(
      mayBeEnded(record(), at(late), () => '778'),
      false,
    );
    assert.equal(
      mayBeEnded(record(), at(late), () => null),
      false,
    );
    assert.equal(
      mayBeEnded(record({ process_start: null }), at(late), () => null),
      false,
    );
    assert.equal(mayBeEnded(record({ released: true }), at(late), same), false);
    assert.equal(mayBeEnded('none', at(late), same), false);
    assert.equal(mayBeEnded('unreadable', at(late), same), false);
  });

  it('knows a process from a later one with its pid', () => {
    const own = processStart(process.pid);
    if (process.platform !== 'win32') assert.ok(own !== null && own.length > 0);
    assert.equal(processStart(process.pid), own);
    assert.equal(processStart(2 ** 22 + 1), null);
  });
});

describe('the lock of a data directory', () => {
  it('[F-93] [F-71] is free whatever its file says, and is not lost to a damaged file', () => {
    const folder = temporaryFolder('lock');
    const file = join(folder, 'host.lock');
    try {
      for (const text of ['{"pid":1}', '\0'.repeat(4_096), 'x'.repeat(10_000)]) {
        writeFileSync(file, text);
        const inode = statSync(file).ino;
        const lock = takeHostLock(file, 0);
        assert.ok(lock !== null);
        assert.equal(statSync(file).ino, inode, 'the lock is of this file');
        assert.equal(takeHostLock(file, 0), null, 'held once');
        lock.release();
        assert.equal(readFileSync(file, 'utf8').includes('pid'), false);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
