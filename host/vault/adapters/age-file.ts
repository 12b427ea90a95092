import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HobError } from '#host/kernel/errors.ts';
import { readContents } from '../core/contents.ts';
import type { SealedFile } from '../ports.ts';

/** A file in the age format (age-encryption.org/v1), so that `age -d -i KEY` opens it without Hob. */
export function ageFile(file: string): SealedFile {
  const age = () => import('./age.ts');
  return {
    async exists() {
      try {
        // Asked at every start: the asynchronous one would bring Node's four threads up for one look.
        return statSync(file, { throwIfNoEntry: false }) !== undefined;
      } catch (failure) {
        throw locked(failure);
      }
    },
    makeKey: async () => (await age()).makeIdentity(),
    async read(key) {
      const text = await readFile(file)
        .then(async (sealed) => (await age()).unseal(key, sealed))
        .catch((cause: unknown) => {
          throw locked(cause);
        });
      const contents = readContents(text);
      if (contents === null) throw locked(undefined);
      return contents;
    },
    async write(key, contents) {
      const sealed = await (await age()).seal(key, JSON.stringify(contents));
      await replaceWhole(file, sealed);
    },
  };
}

const locked = (cause: unknown): HobError =>
  new HobError('vault_locked', {
    message: 'The vault cannot be opened: its file is damaged, or its key is another one.',
    cause,
  });

/** A full disk or a crash leaves the old one. */
async function replaceWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (failure) {
    await rm(temporary, { force: true });
    throw failure;
  }
  if (process.platform !== 'win32') await syncFolder(dirname(file));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
