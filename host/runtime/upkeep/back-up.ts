import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { HobError } from '#host/kernel/errors.ts';

/** Copies of the store that are kept, newest first. */
const KEPT_BACKUPS = 7;

/** Copies the store page by page while it is used, checks the copy, and keeps the newest ones. `now`: ISO. */
export async function backUp(
  dataDir: string,
  now: string,
): Promise<{ file: string; kept: number }> {
  const folder = join(dataDir, 'backups');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = `events-${now.replaceAll(/[:.]/g, '-')}.db`;
  const unfinished = join(folder, `${file}.part`);
  const source = new DatabaseSync(join(dataDir, 'events.db'), { readOnly: true });
  try {
    await backup(source, unfinished);
  } finally {
    source.close();
  }
  checkCopy(unfinished);
  for (const side of ['-wal', '-shm']) await rm(unfinished + side, { force: true });
  await rename(unfinished, join(folder, file));
  const all = (await readdir(folder)).filter((name) => /^events-.*\.db$/.test(name)).toSorted();
  for (const old of all.slice(0, -KEPT_BACKUPS)) await rm(join(folder, old), { force: true });
  return { file, kept: Math.min(all.length, KEPT_BACKUPS) };
}

/** Throws `internal_error` when the copy is not a whole database. */
function checkCopy(file: string): void {
  const copy = new DatabaseSync(file, { readOnly: true });
  try {
    const [row] = copy.prepare('PRAGMA quick_check(1)').all();
    if (row?.['quick_check'] !== 'ok')
      throw new HobError('internal_error', { message: 'The copy of the store is damaged.' });
  } finally {
    copy.close();
  }
}
