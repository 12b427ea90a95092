import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import type { Listen, Listener } from '../listener.ts';
import { removeDeadSockets } from './dead-sockets.ts';

/** sun_path has 108 bytes with its closing zero; a longer one is cut or refused, depending on the system. */
const MAX_PATH_BYTES = 107;

export interface UnixSocketOptions {
  /** Each data directory has a socket folder of its own. */
  dataDir: string;
  /** Candidates for the folder above it, best first: `$XDG_RUNTIME_DIR`, the temporary folder. */
  bases: readonly string[];
  /** Part of the socket's name, so that a leftover of a killed host is never in the way. */
  instanceId: string;
}

/**
 * A Unix socket of mode 0600 in a folder of mode 0700 that belongs to this user. Never an abstract
 * one: those have no owner. Call it only while holding the host's lock: leftovers are removed, its own at once
 * and what other hosts left when they were killed beside its work.
 */
export function unixSocket(options: UnixSocketOptions): Listen {
  return async (accept) => {
    const address = chooseAddress(options);
    const folder = path.dirname(address);
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, accept);
    const listen = (): Promise<void> => {
      makePrivateFolder(folder);
      removeLeftovers(folder);
      return listening(server, address);
    };
    // Another host that starts now may take the folder for a dead one's until this one listens in it.
    await listen().catch((failure: NodeJS.ErrnoException) => {
      if (failure.code !== 'ENOENT') throw failure;
      return listen();
    });
    chmodSync(address, 0o600);
    const listener = listenerOf(server, address);
    const swept = Promise.all(absolute(options.bases).map(removeDeadSockets));
    return {
      address,
      close: async () => {
        await listener.close();
        rmSync(folder, { recursive: true, force: true });
        await swept;
      },
    };
  };
}

function chooseAddress({ dataDir, bases, instanceId }: UnixSocketOptions): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const name = `${instanceId.slice(0, 8)}.sock`;
  const addresses = absolute(bases).map((base) => path.join(base, `hob-${hash}`, name));
  const fitting = addresses.find((address) => Buffer.byteLength(address) <= MAX_PATH_BYTES);
  if (fitting === undefined) {
    throw new Error(
      `No folder for the socket: every path is over ${MAX_PATH_BYTES} bytes (${addresses.join(', ')}). Set XDG_RUNTIME_DIR or TMPDIR to a short one.`,
    );
  }
  return fitting;
}

/** Each once; an unset variable is none. */
const absolute = (bases: readonly string[]): string[] => [
  ...new Set(bases.filter((base) => path.isAbsolute(base))),
];

/** Somebody else may have made the folder first, in a temporary folder that all users share. */
function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const about = lstatSync(folder);
  const isOurs = process.getuid === undefined || about.uid === process.getuid();
  if (!about.isDirectory() || !isOurs)
    throw new Error(`${folder} is not a folder of this user, so no socket is put there.`);
  if ((about.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.sock')) unlinkSync(path.join(folder, name));
  }
}

/** Resolves when the server listens at `address`. */
export function listening(server: net.Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.removeListener('error', reject);
      // A failing accept (no file descriptors left) concerns one connection, not the host.
      server.on('error', () => {});
      resolve();
    });
  });
}

/** Closing takes no further connections; those that are open go on. */
export const listenerOf = (server: net.Server, address: string): Listener => ({
  address,
  close: async () => void server.close(),
});
