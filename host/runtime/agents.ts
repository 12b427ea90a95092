import { randomBytes } from 'node:crypto';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import { agentDisplays, isHookedAgent } from '#schema/views/hooked-agents.ts';
import { nodeConnector } from '#host/agents/connect/adapters/node-connector.ts';
import { CoverageWatch } from '#host/agents/connect/coverage-watch.ts';
import { AgentRegistry, type AgentRegistryOptions } from '#host/agents/registry/service.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { mcpSessions, type McpSessions } from '#host/mcp/server/sessions.ts';
import type { McpServerOptions } from '#host/mcp/server/session-context.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import { Capabilities, type CapabilitiesOptions } from '#host/policy/capabilities/service.ts';
import type { EditorWindows } from '#host/runs/editors/windows.ts';
import { runsProjection } from '#host/runs/projections.ts';
import type { EventStore } from '#host/store/ports.ts';
import { dueAsSaid } from './scheduler-ports.ts';
import type { ThisProgram } from './this-program.ts';

export interface AgentsOptions extends Pick<AgentRegistryOptions, 'clock' | 'ids' | 'log'> {
  store: EventStore;
  gate: CapabilitiesOptions['gate'];
  dataDir: string;
  program: ThisProgram;
}

/** Which agents there are, what their tokens may, and whether their hooks are where Hob put them. */
export function knownAgents({ store, clock, ids, log, gate, dataDir, program }: AgentsOptions) {
  const capabilities = new Capabilities({ store, ids, gate });
  const registry = new AgentRegistry({
    store,
    clock,
    ids,
    log,
    capabilities,
    displayOf: (name) => (isHookedAgent(name) ? agentDisplays[name] : name),
  });
  const launch = program.launch(dataDir);
  const connector = nodeConnector({ dataDir, env: process.env, launch, registry });
  const coverage = new CoverageWatch({ connector, registry, clock, log, by: hostPrincipal });
  return { capabilities, registry, connector, coverage };
}

export interface AgentSessionsOptions extends Omit<
  McpServerOptions,
  'runs' | 'workspaces' | 'heardOf' | 'due' | 'stateKey' | 'store'
> {
  store: EventStore;
  clock: Clock;
  windows: EditorWindows;
  registry: AgentRegistry;
  zone(): string;
}

/** What agents reach over MCP. */
export function agentSessions(o: AgentSessionsOptions): McpSessions {
  const { windows, registry, zone, ...shared } = o;
  const { store, clock } = o;
  return mcpSessions({
    ...shared,
    runs: {
      async byRef(principal_id, trigger_ref) {
        const where = { principal_id, trigger_ref, trigger_kind: 'mcp' };
        const [run] = await store.documents(runsProjection, { where, order: 'desc', limit: 1 });
        return run ?? null;
      },
    },
    workspaces: {
      workspaceFor: (cwd) => windows.resolve(DEFAULT_WORKSPACE, DEFAULT_WORKSPACE, cwd),
      isOpen: (path) => windows.workspaceOf(path) !== null,
    },
    heardOf: (principal) => void registry.heard(principal, 'mcp'),
    due: (text) => dueAsSaid(text, { now: clock.now(), zone: zone() }),
    stateKey: randomBytes(32),
  });
}
