import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StreamRef } from '#schema/events/stored-event.ts';
import { nodeSend } from '#host/egress/adapters/node-http.ts';
import { systemResolve } from '#host/egress/adapters/resolve.ts';
import { Egress } from '#host/egress/service.ts';
import { HobError } from '#host/kernel/errors.ts';
import { textField } from '#host/kernel/fields.ts';
import { bubblewrapIsolator } from '#host/mcp/client/adapters/bubblewrap.ts';
import { listenForRedirect } from '#host/mcp/client/adapters/redirect-listener.ts';
import { schemaCheck } from '#host/mcp/client/adapters/schema-check.ts';
import { Logins, type LoginsOptions } from '#host/mcp/client/login/logins.ts';
import { ServerService, type ServersOptions } from '#host/mcp/client/service.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { Artifacts } from '#host/runs/runners/command/ports.ts';
import { runsProjection } from '#host/runs/projections.ts';
import { resolveProgram } from '#host/runs/runners/command/resolve.ts';
import type { Vault } from '#host/vault/service.ts';

export interface ExternalServersOptions extends Pick<
  ServersOptions,
  'store' | 'clock' | 'ids' | 'log' | 'redact' | 'mayStart' | 'callTimeoutMs' | 'ask'
> {
  gate: LoginsOptions['gate'];
  vault: Vault;
  artifacts: Artifacts;
  /** Keeps what the host itself did. */
  record(stream: StreamRef, event: DomainEvent): Promise<void>;
  /** What Hob tells servers of its own version. */
  version: string;
}

/** The servers that people add, and their way out of this machine. */
export function externalServers(o: ExternalServersOptions): {
  servers: ServerService;
  logins: Logins;
  egress: Egress;
} {
  const { vault, artifacts, version, record, ...shared } = o;
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
  const useSecret = (name: string, serverId: string): Promise<string> => vault.use(name, serverId);
  const logins = new Logins({
    store,
    clock,
    gate: o.gate,
    egress,
    vault: {
      get isOpen() {
        return vault.view.state === 'open';
      },
      ready: (key, by) => vault.ready(key, by),
      read: (serverId) => vault.login(serverId),
      keep: (serverId, text, secrets) => vault.keepLogin(serverId, text, [...secrets]),
    },
    useSecret,
    oauth: async () => (await import('#host/mcp/client/adapters/oauth.ts')).sdkOAuth(clock),
    listen: listenForRedirect,
    clean: (line) => textField(o.redact({ line }).data, 'line'),
    note: (server_id, event) =>
      void record({ stream_type: 'server', stream_id: server_id }, event).catch(
        (failure: unknown) => log.error('what became of a login could not be recorded', failure),
      ),
  });
  const servers = new ServerService({
    ...shared,
    ...start,
    logins,
    async connect(server, hooks) {
      const { mcpConnect } = await import('#host/mcp/client/adapters/mcp-connection.ts');
      const connect = mcpConnect({
        ...start,
        env: process.env,
        clock,
        egress,
        answerMs,
        useSecret,
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
  return { servers, logins, egress };
}
