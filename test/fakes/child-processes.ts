import { execFileSync } from 'node:child_process';

/** Process ids of the children of a process that run a module of that name. */
export function childrenRunning(module: string, parent = process.pid): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,args='], { encoding: 'utf8' });
  return lines
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([ppid, , ...args]) => Number(ppid) === parent && args.join(' ').includes(module))
    .map(([, pid]) => Number(pid));
}

/** Whether it is in the system's table no longer: it has ended, and its parent has collected it. */
export function isCollected(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
