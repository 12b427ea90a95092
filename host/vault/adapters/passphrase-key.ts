import { readFile } from 'node:fs/promises';
import { HobError } from '#host/kernel/errors.ts';
import type { HoldingKeyStore } from '../ports.ts';
import { writeNew } from './new-file.ts';

/**
 * The key in a file that a passphrase opens: an identity file as `age` has it, so that `age -d -i FILE` asks for the
 * passphrase and opens the vault without Hob. A person gives the passphrase once for the life of a host.
 */
export class PassphraseKey implements HoldingKeyStore {
  readonly #file: string;
  #passphrase: string | null = null;
  #key: string | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Tried with the next look at the file; null forgets it, and the key. */
  hold(passphrase: string | null): void {
    this.#passphrase = passphrase;
    this.#key = null;
  }

  async read(): Promise<string | null> {
    if (this.#key !== null) return this.#key;
    const sealed = await readFile(this.#file).catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return null;
      throw locked('Its key file cannot be read.', failure);
    });
    if (sealed === null) return null;
    if (this.#passphrase === null)
      throw locked('It waits for its passphrase: hob secret unlock, or Hob: Unlock the Vault….');
    const { unsealWith } = await import('./age-passphrase.ts');
    const text = await unsealWith(this.#passphrase, sealed).catch((cause: unknown) => {
      throw locked('This is not its passphrase, or its key file is damaged.', cause);
    });
    this.#key = text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? null;
    return this.#key;
  }

  async keep(key: string): Promise<void> {
    if (this.#passphrase === null)
      throw new HobError('vault_unavailable', {
        message: 'A passphrase is needed to make the vault: hob secret set NAME --passphrase.',
      });
    const { sealWith } = await import('./age-passphrase.ts');
    await writeNew(this.#file, await sealWith(this.#passphrase, `${key}\n`));
  }
}

const locked = (message: string, cause?: unknown): HobError =>
  new HobError('vault_locked', { message, cause });
