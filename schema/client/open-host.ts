import type { Role } from '../envelope/principal.ts';
import { HostCallError, LinkError } from './errors.ts';
import { findHost, type FoundHost } from './find-host.ts';
import { connectHost, type HostClient } from './host-client.ts';
import { connectMcp, type McpChannel } from './mcp-channel.ts';
import type { OpenOptions } from './open-channel.ts';
import { isNewerBuild } from './build-label.ts';
import { spawnHost, type HostProgram } from './spawn-host.ts';

/** Who connects. */
export interface Introduction {
  role: Role;
  principalHint?: string;
  token?: string;
  timeoutMs?: number;
}

export interface OpenHostOptions extends Introduction {
  dataDir: string;
  /** What to start when no host runs; left out, a missing host is `host_unreachable`. */
  program?: HostProgram;
  /** Ask a host of an older build to drain, and start ours. Only with a role that may shut down. */
  replaceOlder?: boolean;
  signal?: AbortSignal;
}

/**
 * Finds the host of a data directory, starts one where that is asked for, and connects.
 * Rejects with LinkError or HostCallError.
 */
export async function openHost(options: OpenHostOptions): Promise<HostClient> {
  const client = await openAny(options, connectHost);
  if (options.replaceOlder !== true || options.program === undefined) return client;
  return replaceIfOlder(client, options, options.program);
}

/** The same for the channel `mcp`. */
export const openMcp = (options: OpenHostOptions): Promise<McpChannel> =>
  openAny(options, connectMcp);

type Connect<C> = (options: OpenOptions) => Promise<C>;

async function openAny<C>(options: OpenHostOptions, connect: Connect<C>): Promise<C> {
  const running = await tryRunning(options, connect);
  if (running !== null) return running;
  if (options.program === undefined) {
    throw new LinkError('host_unreachable', { message: 'No host runs on this data directory.' });
  }
  const { program, dataDir, signal } = options;
  const found = await spawnHost(
    { ...program, dataDir, ...(signal === undefined ? {} : { signal }) },
    async (host) => reach(host, options, connect),
  );
  return found;
}

/** A host that restarts writes key and endpoint one after the other: what does not fit is read once more. */
async function tryRunning<C>(options: OpenHostOptions, connect: Connect<C>): Promise<C | null> {
  for (const last of [false, true]) {
    const found = await findHost(options);
    if (found === null) return null;
    try {
      return await reach(found, options, connect);
    } catch (failure) {
      if (!isStale(failure)) throw failure;
      if (last && (failure as LinkError).code === 'host_not_proven') throw failure;
    }
  }
  return null;
}

/** Also a connection that is cut during the handshake: a host that dies still accepts for a moment. */
const isStale = (failure: unknown): boolean =>
  failure instanceof LinkError &&
  ['host_unreachable', 'host_not_proven', 'link_closed'].includes(failure.code);

function reach<C>(
  { endpoint, key }: FoundHost,
  who: Introduction,
  connect: Connect<C>,
): Promise<C> {
  return connect({
    address: endpoint.address,
    instanceId: endpoint.instance_id,
    key,
    role: who.role,
    ...(who.principalHint === undefined ? {} : { principalHint: who.principalHint }),
    ...(who.token === undefined ? {} : { token: who.token }),
    ...(who.timeoutMs === undefined ? {} : { timeoutMs: who.timeoutMs }),
  });
}

/** Draining takes at most 30 s in the host; then its process needs a moment to end. */
const DRAIN_MS = 35_000;

async function replaceIfOlder(
  client: HostClient,
  options: OpenHostOptions,
  program: HostProgram,
): Promise<HostClient> {
  const found = await findHost(options);
  if (found === null || !isNewerBuild(program.build, found.endpoint.build)) return client;
  try {
    await client.request('host.shutdown', { drain: true, reason: 'a newer build takes over' });
  } catch (failure) {
    if (failure instanceof HostCallError && failure.code !== 'host_draining') return client;
  }
  await ended(client, DRAIN_MS);
  await client.close();
  return openAny(options, connectHost);
}

async function ended(client: HostClient, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([client.closed, late]);
  clearTimeout(timer);
}
