import * as os from 'node:os';
import * as path from 'node:path';

/** What a data directory is looked up from; injected so that a test can stand on another system. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  home: string;
}

/** This process. */
export const surroundings = (): Surroundings => ({
  env: process.env,
  platform: process.platform,
  home: os.homedir(),
});

/** Where Hob keeps its data: `--data-dir`, else `HOB_DATA_DIR`, else the user's data folder. Absolute. */
export function resolveDataDir(
  flag: string | undefined,
  from: Surroundings = surroundings(),
): string {
  const given = flag ?? from.env['HOB_DATA_DIR'];
  if (given !== undefined && given !== '') return path.resolve(given);
  if (from.platform === 'win32') {
    return path.join(from.env['LOCALAPPDATA'] ?? path.join(from.home, 'AppData', 'Local'), 'Hob');
  }
  if (from.platform === 'darwin')
    return path.join(from.home, 'Library', 'Application Support', 'Hob');
  const xdg = from.env['XDG_DATA_HOME'];
  // The specification says that a relative one is to be ignored.
  const base =
    xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(from.home, '.local', 'share');
  return path.join(base, 'hob');
}

/** Files of the host in a data directory. */
export const hostFiles = (dataDir: string) => ({
  endpoint: path.join(dataDir, 'endpoint.json'),
  key: path.join(dataDir, 'host.key'),
  lock: path.join(dataDir, 'host.lock'),
  log: path.join(dataDir, 'host.log'),
});
