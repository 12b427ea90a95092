import { readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';

/**
 * What a build calls itself: `<version>+<UTC time of the program file>`. Read from the program that
 * would be started, so the extension and the host that it spawns say the same.
 */
export function buildLabel(hostScript: string): string {
  const stamp = statSync(hostScript)
    .mtime.toISOString()
    .replaceAll(/[-:]|\.\d+/g, '');
  return `${packageVersion(path.dirname(hostScript))}+${stamp}`;
}

/** The version of the package that a folder is part of. */
function packageVersion(folder: string): string {
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at)) {
    try {
      const manifest = JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8')) as {
        version?: string;
      };
      if (manifest.version !== undefined) return manifest.version;
    } catch {
      // Not here: one folder up.
    }
  }
  return '0.0.0';
}

/** True when `mine` is newer than `theirs`: by version, and for the same version by time. */
export function isNewerBuild(mine: string, theirs: string): boolean {
  const [a, b] = [parts(mine), parts(theirs)];
  for (let at = 0; at < 3; at++) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return a.stamp > b.stamp;
}

function parts(label: string): { numbers: number[]; stamp: string } {
  const [version = '', stamp = ''] = label.split('+');
  return { numbers: version.split('.').map((text) => Number.parseInt(text, 10) || 0), stamp };
}
