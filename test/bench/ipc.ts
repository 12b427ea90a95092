import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { join, resolve } from 'node:path';
import rpc from 'vscode-jsonrpc/node';
import { findCommand } from '#schema/commands/registry.ts';
import { limits } from '#schema/envelope/limits.ts';
import { openHost } from '#schema/client/open-host.ts';
import { encodeFrame } from '#schema/wire/framing.ts';
import { Outbox } from '#host/ipc/outbox.ts';
import { cpuMicros, throughput, timeEach } from './lib/slices.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const ROUNDS = 12;
const SEQUENTIAL = 250;
const IN_FLIGHT = 100;
const CONCURRENT = 10_000;
/**
 * Calls before the first slice, the same for each peer: a program that has just started runs half
 * compiled, and its heap still grows (over the first 50,000 calls, at a third of the later speed where
 * the system is slow to hand out fresh pages).
 */
const WARM_UP = 60_000;

/** One way to send the 1 KB message and get it back. */
interface Peer {
  name: string;
  pid: number;
  call(): Promise<unknown>;
  close(): Promise<void> | void;
}

/** About 1 KB of JSON as text, so that every peer carries the same bytes. */
const echo = JSON.stringify({
  items: Array.from({ length: 9 }, (_, at) => ({
    id: `evt_${100_000 + at}`,
    name: `task number ${at}`,
    score: at * 1.5,
    done: at % 2 === 0,
    tags: ['alpha', `g${at}`],
  })),
});
const message = (): object => ({
  v: 1,
  request_id: '3f2b8c1e-5d47-4c0a-9e16-7b1f0a2d4c55',
  command: 'host.ping',
  payload: { echo },
});

