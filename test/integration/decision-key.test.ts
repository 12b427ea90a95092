import assert from 'node:assert/strict';
import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { SecretStorage } from 'vscode';
import { KeyStore } from '../../extension/decider/key-store.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** SecretStorage that takes a moment, as the real one does. */
function slowSecrets() {
  const kept = new Map<string, string>();
  const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  const secrets = {
    get: (name: string) => moment().then(() => kept.get(name)),
    store: (name: string, value: string) => moment().then(() => void kept.set(name, value)),
  } as unknown as SecretStorage;
  return { secrets, kept };
}

describe('the kept decision key', () => {
  let lockDir: string;
  beforeEach(() => {
    lockDir = temporaryFolder('key');
  });
  afterEach(() => rmSync(lockDir, { recursive: true, force: true }));

  it('[G-15] is one key, however many windows make it at once', async () => {
    const { secrets, kept } = slowSecrets();
    const windows = Array.from({ length: 6 }, () => new KeyStore({ secrets, lockDir }));
    const keys = await Promise.all(windows.map((window) => window.key()));
    assert.equal(new Set(keys.map(({ publicKey }) => publicKey)).size, 1);
    assert.equal(kept.size, 1);
    assert.equal(existsSync(path.join(lockDir, 'decider.lock')), false);
  });

  it('goes on after a window that died while it made one', async () => {
    const lock = path.join(lockDir, 'decider.lock');
    writeFileSync(lock, '');
    const past = new Date(Date.now() - 60_000);
    utimesSync(lock, past, past);
    const { secrets } = slowSecrets();
    assert.match((await new KeyStore({ secrets, lockDir }).key()).publicKey, /^[\w-]{43}$/);
  });

  it('takes over the key that another window kept in the meantime', async () => {
    const { secrets, kept } = slowSecrets();
    const mine = new KeyStore({ secrets, lockDir });
    const first = await mine.key();
    assert.equal(await mine.changed(), null);
    kept.clear();
    const other = await new KeyStore({ secrets, lockDir }).key();
    const taken = await mine.changed();
    assert.equal(taken?.publicKey, other.publicKey);
    assert.notEqual(taken?.publicKey, first.publicKey);
    assert.equal((await mine.key()).publicKey, other.publicKey);
  });

  it('says so when the secret storage keeps nothing', async () => {
    const secrets = {
      get: () => Promise.resolve(undefined),
      store: () => Promise.resolve(),
    } as unknown as SecretStorage;
    await assert.rejects(new KeyStore({ secrets, lockDir }).key(), /keeps nothing/);
    assert.equal(existsSync(path.join(lockDir, 'decider.lock')), false);
  });
});
