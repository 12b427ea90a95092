import type { Principal } from '#schema/envelope/principal.ts';
import type { AgentView, ConnectPlan, InstallLink } from '#schema/views/agent.ts';
import type { HookOutcome, HookRequest } from './core/hook-request.ts';

/** How a hook reaches the one gate. */
export interface GatePort {
  /**
   * Resolves with the decision, after however long a person takes. Rejects when the host cannot be
   * reached or breaks off: the hook then denies. Withdraws the question when `signal` aborts.
   */
  ask(
    request: HookRequest,
    signal: AbortSignal,
  ): Promise<HookOutcome & { readonly approval_id?: string }>;
}

/** Connecting an agent: shown first, then written exactly so, then undone byte for byte. */
export interface Connector {
  plan(name: string, undo: boolean): Promise<ConnectPlan>;
  /** Throws `agent_config_changed` when the plan is not the one with this hash any more. */
  apply(
    name: string,
    undo: boolean,
    planHash: string,
    by: Principal,
  ): Promise<{ agent: AgentView | null; plan: ConnectPlan }>;
  /** Ways to give Hob's MCP server to clients that it does not connect. */
  links(): InstallLink[];
  /** The agents with what is covered now: looks whether each hook is still in its file. */
  withCoverage(agents: readonly AgentView[]): Promise<AgentView[]>;
}
