// A call through `hob mcp` against the same tools on plain stdio: what the bridge, the socket and its frames
// cost. Both in one process tree, short slices in turn; the client is the one that most agents embed.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { openHost } from '#schema/client/open-host.ts';
import { isRestless, quantile, type BenchRow, type BenchTable } from './table.ts';

const SLICES = 16;
const CALLS = 100;
const TOOL = 'get_status';

const cliScript = resolve('dist/hob.js');
const directScript = join(import.meta.dirname, 'lib/mcp-direct.ts');

interface Side {
  client: Client;
  times: number[];
}

async function connect(args: readonly string[], cwd: string): Promise<Side> {
  const client = new Client({ name: 'bench', version: '1' });
  const command = { command: process.execPath, args: [...args], cwd, stderr: 'ignore' as const };
  await client.connect(new StdioClientTransport(command));
  return { client, times: [] };
}

async function slice({ client, times }: Side): Promise<void> {
  for (let n = 0; n < CALLS; n += 1) {
    const began = performance.now();
    const { isError } = await client.callTool({ name: TOOL, arguments: {} });
    times.push(performance.now() - began);
    if (isError === true) throw new Error(`${TOOL} failed`);
  }
}

export async function run(): Promise<BenchTable> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hob-bench-mcp-')));
  const dataDir = join(folder, 'host');
  mkdirSync(join(folder, 'direct'));
  const sides: Side[] = [];
  try {
    const direct = await connect([directScript, join(folder, 'direct')], folder);
    sides.push(direct);
    const bridge = await connect(
      [cliScript, 'mcp', '--as', 'bench', '--data-dir', dataDir],
      folder,
    );
    sides.push(bridge);
    for (let n = 0; n < SLICES + 2; n += 1) {
      // The first two rounds warm both sides up.
      if (n === 2) for (const side of sides) side.times.length = 0;
      for (const side of n % 2 === 0 ? sides : sides.toReversed()) await slice(side);
    }
    return tableOf(direct.times, bridge.times);
  } finally {
    for (const { client } of sides) await client.close();
    await stopHost(dataDir);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function stopHost(dataDir: string): Promise<void> {
  const cli = await openHost({ dataDir, role: 'cli' });
  await cli.request('host.shutdown', { drain: false });
  await cli.closed;
}

function tableOf(direct: readonly number[], bridge: readonly number[]): BenchTable {
  const row = (p: number, goal: string, factor: number | null): BenchRow => {
    const [value, floor] = [quantile(bridge, p), quantile(direct, p)];
    const ok = factor === null ? null : value <= factor * floor;
    return { what: `${TOOL} through hob mcp, p${p * 100}`, value, unit: 'ms', floor, goal, ok };
  };
  return {
    name: 'mcp',
    rows: [row(0.25, '', null), row(0.5, '≤ 1.5× direct stdio', 1.5), row(0.99, '', null)],
    inconclusive: isRestless(direct),
  };
}
