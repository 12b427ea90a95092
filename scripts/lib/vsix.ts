// Names of the packages; the packer, `npm start` and the tests agree on them here.
import * as path from 'node:path';
import { root } from './steps.ts';

/** Platforms that a .vsix is made for. */
export const vsixTargets: readonly string[] = [
  'linux-x64',
  'linux-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
];

/** Where the package for a platform lies; the one of this machine by default. */
export function vsixPath(target = `${process.platform}-${process.arch}`): string {
  return path.join(root, 'dist', `hob-${target}.vsix`);
}
