import type { ParseArgsOptionsConfig } from 'node:util';
import type { HostProgram } from '#schema/client/spawn-host.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import type { CliOutput } from './output.ts';

/**
 * What a process ends with. `usage` is a command line that is wrong whatever there is on this machine; one that
 * names something that is not there is an `error`.
 */
export const exitCodes = { done: 0, error: 1, usage: 2, denied: 3, pending: 4 } as const;

/** Options that every command takes. */
export const commonOptions = {
  'data-dir': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

export interface CliContext {
  /** Words after the command's name. */
  positionals: readonly string[];
  /** Values of the command's options, by name. */
  values: Readonly<Record<string, string | boolean | undefined>>;
  /** Absolute. */
  dataDir: string;
  out: CliOutput;
  /** What starts a host of this build. */
  program: HostProgram;
  /** A connection as `cli`, to a host that is started when none runs. Closed when the command ends. */
  connect(): Promise<HostClient>;
}

/** One command of `hob`. */
export interface CliCommand {
  name: string;
  /** After `hob`, e.g. `call COMMAND [JSON]`. */
  usage: string;
  summary: string;
  /** More for `--help`, one line each. */
  details?: readonly string[];
  options?: ParseArgsOptionsConfig;
  /** Resolves with the exit status. Throws UsageError, or what a request rejects with. */
  run(context: CliContext): Promise<number>;
}

/** The command line itself is wrong: exit status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
