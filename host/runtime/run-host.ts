import { parseArgs } from 'node:util';
import { buildLabel } from '#schema/client/build-label.ts';
import { hostFiles, resolveDataDir } from '#schema/client/data-dir.ts';
import { findHost } from '#schema/client/find-host.ts';
import { mkdirSync } from 'node:fs';
import { systemClock } from '#host/kernel/system-clock.ts';
import { openFileLog, type FileLog } from './file-log.ts';
import { createHost, HostIsRunningError, type RunningHost } from './in-process.ts';
import { IDLE_MS } from './lifecycle.ts';
import type { Compose } from './ports.ts';

/**
 * A host as a process: `--data-dir DIR`, and `--foreground` for a person at a terminal (it says what
 * it does on stderr and does not end by itself). Prints one JSON line with the endpoint and resolves
 * with the exit status.
 */
export async function runHost(compose: Compose, script: string): Promise<number> {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, foreground: { type: 'boolean', default: false } },
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
  try {
    const host = await createHost({
      dataDir,
      compose,
      log,
      build: buildLabel(script),
      idleMs: values.foreground ? null : IDLE_MS,
    });
    watchProcess(host, log);
    if (values.foreground)
      process.stdout.write(
        `${JSON.stringify({ running: true, started: true, ...host.endpoint })}\n`,
      );
    await host.ended;
    return 0;
  } catch (failure) {
    if (failure instanceof HostIsRunningError) return await namedWinner(dataDir, values.foreground);
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

function watchProcess(host: RunningHost, log: FileLog): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void host.stop({ drain: false, reason: signal }).catch(() => {}));
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
}
