import { readFile, stat } from 'node:fs/promises';
import { HobError } from '#host/kernel/errors.ts';
import type { KeyStore } from '../ports.ts';
import { writeNew } from './new-file.ts';

/**
 * The key as a file beside the vault, as age writes one. It keeps the secrets from whoever gets a copy of the
 * vault alone, not from a program that reads the files of its owner.
 */
export const keyFile = (file: string): KeyStore => ({
  async read() {
    const found = await stat(file).catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return null;
      throw unreadable(failure);
    });
    if (found === null) return null;
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
      throw new HobError('vault_locked', {
        message:
          'The key of the vault can be read by others. Set it back: chmod 600 vault-key.txt in the data folder.',
      });
    const text = await readFile(file, 'utf8').catch((failure: unknown) => {
      throw unreadable(failure);
    });
    return text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? null;
  },
  async keep(key) {
    await writeNew(file, `# The key of Hob's vault.age: age -d -i THIS_FILE vault.age\n${key}\n`);
  },
});

const unreadable = (cause: unknown): HobError =>
  new HobError('vault_locked', { message: 'The key file of the vault cannot be read.', cause });
