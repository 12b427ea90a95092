import { readdirSync, readFileSync } from 'node:fs';

/** CPU microseconds that the processes have used, over all their threads. */
export function cpuMicros(pids: readonly number[]): number {
  let nanos = 0;
  for (const pid of pids) {
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        nanos += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
      }
    } catch {
      // A thread that ended, or a system without /proc.
    }
  }
  return nanos / 1_000;
}

/** Calls `work` one after the other and returns each duration in microseconds. */
export async function timeEach(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const micros: number[] = [];
  for (let at = 0; at < count; at++) {
    const start = process.hrtime.bigint();
    await work();
    micros.push(Number(process.hrtime.bigint() - start) / 1_000);
  }
  return micros;
}

/** Calls a second with `width` calls in flight at once. */
export async function throughput(
  count: number,
  width: number,
  work: () => Promise<unknown>,
): Promise<number> {
  let left = count;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return count / ((performance.now() - start) / 1_000);
}
