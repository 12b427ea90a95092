import { spawn, type ChildProcess } from 'node:child_process';
import { hostFiles } from './data-dir.ts';
import { LinkError } from './errors.ts';
import { findHost, type FoundHost } from './find-host.ts';

/** What to start as the host. */
export interface HostProgram {
  /** Node, or Electron that stands in for it. */
  nodePath: string;
  hostScript: string;
  /** `buildLabel(hostScript)`. */
  build: string;
  /** How long it may take to answer; 30 s: a cold disk is slow, and who waits sees that it starts. */
  startMs?: number;
}

const POLL_MS = 20;
const START_MS = 30_000;

/**
 * Starts a host that outlives this process and resolves with what `reach` makes of it. When two
 * clients start one at once, the loser ends by itself and both reach the winner.
 * Rejects with LinkError `host_start_failed`, which names the log file.
 */
export async function spawnHost<C>(
  options: HostProgram & { dataDir: string; signal?: AbortSignal },
  reach: (host: FoundHost) => Promise<C>,
): Promise<C> {
  const child = spawn(options.nodePath, [options.hostScript, '--data-dir', options.dataDir], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: hostEnvironment(options.nodePath),
  });
  child.unref();
  const started = watchStart(child);
  const deadline = performance.now() + (options.startMs ?? START_MS);
  let last: unknown;
  while (performance.now() < deadline && options.signal?.aborted !== true) {
    try {
      const found = await findHost(options);
      if (found !== null) return await reach(found);
    } catch (failure) {
      if (!(failure instanceof LinkError) || !failure.retryable) throw failure;
      last = failure;
    }
    if (started.failure !== null) throw startFailure(started.failure, options.dataDir, last);
    await pause(POLL_MS);
  }
  throw startFailure('it does not answer', options.dataDir, last);
}

/** Why the child ended, while it has not started to listen; a clean end is a loser of a double start. */
function watchStart(child: ChildProcess): { failure: string | null } {
  const state: { failure: string | null } = { failure: null };
  child.once('error', (error) => (state.failure = error.message));
  child.once('exit', (code, signal) => {
    if (code !== 0) state.failure = `it ended with ${signal ?? code ?? 'nothing'}`;
  });
  return state;
}

const startFailure = (why: string, dataDir: string, cause: unknown): LinkError =>
  new LinkError('host_start_failed', {
    message: `The host could not be started: ${why}. Its log is ${hostFiles(dataDir).log}.`,
    ...(cause === undefined ? {} : { cause }),
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The environment of a host: that of the user, without what belongs to one editor window. Electron
 * is told to be Node; it must not hand that on, so the host drops the variable again when it starts.
 */
export function hostEnvironment(nodePath: string): NodeJS.ProcessEnv {
  const env = withoutEditorVariables(process.env);
  const isElectron = process.versions['electron'] !== undefined && nodePath === process.execPath;
  return isElectron ? { ...env, ELECTRON_RUN_AS_NODE: '1' } : env;
}

export function withoutEditorVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(VSCODE|ELECTRON)_/i.test(name)),
  );
}
