// One file of a script that tests start many times: it starts several times sooner than its sources.
import * as path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** Bundles `entry`, a file of the folder `test`, and returns the absolute path of what was made. */
export async function bundleScript(entry: string): Promise<string> {
  const outfile = path.join(
    root,
    'test/out/scripts',
    path.relative(path.join(root, 'test'), entry).replace(/\.ts$/, '.mjs'),
  );
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}
