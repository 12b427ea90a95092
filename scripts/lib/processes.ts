// Ends everything that one start brought to life, also what left its process group. Processes are found
// by a mark in their environment: children inherit it, whoever starts them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Name of the environment variable that carries the mark. */
export const markVariable = 'HOB_STARTED_BY';

const graceMs = 4000;
const pollMs = 100;

/** Pids of living processes whose environment carries `mark`, without this one. */
export function markedProcesses(mark: string, variable = markVariable): number[] {
  const wanted = `${variable}=${mark}`;
  const pids = process.platform === 'linux' ? fromProc(wanted) : fromPs(wanted);
  return pids.filter((pid) => pid !== process.pid);
}

function fromProc(wanted: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(path.join('/proc', pid, 'environ'), 'utf8')
          .split('\0')
          .includes(wanted);
      } catch {
        // Not ours to read, or gone meanwhile.
        return false;
      }
    })
    .map(Number);
}

function fromPs(wanted: string): number[] {
  // Windows has no way to see another process's environment; there the tree is ended by taskkill.
  if (process.platform === 'win32') return [];
  const lines = execFileSync('ps', ['eww', '-axo', 'pid=,command='], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.filter((line) => line.includes(wanted)).map((line) => Number.parseInt(line, 10));
}

function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone meanwhile.
    }
  }
}

/** Ends a process group, asking first. Windows: the process and its children. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') execFileSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    else process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/**
 * Asks every marked process to end, waits, and kills what stays.
 * @returns the pids that had to be killed
 */
export async function endMarked(mark: string): Promise<number[]> {
  signalEach(markedProcesses(mark), 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (performance.now() < deadline) {
    if (markedProcesses(mark).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const left = markedProcesses(mark);
  signalEach(left, 'SIGKILL');
  return left;
}
