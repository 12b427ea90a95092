import type { AgentView } from '#schema/views/agent.ts';
import type { PanelState } from '../../state/model.ts';
import type { PanelActions } from '../../views/context.ts';
import type { AgentsState } from '../model.ts';

/** What a person can do in the agents tab. */
export interface AgentsActions {
  /** Of the panel around the tab. */
  readonly panel: PanelActions;
  toggle(agentId: string): void;
  toggleDeed(runId: string): void;
  readOlder(): void;
  revoke(agent: AgentView): void;
  keep(): void;
}

/** What the views of the agents tab draw, and what they can do. */
export interface AgentsContext {
  readonly panel: PanelState;
  readonly state: AgentsState;
  readonly act: AgentsActions;
}
