// A call through `hob mcp` against the same tools on plain stdio (what the bridge, the socket and its frames
// cost) and over HTTP on loopback (what other servers do). Short slices in turn, in one process tree; the
// client is the one that most agents embed. Then what an agent waits for when the host is killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { findHost } from '#schema/client/find-host.ts';
import { openHost } from '#schema/client/open-host.ts';
import { isRestless, quantile, type BenchRow, type BenchTable } from './table.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const SLICES = 16;
const KILLS = 12;

const cliScript = resolve('dist/hob.js');
const peerScript = join(import.meta.dirname, 'lib/mcp-peer.ts');

/** A read that says little, and one whose answer is 64 KiB of JSON. */
const small = { name: 'get_status', arguments: {}, calls: 100 };
const NOTES = 16;
const large = { name: 'list_events', arguments: { from_seq: 0, limit: NOTES }, calls: 100 };

interface Side {
  client: Client;
  small: number[];
  large: number[];
  close(): Promise<unknown>;
}

type ClientTransport = Parameters<Client['connect']>[0];

async function connect(transport: ClientTransport, child?: ChildProcess): Promise<Side> {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(transport);
  // One message of 2 KiB is told in the event's text and in its data.
  for (let n = 0; n < NOTES; n += 1)
    await call(client, {
      name: 'notify_user',
      arguments: { title: `note ${n}`, message: 'It is "done". '.repeat(140) },
    });
  return {
    client,
    small: [],
    large: [],
    async close() {
      await client.close();
      if (child === undefined) return;
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}

const overStdio = (args: readonly string[], cwd: string): Promise<Side> =>
  connect(
    new StdioClientTransport({ command: process.execPath, args: [...args], cwd, stderr: 'ignore' }),
  );

async function overHttp(dataDir: string): Promise<Side> {
  const child = spawn(process.execPath, [peerScript, 'http', dataDir], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return connect(new StreamableHTTPClientTransport(new URL(url)), child);
}

async function call(
  client: Client,
  { name, arguments: args }: { name: string; arguments: Record<string, unknown> },
): Promise<number> {
  const began = performance.now();
  const { isError } = await client.callTool({ name, arguments: args });
  const took = performance.now() - began;
  if (isError === true) throw new Error(`${name} failed`);
  return took;
}

/** One size after the other: megabytes of answers in between leave every cache cold for the small ones. */
async function measure(sides: readonly Side[], size: 'small' | 'large'): Promise<void> {
  const request = size === 'small' ? small : large;
  for (let round = 0; round < SLICES + 2; round += 1) {
    // The first two rounds warm all sides up.
    if (round === 2) for (const side of sides) side[size].length = 0;
    for (const side of round % 2 === 0 ? sides : sides.toReversed())
      for (let n = 0; n < request.calls; n += 1) side[size].push(await call(side.client, request));
  }
}

export async function run(): Promise<BenchTable> {
  const folder = temporaryFolder('bench-mcp');
  const at = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const dataDir = join(folder, 'host');
  const sides: Side[] = [];
  try {
    const direct = await overStdio([peerScript, 'stdio', at('direct')], folder);
    sides.push(direct);
    const bridge = await overStdio(
      [cliScript, 'mcp', '--as', 'bench', '--data-dir', dataDir],
      folder,
    );
    sides.push(bridge);
    const http = await overHttp(at('http'));
    sides.push(http);
    await measure(sides, 'small');
    await measure(sides, 'large');
    const recoveries = await killHosts(bridge.client, dataDir);
    const exitMs = await timeExit(dataDir, folder);
    return tableOf({ direct, bridge, http }, recoveries, exitMs);
  } finally {
    for (const side of sides) await side.close();
    await stopHost(dataDir);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** From each SIGKILL of the host until the next read has its answer. */
async function killHosts(client: Client, dataDir: string): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < KILLS; n += 1) {
    for (let reads = 0; reads < 20; reads += 1) await call(client, small);
    const found = await findHost({ dataDir });
    if (found === null) throw new Error('there is no host to kill');
    process.kill(found.endpoint.pid, 'SIGKILL');
    took.push(await call(client, small));
  }
  return took;
}

/** From the end of a bridge's stdin until its process is gone. */
async function timeExit(dataDir: string, cwd: string): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const child = spawn(process.execPath, [cliScript, 'mcp', '--data-dir', dataDir], {
      cwd,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: {} })}\n`);
    await once(child.stdout, 'data');
    const began = performance.now();
    child.stdin.end();
    await once(child, 'exit');
    took.push(performance.now() - began);
  }
  return quantile(took, 1);
}

async function stopHost(dataDir: string): Promise<void> {
  const cli = await openHost({ dataDir, role: 'cli' });
  await cli.request('host.shutdown', { drain: false });
  await cli.closed;
}

function tableOf(
  { direct, bridge, http }: Record<'direct' | 'bridge' | 'http', Side>,
  recoveries: readonly number[],
  exitMs: number,
): BenchTable {
  const row = (size: 'small' | 'large', p: number, goal = '', factor = 0): BenchRow => {
    const value = quantile(bridge[size], p);
    const floor = quantile(direct[size], p);
    const peer = quantile(http[size], p);
    const what = `${size === 'small' ? small.name : 'answer of 64 KiB'}, p${p * 100}`;
    const limit = factor * (goal.endsWith('peer') ? peer : floor);
    // Nothing that goes through the bridge can be faster than the same without it: of a long answer HTTP
    // takes hardly more than stdio itself does, since both spend their time on its JSON.
    const isBelowFloor = goal !== '' && limit < floor;
    const said = isBelowFloor ? `${goal}: less than the floor` : goal;
    const ok = goal === '' || isBelowFloor ? null : value <= limit;
    return { what, value, unit: 'ms', floor, peer, goal: said, ok };
  };
  const rows = (size: 'small' | 'large'): BenchRow[] => [
    row(size, 0.25),
    row(size, 0.5, '≤ 1.5× floor', 1.5),
    row(size, 0.5, '≤ .4× peer', 0.4),
    row(size, 0.99),
  ];
  const recovery = quantile(recoveries, 1);
  return {
    name: `Calls through hob mcp; floor = the same tools on stdio, peer = over HTTP; ${SLICES} interleaved slices`,
    rows: [
      ...rows('small'),
      ...rows('large'),
      {
        what: `host killed → answered, longest of ${KILLS}`,
        value: recovery,
        unit: 'ms',
        goal: '≤ 1 s',
        ok: recovery <= 1_000,
      },
      {
        what: 'stdin ended → exit, longest of 5',
        value: exitMs,
        unit: 'ms',
        goal: '≤ 500 ms',
        ok: exitMs <= 500,
      },
    ],
    inconclusive: isRestless(direct.small),
  };
}
