import type { AgentRegistry } from '#host/agents/registry/service.ts';
import type { Capabilities } from '#host/policy/capabilities/service.ts';
import type { Connector } from '#host/agents/ports.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Handlers } from '../ports.ts';

export interface AgentHandlersOptions {
  registry: AgentRegistry;
  connector: Connector;
  capabilities: Pick<Capabilities, 'revoke'>;
  /** Ends the grants and closes the connections of a revoked agent. */
  cutOff(principalId: string, by: Principal): Promise<void>;
}

type AgentCommands =
  | 'agent.list'
  | 'agent.add'
  | 'agent.revoke'
  | 'agent.connect_plan'
  | 'agent.connect_apply'
  | 'agent.links';

export function agentHandlers(o: AgentHandlersOptions): Pick<Handlers, AgentCommands> {
  return {
    'agent.list': async () => ({ agents: await o.connector.withCoverage(await o.registry.list()) }),
    'agent.add': ({ name, display, ...scope }, { caller }) =>
      o.registry.add({ name, display, scope, parent: [] }, caller.principal),
    'agent.revoke': async ({ agent_id, reason }, { caller }) => {
      const { principal } = caller;
      const agent = await o.registry.revoke(agent_id, reason, principal);
      const lost = await o.capabilities.revoke(agent_id, reason, principal);
      for (const child of lost.filter((id) => id !== agent_id)) {
        await o.registry.revoke(child, `handed down by ${agent.display}: ${reason}`, principal);
        await o.cutOff(child, principal);
      }
      await o.cutOff(agent_id, principal);
      await o.cutOff(`claimed:${agent.name}`, principal);
      return { agent };
    },
    'agent.links': async () => ({ links: o.connector.links() }),
    'agent.connect_plan': async ({ name, undo }) => ({ plan: await o.connector.plan(name, undo) }),
    'agent.connect_apply': ({ name, undo, plan_hash }, { caller }) =>
      o.connector.apply(name, undo, plan_hash, caller.principal),
  };
}