/** 1 KB round trip and throughput, against the raw socket and vscode-jsonrpc; and what a stalled reader costs. */
export async function run(): Promise<BenchTable> {
  const folder = temporaryFolder('bench');
  const peers = [await rawPeer(folder), await hobPeer(folder), await jsonRpcPeer(folder)];
  try {
    return await measure(peers);
  } finally {
    for (const peer of peers) await peer.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Slices {
  p50: number[];
  p99: number[];
  perSecond: number[];
  cpu: number[];
  busy: number[];
}

async function measure(peers: readonly Peer[]): Promise<BenchTable> {
  const slices = new Map(
    peers.map((peer): [Peer, Slices] => [
      peer,
      { p50: [], p99: [], perSecond: [], cpu: [], busy: [] },
    ]),
  );
  const json: number[] = [];
  for (const peer of peers) await throughput(WARM_UP, IN_FLIGHT, () => peer.call());
  for (let round = 0; round < ROUNDS; round++) {
    json.push(jsonMicros());
    for (const [peer, to] of slices) {
      const before = cpuMicros([process.pid, peer.pid]);
      const each = await timeEach(SEQUENTIAL, () => peer.call());
      to.cpu.push((cpuMicros([process.pid, peer.pid]) - before) / SEQUENTIAL);
      to.p50.push(quantile(each, 0.5));
      to.p99.push(quantile(each, 0.99));
      const busy = cpuMicros([process.pid, peer.pid]);
      to.perSecond.push(await throughput(CONCURRENT, IN_FLIGHT, () => peer.call()));
      to.busy.push((cpuMicros([process.pid, peer.pid]) - busy) / CONCURRENT);
    }
  }
  return tableOf(slices, json);
}

function tableOf(slices: ReadonlyMap<Peer, Slices>, json: readonly number[]): BenchTable {
  const [raw, hob, rpc] = [...slices.values()] as [Slices, Slices, Slices];
  // Best-quartile slices: what the code costs, not what else the machine did.
  const low = (values: readonly number[]): number => quantile(values, 0.25);
  const high = (values: readonly number[]): number => quantile(values, 0.75);
  const floor = low(raw.p50) + 2 * low(json);
  const held = stalledReaderBytes() / limits.queuedBytes;
  return {
    name: `IPC, ${Buffer.byteLength(JSON.stringify(message()))} bytes there and back, validated at both ends; floor = raw socket + 2 × (parse + stringify), peer = vscode-jsonrpc; ${ROUNDS} interleaved slices`,
    rows: [
      {
        what: 'round trip, p50',
        value: low(hob.p50),
        unit: 'µs',
        floor,
        peer: low(rpc.p50),
        goal: '≤ 1.5× floor',
        ok: low(hob.p50) <= 1.5 * floor,
      },
      {
        what: 'round trip, p99',
        value: low(hob.p99),
        unit: 'µs',
        floor: low(raw.p99),
        peer: low(rpc.p99),
        goal: '',
        ok: null,
      },
      {
        what: 'round trip, CPU of both ends',
        value: low(hob.cpu),
        unit: 'µs',
        floor: low(raw.cpu),
        peer: low(rpc.cpu),
        goal: '',
        ok: null,
      },
      {
        what: `${IN_FLIGHT} in flight`,
        value: high(hob.perSecond),
        unit: 'calls/s',
        floor: high(raw.perSecond),
        peer: high(rpc.perSecond),
        goal: '≥ 3× peer',
        ok: high(hob.perSecond) >= 3 * high(rpc.perSecond),
      },
      {
        what: `${IN_FLIGHT} in flight, CPU of both ends`,
        value: low(hob.busy),
        unit: 'µs',
        floor: low(raw.busy),
        peer: low(rpc.busy),
        goal: '',
        ok: null,
      },
      {
        what: 'held for a stalled reader',
        value: held,
        unit: 'MiB',
        goal: '≤ 1 MiB',
        ok: held <= 1,
      },
    ],
    inconclusive: isRestless(raw.p50),
  };
}

/** One parse and one stringify of the message, as the floor does them. */
function jsonMicros(): number {
  const value = message();
  const start = process.hrtime.bigint();
  for (let at = 0; at < 500; at++) JSON.parse(JSON.stringify(value));
  return Number(process.hrtime.bigint() - start) / 1_000 / 500;
}

/** What the host keeps when a client reads nothing and 4 KB events go on until none is taken. */
function stalledReaderBytes(): number {
  const never = new net.Socket({ allowHalfOpen: true });
  const outbox = new Outbox(never);
  const frame = encodeFrame(JSON.stringify({ payload: 'x'.repeat(16_384) }));
  for (let seq = 1; outbox.event(frame, seq); seq++);
  const bytes = outbox.queuedEventBytes + never.writableLength;
  never.destroy();
  return bytes;
}

async function hobPeer(folder: string): Promise<Peer> {
  const bundled = resolve(import.meta.dirname, '../../dist/host.js');
  const hostScript = existsSync(bundled)
    ? bundled
    : resolve(import.meta.dirname, '../../host/runtime/main.ts');
  const client = await openHost({
    dataDir: join(folder, 'data'),
    role: 'cli',
    program: { nodePath: process.execPath, hostScript, build: '0' },
  });
  const { pid } = await client.request('host.version', {});
  const result = findCommand('host.ping')?.result;
  if (result === undefined) throw new Error('there is no host.ping');
  return {
    name: 'hob host.ping',
    pid,
    call: async () => result.parse(await client.request('host.ping', { echo })),
    close: async () => {
      await client.request('host.shutdown', { drain: false });
      await client.closed;
    },
  };
}

async function rawPeer(folder: string): Promise<Peer> {
  const { child, address } = await startEcho(folder, 'raw');
  const socket = await connected(address);
  const bytes = Buffer.from(JSON.stringify(message()));
  const waiting: { left: number; done: () => void }[] = [];
  socket.on('data', (chunk: Buffer) => {
    let got = chunk.length;
    while (got > 0) {
      const first = waiting[0];
      if (first === undefined) return;
      const taken = Math.min(got, first.left);
      first.left -= taken;
      got -= taken;
      if (first.left === 0) waiting.shift()?.done();
    }
  });
  return {
    name: 'raw socket echo',
    pid: child.pid ?? 0,
    call: () =>
      new Promise<void>((done) => {
        waiting.push({ left: bytes.length, done });
        socket.write(bytes);
      }),
    close: () => stopEcho(child, socket),
  };
}

async function jsonRpcPeer(folder: string): Promise<Peer> {
  const { child, address } = await startEcho(folder, 'jsonrpc');
  const socket = await connected(address);
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(socket),
    new rpc.StreamMessageWriter(socket),
  );
  connection.listen();
  return {
    name: 'vscode-jsonrpc',
    pid: child.pid ?? 0,
    call: () => connection.sendRequest('echo', message()),
    close: () => {
      connection.dispose();
      stopEcho(child, socket);
    },
  };
}

async function startEcho(
  folder: string,
  kind: string,
): Promise<{ child: ChildProcess; address: string }> {
  const address = join(folder, `${kind}.sock`);
  const child = fork(resolve(import.meta.dirname, 'lib/echo-server.ts'), [kind, address]);
  await new Promise((ready) => child.once('message', ready));
  return { child, address };
}

function stopEcho(child: ChildProcess, socket: net.Socket): void {
  socket.destroy();
  child.disconnect();
}

async function connected(address: string): Promise<net.Socket> {
  const socket = net.connect(address);
  await new Promise<void>((done, failed) => socket.once('connect', done).once('error', failed));
  return socket;
}
