// Whether the packages in dist/ are those of the tree as it is, so that a second `npm start` opens at once.
import { globSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { root } from './steps.ts';
import { hearingPath, vsixPath } from './vsix.ts';

/** All that goes into a package or makes it. Folders are among them: they tell that a file was removed. */
const inputs = [
  '{extension,host,media,schema,scripts,webview-ui}/**',
  '*.{json,md}',
  '.vscodeignore',
];

export const isPackaged = (): boolean => isNewer([vsixPath(), hearingPath], inputs, root);

/** @returns whether all `files` are there, each newer than all that the patterns find in `folder` */
export function isNewer(
  files: readonly string[],
  patterns: readonly string[],
  folder: string,
): boolean {
  const made = files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const oldest = Math.min(...made);
  return globSync([...patterns], { cwd: folder }).every(
    (name) => statSync(path.join(folder, name)).mtimeMs < oldest,
  );
}
