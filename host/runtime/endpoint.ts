import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostFiles } from '#schema/client/data-dir.ts';
import type { Endpoint } from '#schema/client/find-host.ts';

/**
 * Writes the key of this host's life. Made anew each time (`wx`), so it never lies in a file that
 * somebody else prepared. Before the endpoint: who reads the endpoint finds the key that goes with it.
 * Not forced to the disk: it means nothing after a power cut, and half of it is refused.
 */
export function writeKey(dataDir: string, key: Uint8Array): void {
  const file = hostFiles(dataDir).key;
  rmSync(file, { force: true });
  writeFileSync(file, key, { flag: 'wx', mode: 0o600 });
}

/**
 * Says where this host listens: a whole file or none, also when this process is killed or the disk is
 * full. Not forced to the disk either: after a power cut it names another boot, or is empty.
 */
export function writeEndpoint(dataDir: string, endpoint: Endpoint): void {
  const file = hostFiles(dataDir).endpoint;
  const temporary = `${file}.${endpoint.instance_id}`;
  writeFileSync(temporary, `${JSON.stringify(endpoint)}\n`, { flag: 'wx', mode: 0o600 });
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
