import type { StdioServer } from '#schema/views/server.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { serverEnvironment } from '../core/environment.ts';
import type { ServerRecord } from '../core/server-record.ts';
import type { ConnectHooks, Isolator, ResolveProgram, UseSecret } from '../ports.ts';
import { isAsApproved } from './bubblewrap.ts';
import type { Channel } from './channel.ts';
import { ProgramTransport } from './stdio-transport.ts';

export interface ProgramParts {
  isolator: Isolator;
  resolveProgram: ResolveProgram;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  useSecret: UseSecret;
}

/** A program on this machine, isolated as it was approved. Throws `isolation_changed`, `command_not_found`. */
export async function programChannel(
  server: ServerRecord,
  stdio: StdioServer,
  parts: ProgramParts,
  hooks: ConnectHooks,
): Promise<Channel> {
  const { isolation, spec } = await startable(server, stdio, parts);
  const transport = new ProgramTransport(spec, { clock: parts.clock, log: hooks.log });
  return {
    transport,
    get pid() {
      return transport.pid;
    },
    get reason() {
      return transport.reason;
    },
    isolation,
    mayChangeUnseen: false,
    close: () => transport.close(),
  };
}

async function startable(server: ServerRecord, stdio: StdioServer, parts: ProgramParts) {
  const cwd = stdio.cwd ?? '/';
  const executable = await parts.resolveProgram(stdio.argv[0] ?? '', cwd);
  if (executable !== server.executable)
    throw new HobError('isolation_changed', {
      message:
        'The program that would be started is not the one that was approved; remove the server and add it again.',
    });
  const isolation = await parts.isolator.plan(stdio, executable);
  if (!isAsApproved(server.isolation, isolation))
    throw new HobError('isolation_changed', {
      message: `It was approved as isolated. ${isolation.words}`,
    });
  const used = server.isolation.level === 'none' ? server.isolation : isolation;
  const { file, args } = await parts.isolator.wrap(stdio, executable, used);
  const isolated = used.level !== 'none';
  const given = stdio.variables.map(({ env, value }): [string, string] => [env, value]);
  const secrets = await Promise.all(
    (stdio.secrets ?? []).map(async ({ env, from }): Promise<[string, string]> => [
      env,
      await parts.useSecret(from, server.server_id),
    ]),
  );
  const own = Object.fromEntries([...given, ...secrets]);
  const env = serverEnvironment(parts.env, stdio.env_names, own, isolated);
  return { isolation: used, spec: { file, args, cwd, env } };
}
