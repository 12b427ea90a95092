import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { RunView } from '#schema/views/run.ts';
import type { TaskTrigger } from '#schema/views/task.ts';

/** The agent at the other end, as the router knows any caller. */
export interface McpCaller {
  connection_id: string;
  role: Role;
  principal: Principal;
  closed: AbortSignal;
}

/** What every handler of the router is told beside the payload. */
export interface McpContext {
  caller: McpCaller;
  request_id: string;
  workspace_id: string;
  correlation_id: string;
  causation_id: string | null;
  idempotency_key: string | null;
}

/** Commands that tools are made of; the rules about who sees what are theirs. */
export type McpCommand =
  | 'run.get'
  | 'run.list'
  | 'run.cancel'
  | 'artifact.get'
  | 'grant.list'
  | 'approval.get'
  | 'approval.list'
  | 'notify.show'
  | 'scheduler.list'
  | 'scheduler.get'
  | 'scheduler.history'
  | 'scheduler.create'
  | 'scheduler.update'
  | 'scheduler.pause'
  | 'scheduler.resume'
  | 'scheduler.delete'
  | 'scheduler.trigger_now'
  | 'speech.speak'
  | 'speech.stop'
  | 'inquiry.ask'
  | 'inquiry.get'
  | 'inquiry.cancel'
  | 'server.search';
export type McpCommands = {
  [N in McpCommand]: (payload: CommandPayload<N>, context: McpContext) => Promise<CommandResult<N>>;
};

/** Where the host stands, as far as agents may know; without what they may not, which takes longer to read. */
export type HostStanding = () => Promise<
  Pick<
    CommandResult<'runtime.status'>,
    'state' | 'problem' | 'kill_switch' | 'preset' | 'waiting' | 'held' | 'windows'
  >
>;

export interface McpWorkspaces {
  /** The workspace of a call that would run in `cwd`; without one, the last focused window's. */
  workspaceFor(cwd: string | undefined): string;
  /** True when an open workspace holds this absolute path. */
  isOpen(path: string): boolean;
}

export interface McpRuns {
  /** The newest run of a principal that was triggered with this ref; null when there is none. */
  byRef(principalId: string, ref: string): Promise<RunView | null>;
}

/** External servers, as far as the tools of agents need them. */
export interface McpExternal {
  /** The call of a pinned tool as the gate judges it. Throws HobError. */
  callOf(server: string, tool: string, args: JsonObject): Promise<ActionCall>;
}

/** An agent was heard of over MCP. */
export type HeardOf = (principal: Principal) => void;
/** Those of the stored events that an agent may see. */
export type VisibleAmong = (
  principal: Principal,
  events: readonly StoredEvent[],
) => Promise<StoredEvent[]>;
/** When something is due, from a person's words; null when they are not clear. */
export type DueAsSaid = (words: string) => { trigger: TaskTrigger; zone: string } | null;
