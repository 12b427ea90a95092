import { HobError } from '#host/kernel/errors.ts';
import type { ServerCaller } from '#host/mcp/client/ports.ts';
import type { ServerService } from '#host/mcp/client/service.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { CallContext, Handlers } from '../ports.ts';

export interface ServerHandlersOptions {
  servers: ServerService;
  gate: Pick<Gate, 'settled'>;
  workspaceFor(context: CallContext, cwd: string | undefined): string;
  /** False when a window of the workspace says that it is not trusted. */
  trusted(workspaceId: string): boolean | null;
}

type ServerCommands =
  | 'server.list'
  | 'server.add'
  | 'server.remove'
  | 'server.restart'
  | 'server.stop'
  | 'server.login'
  | 'server.finish_login'
  | 'server.cancel_login'
  | 'server.logout'
  | 'server.tools'
  | 'server.review'
  | 'server.logs'
  | 'server.search'
  | 'server.call';

export function serverHandlers(o: ServerHandlersOptions): Pick<Handlers, ServerCommands> {
  const { servers } = o;
  const callerOf = (context: CallContext): ServerCaller => ({
    principal: context.caller.principal,
    workspace_id: o.workspaceFor(context, undefined),
    correlation_id: context.correlation_id,
    causation_id: context.causation_id,
    connection_id: context.caller.connection_id,
  });

  return {
    'server.list': async () => ({ servers: await servers.list() }),

    'server.add': async ({ name, transport, wait_ms }, context) => {
      const run = await servers.add(name, transport, callerOf(context));
      return { run: await o.gate.settled(run.run_id, wait_ms, context.caller.closed) };
    },

    'server.remove': async ({ name, reason }, { caller }) => ({
      server: await servers.remove(name, reason, caller.principal),
    }),

    'server.restart': async ({ name }, context) => {
      if (o.trusted(o.workspaceFor(context, undefined)) === false)
        throw new HobError('workspace_untrusted');
      return { server: await servers.restart(name, context.caller.principal) };
    },

    'server.stop': async ({ name, off }, { caller }) => ({
      server: await servers.stop(name, off, caller.principal),
    }),

    'server.login': ({ name, key, after, wait_ms }, context) =>
      servers.signingIn.login(name, { key, after, waitMs: wait_ms, caller: callerOf(context) }),

    'server.finish_login': ({ name, address }) => servers.signingIn.finish(name, address),

    'server.cancel_login': async ({ name }) => ({ server: await servers.signingIn.cancel(name) }),

    'server.logout': ({ name }) => servers.signingIn.logout(name),

    'server.tools': async ({ name }) => ({ tools: await servers.tools(name) }),

    'server.review': async ({ name }) => ({ run: await servers.review(name) }),

    'server.logs': async ({ name }) => ({ lines: await servers.logs(name) }),

    'server.search': ({ query, server, limit }) => servers.search(query, server, limit),

    'server.call': async ({ server, tool, arguments: args, task, wait_ms }, context) => {
      const asked = await servers.call(server, tool, args, task ?? null, callerOf(context));
      const run = await o.gate.settled(asked.run_id, wait_ms, context.caller.closed);
      return { run, approval_id: run.approval_id };
    },
  };
}
