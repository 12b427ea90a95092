import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { AgentView } from '#schema/views/agent.ts';
import type { Projection } from '#host/store/ports.ts';

/** An agent as stored: what clients see, plus what proves its name and where Hob wrote. */
export interface AgentRecord extends AgentView {
  token_sha256: string | null;
  files: { path: string; sha256_before: string | null; sha256_after: string }[];
}

const unknownCoverage: AgentView['coverage'] = {
  gated: false,
  covered: [],
  not_covered: ['Hob has seen no hook of this agent yet.'],
  hook_present: null,
};

/** The agent after one more event of its stream. */
export function evolveAgent(agent: AgentRecord | null, event: StoredEvent): AgentRecord | null {
  if (event.event_type === 'agent.added') {
    const { agent_id, name, display, token_sha256 } =
      event.data as unknown as DomainEventData<'agent.added'>;
    return {
      agent_id,
      name,
      display,
      status: 'active',
      added_at: event.occurred_at,
      last_seen_at: null,
      last_hook_at: null,
      coverage: unknownCoverage,
      token_sha256,
      files: [],
    };
  }
  if (agent === null) return null;
  switch (event.event_type) {
    case 'agent.connected':
      return {
        ...agent,
        files: (event.data as unknown as DomainEventData<'agent.connected'>).files,
      };
    case 'agent.token_issued':
      return {
        ...agent,
        token_sha256: (event.data as unknown as DomainEventData<'agent.token_issued'>).token_sha256,
      };
    case 'agent.disconnected':
      return { ...agent, files: [] };
    case 'agent.coverage_changed':
      return {
        ...agent,
        coverage: (event.data as unknown as DomainEventData<'agent.coverage_changed'>).coverage,
      };
    case 'agent.seen': {
      const { via } = event.data as unknown as DomainEventData<'agent.seen'>;
      return {
        ...agent,
        last_seen_at: event.occurred_at,
        last_hook_at: via === 'hook' ? event.occurred_at : agent.last_hook_at,
      };
    }
    case 'agent.revoked':
      return { ...agent, status: 'revoked' };
    default:
      return agent;
  }
}

export const agentsProjection: Projection<AgentRecord> = {
  table: 'proj_agents',
  version: 1,
  key: (event) => (event.stream.stream_type === 'agent' ? event.stream.stream_id : null),
  evolve: evolveAgent,
  columns: (a) => ({ name: a.name, status: a.status, token_hash: a.token_sha256 }),
};

/** What clients see of it. */
export const agentView = ({
  token_sha256: _token,
  files: _files,
  ...view
}: AgentRecord): AgentView => view;
