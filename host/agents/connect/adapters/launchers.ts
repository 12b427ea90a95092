import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellQuoted, type Launch } from '../../core/connect/launch.ts';

/**
 * Puts two small scripts into the data directory that start this build's hook and MCP bridge, and
 * gives back how to start those. An agent's configuration then names a path that outlives an
 * update: an extension's folder has its version in its name, and Codex asks for trust again when
 * the command of a hook changes. Every host writes them at its start, so the newest one wins.
 */
export function stableLaunch(dataDir: string, launch: Launch): Launch {
  // No shell to count on there; the command names this build.
  if (launch.windows) return launch;
  const folder = join(dataDir, 'agents');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const script = (name: string, args: readonly string[]): string => {
    const path = join(folder, name);
    writeChanged(path, scriptText(launch, args));
    return path;
  };
  return {
    node: '/bin/sh',
    hook: [script('hook', launch.hook)],
    mcp: [script('mcp', launch.mcp)],
    options: launch.options,
    windows: false,
  };
}

function scriptText(launch: Launch, args: readonly string[]): string {
  const settings = Object.entries(launch.env ?? {}).map(
    ([name, value]) => `export ${name}=${shellQuoted(value)}\n`,
  );
  const command = [launch.node, ...args].map(shellQuoted).join(' ');
  return `#!/bin/sh\n# What agents start, written by Hob at its own start. Changes are overwritten.\n${settings.join('')}exec ${command} "$@"\n`;
}

/** Never half a script: an agent may start it at this very moment. */
function writeChanged(path: string, text: string): void {
  if (contentOf(path) === text) return;
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  writeFileSync(temporary, text, { mode: 0o700, flag: 'wx', flush: true });
  renameSync(temporary, path);
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
