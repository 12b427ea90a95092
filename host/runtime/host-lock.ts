import { chmodSync, truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Holds one data directory for the life of the process. */
export interface HostLock {
  release(): void;
}

const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;
/** A killed process keeps its lock until its last thread has ended: seen up to 100 ms on a busy machine. */
const WAIT_MS = 1_000;

/**
 * Takes the data directory's lock, or returns null when another host has it.
 *
 * Node has no flock without an addon, and a file that says "locked" outlives a killed process. SQLite
 * takes the operating system's own lock on the file (fcntl, LockFileEx), which the kernel lets go of
 * however the process ends, kill -9 included; and it refuses a second lock in the same process too,
 * which a bare fcntl lock would grant. The file stays empty. Measured: 0.4 ms. Waits up to `waitMs`
 * for a process that is just ending.
 *
 * What the file says means nothing. SQLite looks at it only after it got the lock, so a file with
 * something in it is nobody's, and is emptied in place: the lock belongs to the file, not to its text.
 */
export function takeHostLock(file: string, waitMs: number = WAIT_MS): HostLock | null {
  try {
    return takeLock(file, waitMs);
  } catch (failure) {
    if ((failure as { errcode?: number }).errcode !== SQLITE_NOTADB) throw failure;
    truncateSync(file);
    return takeLock(file, waitMs);
  }
}

function takeLock(file: string, waitMs: number): HostLock | null {
  const database = new DatabaseSync(file, { timeout: waitMs });
  try {
    chmodSync(file, 0o600);
    // Without a journal file beside it: nothing is ever written.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (failure) {
    database.close();
    if ((failure as { errcode?: number }).errcode === SQLITE_BUSY) return null;
    throw failure;
  }
  return { release: () => database.close() };
}
