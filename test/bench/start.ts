import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRestless, quantile, type BenchTable } from './table.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const ROUNDS = 12;
const hostScript = resolve(import.meta.dirname, '../../dist/host.js');

/** From the start of the host's process until it listens, and what it then keeps in memory, against a bare Node. */
export async function run(): Promise<BenchTable> {
  if (!existsSync(hostScript))
    throw new Error('dist/host.js is not built; npm run bench builds it');
  const folder = temporaryFolder('start');
  const bare: number[] = [];
  const fresh: number[] = [];
  const again: number[] = [];
  const memory: number[] = [];
  const bareMemory: number[] = [];
  try {
    await startHost(join(folder, 'warm-up'));
    for (let round = 0; round < ROUNDS; round++) {
      const dataDir = join(folder, String(round));
      const floor = bareNode();
      bare.push(floor.ms);
      bareMemory.push(floor.megabytes);
      fresh.push((await startHost(dataDir)).ms);
      const second = await startHost(dataDir);
      again.push(second.ms);
      memory.push(second.megabytes);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const low = (values: readonly number[]): number => quantile(values, 0.25);
  const floor = low(bare);
  return {
    name: `Host start, until it listens; floor = node -e 0; ${ROUNDS} interleaved rounds`,
    rows: [
      {
        what: 'start on existing data',
        value: low(again),
        unit: 'ms',
        floor,
        goal: '≤ 3× floor',
        ok: low(again) <= 3 * floor,
      },
      {
        what: 'first start, makes the database',
        value: low(fresh),
        unit: 'ms',
        floor,
        goal: '',
        ok: null,
      },
      {
        what: 'idle memory',
        value: low(memory),
        unit: 'MiB',
        floor: low(bareMemory),
        goal: '≤ 1.5× floor',
        ok: low(memory) <= 1.5 * low(bareMemory),
      },
    ],
    inconclusive: isRestless(bare),
  };
}

/** What a Node that does nothing takes from its start to its end, and holds. */
function bareNode(): { ms: number; megabytes: number } {
  const start = performance.now();
  const { stdout } = spawnSync(
    process.execPath,
    ['-e', 'process.stdout.write(String(process.memoryUsage.rss()))'],
    { encoding: 'utf8' },
  );
  return { ms: performance.now() - start, megabytes: Number(stdout) / 2 ** 20 };
}

async function startHost(dataDir: string): Promise<{ ms: number; megabytes: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, [hostScript, '--foreground', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const isUp = await Promise.race([
    new Promise<boolean>((up) => child.stdout.once('data', () => up(true))),
    ended.then(() => false),
  ]);
  const ms = performance.now() - start;
  if (!isUp) throw new Error('the host ended instead of listening');
  const megabytes = residentMegabytes(child.pid ?? 0);
  child.kill('SIGTERM');
  await ended;
  return { ms, megabytes };
}

/** Resident memory of a process; 0 where there is no /proc. */
function residentMegabytes(pid: number): number {
  try {
    return (
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
    );
  } catch {
    return 0;
  }
}
