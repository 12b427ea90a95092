import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { bootId } from './boot-id.ts';
import { hostFiles } from './data-dir.ts';
import { LinkError, type LinkErrorCode } from './errors.ts';
import { findHost } from './find-host.ts';
import { temporaryFolder } from '../../test/fakes/temporary-folder.ts';

const endpoint = {
  v: 1,
  instance_id: '3f2b8c1e-5d47-4c0a-9e16-7b1f0a2d4c55',
  pid: process.pid,
  boot_id: bootId(),
  address: '/nowhere.sock',
  build: '0.1.0+20261120T000000Z',
  started_at: '2026-11-20T00:00:00.000Z',
};

describe('findHost', () => {
  let dataDir: string;
  const write = (value: unknown, key: Uint8Array | null = Buffer.alloc(32, 1)): void => {
    const files = hostFiles(dataDir);
    writeFileSync(files.endpoint, JSON.stringify(value));
    rmSync(files.key, { force: true });
    if (key !== null) writeFileSync(files.key, key, { mode: 0o600 });
  };
  const rejectsWith = (code: LinkErrorCode): Promise<void> =>
    assert.rejects(
      findHost({ dataDir }),
      (thrown) => thrown instanceof LinkError && thrown.code === code,
    );

  beforeEach(() => (dataDir = temporaryFolder('find')));
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('[F-02] finds what is written down, and ignores fields of a later version', async () => {
    write({ ...endpoint, more: 'to come' });
    const found = await findHost({ dataDir });
    assert.equal(found?.endpoint.address, endpoint.address);
    assert.deepEqual(found?.key, Buffer.alloc(32, 1));
  });

  it('[G-48] finds nothing where there is no file, a broken one, a dead process, another boot, or no key', async () => {
    assert.equal(await findHost({ dataDir }), null);
    const stale = [
      null,
      [],
      {},
      { v: 1 },
      { ...endpoint, instance_id: 'x' },
      { ...endpoint, pid: 'x' },
      { ...endpoint, pid: 2 ** 22 + 1 },
    ];
    for (const value of stale) {
      write(value);
      assert.equal(await findHost({ dataDir }), null, JSON.stringify(value));
    }
    if (bootId() !== null) {
      write({ ...endpoint, boot_id: 'an earlier one' });
      assert.equal(await findHost({ dataDir }), null);
    }
    for (const key of [null, Buffer.alloc(31), Buffer.alloc(0)]) {
      write(endpoint, key);
      assert.equal(await findHost({ dataDir }), null);
    }
  });

  it('[G-49] says that it is too old for a host that writes a later version', async () => {
    write({ ...endpoint, v: 2 });
    await rejectsWith('host_too_new');
  });

  it('[R-29] refuses a key that others can read', async () => {
    write(endpoint);
    chmodSync(hostFiles(dataDir).key, 0o640);
    await rejectsWith('unsafe_files');
  });
});
