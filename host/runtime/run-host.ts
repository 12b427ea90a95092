import { parseArgs } from 'node:util';
import { buildLabel } from '#schema/client/build-label.ts';
import { hostFiles, resolveDataDir } from '#schema/client/data-dir.ts';
import { findHost } from '#schema/client/find-host.ts';
import { mkdirSync } from 'node:fs';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { openFileLog, type FileLog } from './file-log.ts';
import { follow } from './follower.ts';
import {
  createHost,
  HostIsRunningError,
  type HostOptions,
  type RunningHost,
} from './in-process.ts';
import { IDLE_MS } from './lifecycle.ts';
import type { Compose } from './ports.ts';

/**
 * A host as a process: `--data-dir DIR`, and `--foreground` for a person at a terminal (it says what
 * it does on stderr and does not end by itself). Prints one JSON line with the endpoint and resolves
 * with the exit status. With `--standby` it stays while another host has the directory, and follows it.
 */
export async function runHost(compose: Compose, script: string): Promise<number> {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      foreground: { type: 'boolean', default: false },
      standby: { type: 'boolean', default: false },
    },
  });
  const dataDir = resolveDataDir(values['data-dir']);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const log = openFileLog(
    hostFiles(dataDir).log,
    systemClock,
    values.foreground ? (line) => process.stderr.write(line) : undefined,
  );
  // What belongs to the window that started this one must not reach the commands that it runs.
  for (const name of Object.keys(process.env))
    if (/^(VSCODE|ELECTRON)_/i.test(name)) delete process.env[name];
  const signals = watchSignals(log);
  const options = {
    dataDir,
    compose,
    log,
    build: buildLabel(script),
    idleMs: values.foreground || values.standby ? null : IDLE_MS,
  };
  try {
    const host = await createOrFollow(options, values.standby, signals.ended);
    if (host === null) return await namedWinner(dataDir, values.foreground);
    signals.stop(host);
    if (values.foreground)
      process.stdout.write(
        `${JSON.stringify({ running: true, started: true, ...host.endpoint })}\n`,
      );
    await host.ended;
    return 0;
  } catch (failure) {
    log.error('the host failed', failure);
    if (values.foreground)
      process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    return 1;
  } finally {
    log.close();
  }
}

/** The loser of a double start says who won, and that is not a failure. */
async function namedWinner(dataDir: string, isForeground: boolean): Promise<number> {
  if (!isForeground) return 0;
  const found = await findHost({ dataDir }).catch(() => null);
  process.stderr.write('A host runs already on this data directory.\n');
  process.stdout.write(
    `${JSON.stringify({ running: true, started: false, ...found?.endpoint })}\n`,
  );
  return 0;
}

/** The host, as soon as the directory is free; null when another one is well, or a signal came first. */
async function createOrFollow(
  options: HostOptions & { log: FileLog },
  standby: boolean,
  signal: AbortSignal,
): Promise<RunningHost | null> {
  const { dataDir, log } = options;
  for (;;) {
    try {
      return await createHost(options);
    } catch (failure) {
      if (!(failure instanceof HostIsRunningError)) throw failure;
    }
    const machine = systemMachine();
    const end = await follow({ dataDir, clock: systemClock, machine, log, standby, signal });
    if (end !== 'free') return null;
  }
}

/** A signal ends what there is by then: the watch of a follower, or the host. */
function watchSignals(log: FileLog): { ended: AbortSignal; stop(host: RunningHost): void } {
  const ended = new AbortController();
  let running: RunningHost | null = null;
  const stop = (reason: string): void =>
    void running?.stop({ drain: false, reason }).catch(() => {});
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      ended.abort(signal);
      stop(signal);
    });
  }
  // A state that nobody planned for is left at once: the kernel frees the lock, and the store lost nothing.
  const crash =
    (kind: string) =>
    (failure: unknown): void => {
      log.error(kind, failure);
      process.exit(1);
    };
  process.on('uncaughtException', crash('uncaught exception'));
  process.on('unhandledRejection', crash('unhandled rejection'));
  return {
    ended: ended.signal,
    stop(host) {
      running = host;
      if (ended.signal.aborted) stop(String(ended.signal.reason));
    },
  };
}
