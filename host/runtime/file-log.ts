import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import type { JsonObject } from '#schema/envelope/json.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';

const MAX_BYTES = 4 * 1024 * 1024;

export interface FileLog extends Log {
  close(): void;
}

/**
 * One JSON object a line, written at once, so that the last words before a crash are there. Kept in
 * two files of 4 MiB. A log that cannot be written (full disk) never stops the host.
 */
export function openFileLog(file: string, clock: Clock, also?: (line: string) => void): FileLog {
  let handle = openSync(file, 'a', 0o600);
  let bytes = fstatSync(handle).size;

  const rotate = (): void => {
    closeSync(handle);
    renameSync(file, `${file}.1`);
    handle = openSync(file, 'a', 0o600);
    bytes = 0;
  };

  const write = (level: string, message: string, fields: JsonObject): void => {
    const line = `${JSON.stringify({ time: isoTime(clock.now()), level, pid: process.pid, message, ...fields })}\n`;
    also?.(line);
    try {
      if (bytes > MAX_BYTES) rotate();
      bytes += writeSync(handle, line);
    } catch {
      // Nowhere left to say it.
    }
  };

  return {
    info: (message, fields = {}) => write('info', message, fields),
    warn: (message, fields = {}) => write('warn', message, fields),
    error: (message, cause, fields = {}) =>
      write('error', message, {
        ...fields,
        ...(cause === undefined ? {} : { cause: describe(cause) }),
      }),
    close: () => closeSync(handle),
  };
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const text = cause.stack ?? cause.message;
  return cause.cause === undefined ? text : `${text}\ncaused by ${describe(cause.cause)}`;
}
