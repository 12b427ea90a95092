import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import { nodeSend } from '#host/egress/adapters/node-http.ts';
import { systemResolve } from '#host/egress/adapters/resolve.ts';
import { Egress } from '#host/egress/service.ts';
import { HobError } from '#host/kernel/errors.ts';
import { bubblewrapIsolator } from '#host/mcp/client/adapters/bubblewrap.ts';
import { schemaCheck } from '#host/mcp/client/adapters/schema-check.ts';
import { ServerService, type ServersOptions } from '#host/mcp/client/service.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { Artifacts } from '#host/runs/runners/command/ports.ts';
import { runsProjection } from '#host/runs/projections.ts';
import { resolveProgram } from '#host/runs/runners/command/resolve.ts';
import type { Vault } from '#host/vault/service.ts';

export interface ExternalServersOptions extends Pick<
  ServersOptions,
  'store' | 'clock' | 'ids' | 'log' | 'gate' | 'redact' | 'mayStart' | 'callTimeoutMs'
> {
  vault: Vault;
  artifacts: Artifacts;
  /** What Hob tells servers of its own version. */
  version: string;
}

/** The servers that people add, and their way out of this machine. */
export function externalServers(o: ExternalServersOptions): {
  servers: ServerService;
  egress: Egress;
} {
  const { vault, artifacts, version, ...shared } = o;
  const { store, clock, log, mayStart, callTimeoutMs: answerMs } = o;
  const egress = new Egress({
    resolve: systemResolve,
    send: nodeSend,
    clock,
    log,
    async record(ended, run_id) {
      const run = run_id === null ? null : await store.document(runsProjection, run_id);
      const stream = { stream_type: 'egress', stream_id: ended.server_id };
      await store.transact((tx) =>
        tx.append(stream, 'any', [{ type: 'egress.request_ended', data: ended }], {
          workspace_id: run?.workspace_id ?? DEFAULT_WORKSPACE,
          actor: run?.principal ?? hostPrincipal,
          correlation_id: ended.server_id,
          causation_id: run_id,
          run_id,
        }),
      );
    },
    async mayLeave() {
      // What left has to be recorded, so nothing leaves that could not be.
      if (store.health.state !== 'ok') throw new HobError('store_unavailable');
      await mayStart();
    },
  });
  const start = {
    isolator: bubblewrapIsolator(),
    resolveProgram: (name: string, cwd: string) => resolveProgram(name, cwd, process.env),
    check: schemaCheck(),
  };
  const servers = new ServerService({
    ...shared,
    ...start,
    async connect(server, hooks) {
      const { mcpConnect } = await import('#host/mcp/client/adapters/mcp-connection.ts');
      const connect = mcpConnect({
        ...start,
        env: process.env,
        clock,
        egress,
        answerMs,
        useSecret: (name, serverId) => vault.use(name, serverId),
        version,
      });
      return connect(server, hooks);
    },
    async keep(about, text) {
      const writer = artifacts.open(about);
      writer.write(Buffer.from(text));
      return writer.finish();
    },
  });
  return { servers, egress };
}
