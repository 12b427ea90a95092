import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { systemClock } from '#host/kernel/system-clock.ts';
import { noSecrets } from './core/contents.ts';
import { HeldKey } from './held-key.ts';
import type { KeyStore } from './ports.ts';
import { Vault } from './service.ts';

const none: KeyStore = { read: async () => null, keep: async () => {} };
const user = { kind: 'user', id: 'user', display: 'You', role: 'cli', proven: true } as const;

const vaultWith = (keyring: KeyStore, exists: boolean) => {
  const written: string[] = [];
  const vault = new Vault({
    file: {
      exists: async () => exists,
      makeKey: async () => 'AGE-SECRET-KEY-1TEST',
      read: async () => noSecrets,
      write: async (key) => void written.push(key),
    },
    keys: { file: none, editor: new HeldKey(), passphrase: new HeldKey(), keyring },
    clock: systemClock,
    record: async () => {},
  });
  return { vault, written };
};

describe('the vault and its key', () => {
  it('[X-12] a keyring that asks somebody keeps no host from starting', async () => {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const { vault } = vaultWith({ read: () => promise, keep: async () => {} }, true);
    await vault.open(20);
    assert.notEqual(vault.view.state, 'open');
    resolve('AGE-SECRET-KEY-1TEST');
    await vault.list();
    assert.deepEqual(vault.view, { state: 'open', key: 'keyring', problem: null });
  });

  it('[X-12] a key that did not come back from where it was kept locks nothing', async () => {
    const { vault, written } = vaultWith(none, false);
    await assert.rejects(
      vault.set('name', 'a value', { key: 'keyring' }, user),
      (failure) => (failure as { code?: unknown }).code === 'vault_unavailable',
    );
    assert.deepEqual(written, []);
  });
});
