// Names of the packages; the packer, `npm start` and the tests agree on them here.
import { readFileSync, statSync } from 'node:fs';
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

/** The package beside it that hears in noise: a model, the same for every platform. */
export const hearingPath: string = path.join(root, 'dist', 'hob-hearing.vsix');

/** Paths of the files of our own in a package, without its `extension/`; from the directory at the archive's end. */
export function vsixFiles(file = vsixPath()): string[] {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const names: string[] = [];
  for (let at = bytes.readUInt32LE(end + 16); bytes.readUInt32LE(at) === 0x02014b50;) {
    const length = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names.flatMap((name) => (name.startsWith('extension/') ? [name.slice(10)] : []));
}

/** Bytes of the code that the build wrote and a package holds, before compression: what an editor loads. */
export const codeBytes = (files: readonly string[]): number =>
  files
    .filter((file) => /^dist\/[^/]+\.js$/.test(file))
    .reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0);
