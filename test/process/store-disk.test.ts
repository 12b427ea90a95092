// Disks that fail in ways that only a process of its own can be given: a limit on the size of files,
// and an fsync that reports an error.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { StoreHealth } from '#host/store/ports.ts';
import { openTestStore, withFolder } from '../fakes/store-files.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const child = join(fixtures, 'store-disk-child.ts');

interface Report {
  acknowledged: number[];
  refusals: string[];
  health: StoreHealth;
}

function reportOf(result: ReturnType<typeof spawnSync>): Report {
  assert.equal(result.signal, 'SIGKILL', String(result.stderr));
  return JSON.parse(String(result.stdout)) as Report;
}

/** The store as the next process finds it: everything acknowledged in its place, the chain whole. */
async function requireAll(file: string, acknowledged: readonly number[]): Promise<void> {
  const store = await openTestStore(file);
  try {
    assert.equal(store.health.state, 'ok');
    const seqs = new Set((await store.query({ limit: 100_000 })).map(({ seq }) => seq));
    assert.deepEqual(
      acknowledged.filter((seq) => !seqs.has(seq)),
      [],
    );
    assert.deepEqual((await store.verify()).problems, []);
  } finally {
    await store.close();
  }
}

describe('the event store on a disk that fails', function () {
  it('[G-09] stops at a limit on file sizes like at a full disk, wherever the limit is', async function () {
    // Windows has no limit on file sizes.
    if (process.platform === 'win32') this.skip();
    await withFolder(async (folder) => {
      for (const [i, blocks] of [130, 260, 1_000].entries()) {
        const file = join(folder, `events-${i}.db`);
        const limited = `ulimit -f ${blocks}; exec "$0" "$@"`;
        const result = spawnSync('bash', [
          '-c',
          limited,
          process.execPath,
          child,
          file,
          'until-full',
        ]);
        const { acknowledged, refusals, health } = reportOf(result);
        assert.ok(acknowledged.length > 0);
        assert.deepEqual(refusals, ['store_unavailable full', 'store_unavailable full']);
        assert.equal(health.state === 'unavailable' && health.reason, 'full');
        await requireAll(file, acknowledged);
      }
    });
  });

  it('[G-05, G-09] acknowledges nothing whose fsync failed, and goes on when the disk does', async function () {
    // The failing fsync is a library that the loader puts in front, compiled on the spot.
    if (process.platform !== 'linux' || spawnSync('cc', ['--version']).error !== undefined) {
      this.skip();
    }
    await withFolder(async (folder) => {
      const library = join(folder, 'failing-fsync.so');
      execFileSync('cc', [
        '-shared',
        '-fPIC',
        '-o',
        library,
        join(fixtures, 'failing-fsync.c'),
        '-ldl',
      ]);
      const file = join(folder, 'events.db');
      const flag = join(folder, 'fail');
      const result = spawnSync(process.execPath, [child, file, 'failing-fsync', flag], {
        env: { ...process.env, LD_PRELOAD: library, HOB_FAIL_FSYNC: flag },
      });
      const { acknowledged, refusals, health } = reportOf(result);
      assert.deepEqual(refusals, ['store_unavailable broken', 'store_unavailable broken']);
      assert.deepEqual(acknowledged, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      assert.equal(health.state, 'ok');
      await requireAll(file, acknowledged);
    });
  });
});
