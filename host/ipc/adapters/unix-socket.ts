import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import type { Listen, Listener } from '../listener.ts';

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
 * one: those have no owner. Call it only while holding the host's lock: leftovers are removed.
 */
export function unixSocket(options: UnixSocketOptions): Listen {
  return async (accept) => {
    const address = chooseAddress(options);
    const folder = path.dirname(address);
    makePrivateFolder(folder);
    removeLeftovers(folder);
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, accept);
    await listening(server, address);
    chmodSync(address, 0o600);
    const listener = listenerOf(server, address);
    return {
      address,
      close: async () => {
        await listener.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  };
}

function chooseAddress({ dataDir, bases, instanceId }: UnixSocketOptions): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const name = `${instanceId.slice(0, 8)}.sock`;
  const addresses = bases
    .filter((base) => path.isAbsolute(base))
    .map((base) => path.join(base, `hob-${hash}`, name));
  const fitting = addresses.find((address) => Buffer.byteLength(address) <= MAX_PATH_BYTES);
  if (fitting === undefined) {
    throw new Error(
      `No folder for the socket: every path is over ${MAX_PATH_BYTES} bytes (${addresses.join(', ')}). Set XDG_RUNTIME_DIR or TMPDIR to a short one.`,
    );
  }
  return fitting;
}

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
