import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '#host/kernel/clock.ts';

export interface ProcessSpec {
  /** Real path of the program. */
  file: string;
  /** As it was called: argv[0] tells some programs which of their names was used. */
  argv: readonly string[];
  cwd: string;
  env: Record<string, string>;
}

/** A started program with everything that it starts in turn and that does not leave its group. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  /** Asks the group to end, and kills it when it has not after the grace. Harmless when repeated. */
  stop(): void;
  /** Kills what is left of the group. */
  kill(): void;
}

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 3_000;

/** Starts a program as the leader of a group of its own: no shell, no terminal, nothing on stdin. */
export function startGroup({ file, argv, cwd, env }: ProcessSpec, clock: Clock): ProcessGroup {
  const isPosix = process.platform !== 'win32';
  const child = spawn(file, argv.slice(1), {
    argv0: argv[0] ?? file,
    cwd,
    env,
    detached: isPosix,
    shell: false,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const signal = isPosix
    ? (name: NodeJS.Signals): void => signalGroup(child, name)
    : (): void => killTree(child);
  let cancelKill: (() => void) | null = null;
  return {
    child,
    stop() {
      if (cancelKill !== null) return;
      signal('SIGTERM');
      cancelKill = clock.timer(GRACE_MS, () => signal('SIGKILL'));
    },
    kill() {
      cancelKill?.();
      cancelKill ??= () => {};
      signal('SIGKILL');
    },
  };
}

/** A negative pid names the group. It outlives its leader as long as it has a member. */
function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // ESRCH: nobody is left in it.
  }
}

/** Windows has no process groups; taskkill follows the parent links while they exist. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  spawn('taskkill', ['/T', '/F', '/PID', String(child.pid)], {
    stdio: 'ignore',
    windowsHide: true,
  }).on('error', () => child.kill());
}
