import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import * as net from 'node:net';
import * as path from 'node:path';

/** The folder of one host: a hash of its data directory (see unix-socket.ts). */
const OURS = /^hob-[0-9a-f]{16}$/;
/** A socket refuses for the moment between its making and its listening, which is long on a machine that is short of time. */
const YOUNG_MS = 60_000;

/**
 * Removes from `base` what killed hosts of this user left there for data directories that nobody opens any
 * more. A socket that refuses and is not new has no listener and never gets one again: the name of each is used once.
 */
export async function removeDeadSockets(base: string): Promise<void> {
  const names = await readdir(base).catch(() => []);
  for (const name of names) if (OURS.test(name)) await clear(path.join(base, name));
}

/** A folder with something else in it stays, and what belongs to somebody else is not looked into. */
async function clear(folder: string): Promise<void> {
  try {
    const about = await lstat(folder);
    if (!about.isDirectory() || about.uid !== process.getuid?.()) return;
    const sockets = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
    let removed = 0;
    for (const name of sockets) {
      const address = path.join(folder, name);
      if (!(await isDead(address))) continue;
      await unlink(address);
      removed += 1;
    }
    // An empty folder is one whose host is about to listen.
    if (removed > 0) await rmdir(folder);
  } catch {
    // Somebody else was here first, or a host has begun to use it.
  }
}

async function isDead(address: string): Promise<boolean> {
  const about = await lstat(address);
  if (!about.isSocket() || Date.now() - about.mtimeMs < YOUNG_MS) return false;
  return new Promise((resolve) => {
    const probe = net.connect(address);
    probe.once('connect', () => resolve(false));
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'));
    probe.once('close', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
}
