import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Clock } from '#host/kernel/clock.ts';
import { openFileLog } from './file-log.ts';
import { temporaryFolder } from '../../test/fakes/temporary-folder.ts';

const clock: Clock = { now: () => 0, monotonic: () => 0, timer: () => () => {} };

describe('openFileLog', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryFolder('log')));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes one JSON object a line, at once, for this user alone, with causes', () => {
    const file = join(folder, 'host.log');
    const log = openFileLog(file, clock);
    log.info('started', { port: 0 });
    log.error('failed', new Error('outer', { cause: new Error('inner') }));
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      [lines[0]?.['level'], lines[0]?.['message'], lines[0]?.['port'], lines[0]?.['time']],
      ['info', 'started', 0, '1970-01-01T00:00:00.000Z'],
    );
    assert.match(String(lines[1]?.['cause']), /outer[^]*caused by[^]*inner/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    log.close();
  });

  it('keeps two files of bounded size', () => {
    const file = join(folder, 'host.log');
    const log = openFileLog(file, clock);
    const long = 'x'.repeat(100_000);
    for (let at = 0; at < 100; at++) log.info(long);
    log.close();
    assert.equal(existsSync(`${file}.1`), true);
    assert.equal(existsSync(`${file}.2`), false);
    assert.ok(statSync(file).size + statSync(`${file}.1`).size < 9 * 1024 * 1024);
  });

  it('never throws when there is nowhere to write', () => {
    const log = openFileLog('/dev/full', clock);
    log.error('the disk is full', new Error('ENOSPC'));
    log.close();
  });
});
