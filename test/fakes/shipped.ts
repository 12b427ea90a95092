// The programs as they ship, from dist/. A bundle starts in a fraction of the time that its sources
// take, and it is what people run. A bundle older than the sources would test something else.
import { existsSync, globSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { buildLabel } from '#schema/client/build-label.ts';
import type { HostProgram } from '#schema/client/spawn-host.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Absolute path of a program in dist/. Throws when there is none, or when a source is newer. */
function inDist(name: string): string {
  const file = path.join(root, 'dist', name);
  if (!existsSync(file)) throw new Error(`dist/${name} is missing: npm run build`);
  const built = statSync(file).mtimeMs;
  const newer = globSync('{host,schema}/**/*.ts', {
    cwd: root,
    exclude: (entry) => entry.endsWith('.test.ts'),
  }).find((source) => statSync(path.join(root, source)).mtimeMs > built);
  if (newer !== undefined) throw new Error(`dist/${name} is older than ${newer}: npm run build`);
  return file;
}

const hostScript = inDist('host.js');

export const shipped = { host: hostScript, hob: inDist('hob.js'), hook: inDist('hook.js') };

/** What clients start when no host runs. */
export const shippedHost: HostProgram = {
  nodePath: process.execPath,
  hostScript,
  build: buildLabel(hostScript),
};
