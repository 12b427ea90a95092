import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostFiles } from '#schema/client/data-dir.ts';
import type { Endpoint } from '#schema/client/find-host.ts';

/**
 * Writes the key of this host's life. Made anew each time (`wx`), so it never lies in a file that
 * somebody else prepared. Before the endpoint: who reads the endpoint finds the key that goes with it.
 */
export function writeKey(dataDir: string, key: Uint8Array): void {
  const file = hostFiles(dataDir).key;
  rmSync(file, { force: true });
  writeDurably(file, key);
}

/** Says where this host listens: a whole file or none, also after a crash or on a full disk. */
export function writeEndpoint(dataDir: string, endpoint: Endpoint): void {
  const file = hostFiles(dataDir).endpoint;
  const temporary = `${file}.${endpoint.instance_id}`;
  writeDurably(temporary, Buffer.from(`${JSON.stringify(endpoint)}\n`));
  renameSync(temporary, file);
}

/** Takes back what this host wrote, and nothing that a later one did. */
export function removeEndpoint(dataDir: string, instanceId: string): void {
  const files = hostFiles(dataDir);
  if (!readText(files.endpoint).includes(instanceId)) return;
  rmSync(files.endpoint, { force: true });
  rmSync(files.key, { force: true });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function writeDurably(file: string, content: Uint8Array): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    for (let at = 0; at < content.length;) at += writeSync(handle, content, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
