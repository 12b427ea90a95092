import { open, readFile } from 'node:fs/promises';
import { isObject, isUuid } from '../wire/check-envelope.ts';
import { KEY_BYTES } from '../wire/handshake.ts';
import { bootId } from './boot-id.ts';
import { hostFiles } from './data-dir.ts';
import { LinkError } from './errors.ts';

/** The version of the endpoint file. */
export const ENDPOINT_VERSION = 1;

/** Where a host listens, as it wrote it down. */
export interface Endpoint {
  v: typeof ENDPOINT_VERSION;
  instance_id: string;
  pid: number;
  boot_id: string | null;
  /** Path of the Unix socket or named pipe. */
  address: string;
  build: string;
  started_at: string;
}

export interface FoundHost {
  endpoint: Endpoint;
  key: Buffer;
}

/**
 * The host that says it runs on this data directory, or null: no endpoint file, or a stale one (its
 * process is gone, or it is of an earlier boot). Only connecting shows whether it answers.
 * Throws LinkError `host_too_new` or `unsafe_files`.
 */
export async function findHost({ dataDir }: { dataDir: string }): Promise<FoundHost | null> {
  const files = hostFiles(dataDir);
  const endpoint = await readEndpoint(files.endpoint);
  if (endpoint === null || !mayBeAlive(endpoint)) return null;
  const key = await readKey(files.key);
  return key === null ? null : { endpoint, key };
}

/** The endpoint file's content, or null when there is none that can be read. */
export async function readEndpoint(file: string): Promise<Endpoint | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const value = parse(text);
  if (!isObject(value)) return null;
  if (typeof value['v'] === 'number' && value['v'] > ENDPOINT_VERSION)
    throw new LinkError('host_too_new');
  const holds =
    value['v'] === ENDPOINT_VERSION &&
    isUuid(value['instance_id']) &&
    Number.isInteger(value['pid']) &&
    ['address', 'build', 'started_at'].every((name) => typeof value[name] === 'string');
  return holds ? (value as unknown as Endpoint) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function mayBeAlive(endpoint: Endpoint): boolean {
  const boot = bootId();
  if (boot !== null && endpoint.boot_id !== null && boot !== endpoint.boot_id) return false;
  try {
    process.kill(endpoint.pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The key, from a file that nobody else can read. Checked on the open file, so it cannot be swapped in between. */
async function readKey(file: string): Promise<Buffer | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const about = await handle.stat();
    const ours = process.getuid === undefined || about.uid === process.getuid();
    if (process.platform !== 'win32' && (!ours || (about.mode & 0o077) !== 0)) {
      throw new LinkError('unsafe_files', {
        message: `${file} belongs to or can be read by somebody else; stop the host and delete it.`,
      });
    }
    const key = await handle.readFile();
    return key.length === KEY_BYTES ? key : null;
  } finally {
    await handle.close();
  }
}
