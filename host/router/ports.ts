import type { CommandName, CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';

/** The connection a request came in on, as handlers may know it. */
export interface Caller {
  /** Unique for the life of the host. */
  connection_id: string;
  role: Role;
  principal: Principal;
  /** Aborted when the connection closes. */
  closed: AbortSignal;
}

/** Everything that is true of one request besides its payload. */
export interface CallContext {
  caller: Caller;
  request_id: string;
  workspace_id: string;
  correlation_id: string;
  causation_id: string | null;
  idempotency_key: string | null;
}

export type Handler<N extends CommandName> = (
  payload: CommandPayload<N>,
  context: CallContext,
) => Promise<CommandResult<N>>;

/** One handler for every row of the registry: a missing one does not compile. */
export type Handlers = { [N in CommandName]: Handler<N> };
