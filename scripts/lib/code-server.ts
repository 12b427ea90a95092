// One code-server on a free loopback port, with folders of its own. Used by `npm start` and by the tests.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { endMarked, markedProcesses, markVariable, signalGroup } from './processes.ts';
import { toolEntry } from './tool-table.mjs';

/** Folders of one server, all below one root that the caller made. */
export interface CodeServerPlace {
  readonly configFile: string;
  readonly userDataDir: string;
  readonly extensionsDir: string;
}

export interface CodeServerOptions {
  readonly place: CodeServerPlace;
  /** Added to the environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** More arguments of code-server. */
  readonly args?: readonly string[];
  /** Loaded first by the server's Node and by that of each extension host; what NODE_OPTIONS says is taken away there. */
  readonly preload?: string;
  /** A password that a client must present; without one the port is open to every program here. */
  readonly password?: string;
}

export interface CodeServer {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly process: ChildProcess;
  /** What it printed, for a failing test. */
  log(): string;
  /** Pids of what it started and is still there, wherever it went. */
  running(): number[];
  /** Ends it and everything it started, hosts included. Twice is harmless. */
  stop(): Promise<void>;
}

const startTimeoutMs = 180_000;
const pollMs = 100;

/** The program, or an error that says how to get it. */
export function codeServerEntry(): string {
  const entry = process.env['CODE_SERVER'] ?? toolEntry('code-server');
  if (entry === undefined) {
    throw new Error(
      'code-server is not installed; run: node scripts/bootstrap.mjs --with code-server',
    );
  }
  return entry;
}

/** Folders below `root`, made and with the given settings where there are none yet. */
export function preparePlace(
  root: string,
  settings: Readonly<Record<string, unknown>>,
): CodeServerPlace {
  const userDataDir = path.join(root, 'user-data');
  const extensionsDir = path.join(root, 'extensions');
  const configFile = path.join(root, 'code-server.yaml');
  mkdirSync(path.join(userDataDir, 'User'), { recursive: true });
  mkdirSync(extensionsDir, { recursive: true });
  writeFileSync(configFile, 'cert: false\n');
  try {
    const file = path.join(userDataDir, 'User/settings.json');
    writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    // Settings of an earlier start are the user's by now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return { configFile, userDataDir, extensionsDir };
}

function placeArgs(place: CodeServerPlace): string[] {
  return ['--config', place.configFile, '--user-data-dir', place.userDataDir].concat([
    '--extensions-dir',
    place.extensionsDir,
  ]);
}

/** Never inherit what an outer editor put into the environment. */
function cleanEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const outer = /^(VSCODE_|ELECTRON_|CODE_SERVER|PASSWORD$|HASHED_PASSWORD$|npm_)/;
  const entries = Object.entries(process.env).filter(([key]) => !outer.test(key));
  return { ...Object.fromEntries(entries), ...extra };
}

/** Installs a .vsix into the place; seconds. */
export async function installPackages(
  place: CodeServerPlace,
  packages: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const install = packages.flatMap((file) => ['--install-extension', file]);
  const args = [codeServerEntry(), ...placeArgs(place), ...install, '--force'];
  await promisify(execFile)(process.execPath, args, { env: cleanEnv(env) });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilHealthy(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`code-server did not start:\n${log()}`);
}

const serverArgs = [
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-getting-started-override',
  '--ignore-last-opened',
];

/** It gives itself ten seconds to start, which a busy machine may not have. */
const tries = 4;

/** Starts the server and resolves when it answers. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  for (let left = tries - 1; ; left--) {
    try {
      return await startOnce(options);
    } catch (failure) {
      if (left === 0 || !String(failure).includes('timed out')) throw failure;
    }
  }
}

async function startOnce(options: CodeServerOptions): Promise<CodeServer> {
  const { place, password, env = {}, args = [], preload } = options;
  const mark = randomUUID();
  const port = await freePort();
  const auth = ['--auth', password === undefined ? 'none' : 'password'];
  const child = spawn(
    process.execPath,
    [
      ...(preload === undefined ? [] : ['--import', preload]),
      codeServerEntry(),
      ...placeArgs(place),
      ...auth,
      '--bind-addr',
      `127.0.0.1:${port}`,
    ].concat(serverArgs, args),
    {
      env: cleanEnv({
        ...env,
        [markVariable]: mark,
        ...(password === undefined ? {} : { PASSWORD: password }),
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  let output = '';
  const keep = (data: Buffer): void => {
    output = (output + data.toString()).slice(-200_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGTERM');
    await endMarked(mark);
    // An extension host was seen to outlive the server's SIGTERM.
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(url, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, process: child, log: () => output, running: () => markedProcesses(mark), stop };
}
