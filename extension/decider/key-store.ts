// The decision key in VS Code's SecretStorage, made on first use. Two windows that start at once would
// each make one, and the second could never be enrolled by itself: making is therefore one at a time.
import { mkdir, open, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { SecretStorage } from 'vscode';
import { decisionKey, newPrivateKey, type DecisionKey } from './keys.ts';

const SECRET = 'hob.decider.v1';
const STALE_LOCK_MS = 10_000;
const POLL_MS = 100;

export interface KeyStoreOptions {
  secrets: SecretStorage;
  /** A folder that all windows share; holds a lock, never a key. */
  lockDir: string;
}

export class KeyStore {
  readonly #o: KeyStoreOptions;
  #key: DecisionKey | null = null;

  constructor(options: KeyStoreOptions) {
    this.#o = options;
  }

  /** This editor's key. Rejects when SecretStorage does not work: then this editor cannot decide. */
  async key(): Promise<DecisionKey> {
    this.#key ??= (await this.#kept()) ?? (await this.#make());
    return this.#key;
  }

  /** Reads the key again; null when it is the one that is in use. Another window may have won. */
  async changed(): Promise<DecisionKey | null> {
    const kept = await this.#kept();
    if (kept === null || kept.publicKey === this.#key?.publicKey) return null;
    this.#key = kept;
    return kept;
  }

  async #kept(): Promise<DecisionKey | null> {
    const text = await this.#o.secrets.get(SECRET);
    return text === undefined ? null : decisionKey(text);
  }

  async #make(): Promise<DecisionKey> {
    const release = await this.#lock();
    try {
      const made = await this.#kept();
      if (made !== null) return made;
      await this.#o.secrets.store(SECRET, newPrivateKey());
      const kept = await this.#kept();
      if (kept === null) throw new Error('the secret storage of this editor keeps nothing');
      return kept;
    } finally {
      await release();
    }
  }

  async #lock(): Promise<() => Promise<void>> {
    const file = path.join(this.#o.lockDir, 'decider.lock');
    await mkdir(this.#o.lockDir, { recursive: true });
    for (;;) {
      try {
        await (await open(file, 'wx')).close();
        return () => rm(file, { force: true });
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
      }
      const age = await stat(file).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > STALE_LOCK_MS) await rm(file, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
