import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { AgentView, ConnectPlan, InstallLink } from '#schema/views/agent.ts';
import { isHookedAgent } from '../core/hook-request.ts';
import type { Connector } from '../ports.ts';
import type { AgentRegistry } from '../registry/service.ts';
import { agentView } from '../registry/agent.ts';
import type { AgentConnector, Applied } from './service.ts';

export interface ConnectedAgentsOptions {
  readonly connector: AgentConnector;
  readonly registry: Pick<AgentRegistry, 'ensure' | 'record'>;
}

/** Connecting as the wire has it: what was written, and what is covered, are events of the agent. */
export class ConnectedAgents implements Connector {
  readonly #o: ConnectedAgentsOptions;

  constructor(options: ConnectedAgentsOptions) {
    this.#o = options;
  }

  plan(name: string, undo: boolean): Promise<ConnectPlan> {
    return this.#o.connector.plan(name, { undo });
  }

  links(): InstallLink[] {
    return this.#o.connector.links();
  }

  async apply(
    name: string,
    undo: boolean,
    planHash: string,
    by: Principal,
  ): Promise<{ agent: AgentView | null; plan: ConnectPlan }> {
    const applied = await this.#o.connector.apply(name, { undo, plan_hash: planHash });
    const { agent_id } = await this.#o.registry.ensure(name, by);
    const coverage = await this.#o.connector.coverage(name);
    const events: DomainEvent[] = [
      written(agent_id, undo, applied),
      { type: 'agent.coverage_changed', data: { agent_id, coverage } },
    ];
    const agent = await this.#o.registry.record(agent_id, events, by);
    return { agent: agentView(agent), plan: applied.plan };
  }

  /** A file that cannot be read says nothing about the others: that agent keeps what is stored. */
  async withCoverage(agents: readonly AgentView[]): Promise<AgentView[]> {
    return Promise.all(
      agents.map(async (agent) => {
        if (!isHookedAgent(agent.name)) return agent;
        const coverage = await this.#o.connector.coverage(agent.name).catch(() => unreadable);
        return { ...agent, coverage };
      }),
    );
  }
}

const unreadable: AgentView['coverage'] = {
  gated: false,
  covered: [],
  not_covered: ["the agent's file cannot be read, so Hob cannot tell whether its hook is there"],
  hook_present: null,
};

function written(agent_id: string, undo: boolean, { files }: Applied): DomainEvent {
  if (undo)
    return { type: 'agent.disconnected', data: { agent_id, files: files.map(({ path }) => path) } };
  const stored = files.map(({ path, sha256_before, sha256_after }) => ({
    path,
    sha256_before,
    sha256_after: sha256_after ?? '',
  }));
  return { type: 'agent.connected', data: { agent_id, files: stored } };
}
