import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HobError } from '#host/kernel/errors.ts';
import type { ConfigFiles } from '../ports.ts';

/** Files of this machine. A symlink stays one: what it points to is replaced. */
export class NodeConfigFiles implements ConfigFiles {
  async read(path: string): Promise<string | null> {
    const bytes = await readFile(path).catch(absent);
    if (bytes === null) return null;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new HobError('agent_config_invalid', { message: `${path} is not UTF-8 text.`, cause });
    }
  }

  async replace(
    path: string,
    expected: string | null,
    next: string | null,
    mode = 0o600,
  ): Promise<void> {
    const target = (await realpath(path).catch(absent)) ?? path;
    try {
      await this.#replace(path, target, expected, next, mode);
    } catch (failure) {
      throw unwritable(path, failure);
    }
  }

  async missingFolders(path: string): Promise<string[]> {
    const missing: string[] = [];
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      if ((await stat(folder).catch(absent)) !== null) break;
      missing.unshift(folder);
    }
    return missing;
  }

  async removeEmpty(folder: string): Promise<void> {
    // Not empty, gone, or not ours to remove: it stays as it is.
    await rmdir(folder).catch(() => {});
  }

  async #replace(
    path: string,
    target: string,
    expected: string | null,
    next: string | null,
    mode: number,
  ): Promise<void> {
    if (next !== null) await mkdir(dirname(target), { recursive: true });
    // As late as can be: what is left is the time of one rename.
    const check = async () => {
      if ((await this.read(target)) !== expected)
        throw new HobError('agent_config_changed', { details: { path } });
    };
    if (next === null) {
      await check();
      await rm(target, { force: true });
    } else await writeWhole(target, next, mode, check);
    await syncFolder(dirname(target));
  }
}

/** Temp file, fsync, `before` (which may refuse), rename. The mode of the old file is kept; new ones are private. */
async function writeWhole(
  target: string,
  text: string,
  newMode: number,
  before: () => Promise<void>,
): Promise<void> {
  const mode = (await stat(target).catch(absent))?.mode ?? newMode;
  const temporary = join(dirname(target), `.hob-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode & 0o777);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.chmod(mode & 0o777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await before();
    await rename(temporary, target);
  } catch (failure) {
    await rm(temporary, { force: true });
    throw failure;
  }
}

/** What the system refuses is said as something that a person can mend. */
function unwritable(path: string, failure: unknown): unknown {
  const { code = '' } = failure as NodeJS.ErrnoException;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC'].includes(code)) return failure;
  return new HobError('agent_config_invalid', {
    message: `${path} cannot be written (${code}). Mend that, then try again.`,
    cause: failure,
  });
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename itself is what there is.
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
