import { execFile } from 'node:child_process';
import { access, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Isolation, StdioServer } from '#schema/views/server.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Isolator } from '../ports.ts';

/** Where the program is looked for; never through PATH, which a workspace can change. */
const places = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'];

/** Of the system: programs, libraries, names and certificates. No home, no /etc/ssh, no sockets, no data. */
const system = [
  '/usr',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ssl',
  '/etc/ca-certificates',
  '/etc/pki',
  '/etc/localtime',
  '/etc/nsswitch.conf',
  '/etc/passwd',
  '/etc/group',
];
const names = ['/etc/resolv.conf', '/etc/hosts'];

const base = [
  '--unshare-all',
  '--unshare-user',
  '--disable-userns',
  '--cap-drop',
  'ALL',
  '--die-with-parent',
  '--new-session',
  '--proc',
  '/proc',
  '--dev',
  '/dev',
  '--tmpfs',
  '/tmp',
];

/** Isolation by bubblewrap where it works, and a plain word about it where it does not. */
export function bubblewrapIsolator(platform: NodeJS.Platform = process.platform): Isolator {
  let found: Promise<{ file: string } | { problem: string }> | null = null;
  const look = () => (found ??= findBubblewrap(platform));
  return {
    async plan(server, executable) {
      const bwrap = await look();
      if ('problem' in bwrap)
        return {
          level: 'none',
          words: `Not isolated: ${bwrap.problem}. It can do everything that you can do.`,
        };
      return { level: 'bubblewrap', words: wordsFor(server, executable) };
    },
    async wrap(server, executable, isolation) {
      const args = server.argv.slice(1);
      if (isolation.level === 'none') return { file: executable, args };
      const bwrap = await look();
      if ('problem' in bwrap)
        throw new HobError('isolation_changed', {
          message: `It was approved with isolation, which does not work any more: ${bwrap.problem}.`,
        });
      const flags = await flagsFor(server, executable);
      return { file: bwrap.file, args: [...flags, '--', executable, ...args] };
    },
  };
}

async function findBubblewrap(
  platform: NodeJS.Platform,
): Promise<{ file: string } | { problem: string }> {
  if (platform !== 'linux') return { problem: 'Hob can isolate programs on Linux only' };
  for (const file of places) {
    if (!(await exists(file))) continue;
    const works = await new Promise<boolean>((resolve) => {
      execFile(file, [...base, '--ro-bind', '/', '/', '/usr/bin/true'], { timeout: 5_000 }, (e) =>
        resolve(e === null),
      );
    });
    return works ? { file } : { problem: 'bubblewrap is installed, but may not isolate here' };
  }
  return { problem: 'bubblewrap is not installed' };
}

function wordsFor(server: StdioServer, executable: string): string {
  const given = readsOf(server);
  const reads = given.length === 0 ? 'no folder of yours' : given.join(', ');
  const writes =
    server.writes.length === 0 ? 'changes no file' : `changes ${server.writes.join(', ')}`;
  const network = server.network ? 'can reach the network' : 'cannot reach the network';
  return `Isolated by bubblewrap: ${network}, reads its own program (${programFolders(server, executable).join(', ') || 'of the system'}) and ${reads}, ${writes}.`;
}

/** Where it is started it can read, else it could not be started there. */
const readsOf = ({ cwd, reads }: StdioServer): string[] => [
  ...(cwd === undefined ? [] : [cwd]),
  ...reads,
];

async function flagsFor(server: StdioServer, executable: string): Promise<string[]> {
  const readable = [
    ...system,
    ...(server.network ? names : []),
    ...programFolders(server, executable),
  ];
  const binds = await Promise.all([
    ...readable.map((folder) => bind('--ro-bind', folder, true)),
    ...readsOf(server).map((folder) => bind('--ro-bind', folder, false)),
    ...server.writes.map((folder) => bind('--bind', folder, false)),
  ]);
  const links = ['bin', 'sbin', 'lib', 'lib32', 'lib64'].flatMap((name) => [
    '--symlink',
    `usr/${name}`,
    `/${name}`,
  ]);
  return [
    ...base,
    ...(server.network ? ['--share-net'] : []),
    ...links,
    '--dir',
    '/tmp/home',
    ...binds.flat(),
    '--chdir',
    server.cwd ?? '/tmp/home',
  ];
}

/** A folder that was named is bound by its real path too, so that a link inside the box leads somewhere. */
async function bind(flag: string, folder: string, optional: boolean): Promise<string[]> {
  const real = await realpath(folder).catch(() => null);
  if (real === null) {
    if (optional) return [];
    throw new HobError('server_unavailable', {
      message: `"${folder}" does not exist, and the server is to have it.`,
    });
  }
  const same = [flag, real, real];
  return real === folder ? same : [...same, flag, real, folder];
}

/**
 * What a program needs of itself: its own folder, and for a script the packages it lies among. Nothing
 * of that is under /usr, which is there anyway, and nothing is a whole home or root.
 */
export function programFolders(server: StdioServer, executable: string): string[] {
  const files = [executable, ...server.argv.slice(1).filter((word) => path.isAbsolute(word))];
  const folders = files.flatMap((file, index) => {
    const at = file.indexOf(`${path.sep}node_modules${path.sep}`);
    if (at >= 0) return [file.slice(0, at + `${path.sep}node_modules`.length)];
    // A plain script: the file alone. Its neighbours are not its business.
    return index === 0 || /\.[cm]?[jt]s$|\.py$/.test(file) ? [file] : [];
  });
  return [...new Set(folders)].filter(
    (folder) => !folder.startsWith('/usr/') && path.dirname(folder) !== folder,
  );
}

const exists = async (file: string): Promise<boolean> =>
  access(file).then(
    async () => (await stat(file)).isFile(),
    () => false,
  );

/** The level that is enforced is at least the one that was approved. */
export const isAsApproved = (approved: Isolation, now: Isolation): boolean =>
  approved.level === 'none' || now.level === approved.level;
