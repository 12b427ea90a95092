/** Processes that a test starts and that make groups and daemons of their own: found by a mark in their environment. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The variable that everything a session starts inherits. */
export const MARK = 'HOB_TEST_MARK';

export function killMarked(mark: string): void {
  for (const pid of processesWith(mark)) kill(pid);
}

/** Harmless when it is gone; a negative id is a group. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/**
 * Without a network but its own loopback, where this system lets us; [] where not. Not without our
 * process ids too: the hook looks whether the host's process lives.
 */
export function isolation(): string[] {
  const unshare = ['unshare', '--map-root-user', '--net', 'sh', '-c'];
  const works = spawnSync('unshare', [...unshare.slice(1), 'ip link set lo up']).status === 0;
  return works ? [...unshare, 'ip link set lo up && exec "$0" "$@"'] : [];
}

function processesWith(mark: string): number[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}
