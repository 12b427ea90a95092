import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { ActionCall } from '#schema/views/action-call.ts';

export type { Gate } from '#host/policy/gate.ts';
export type { Submission } from '#host/policy/submission.ts';

/** What became of an effect. */
export type Outcome =
  | { ok: true; result: JsonObject }
  | { ok: false; error: WireError; result: JsonObject | null };

/** One started effect, handed to a runner. */
export interface Effect {
  run_id: string;
  tool_call_id: string;
  workspace_id: string;
  call: ActionCall;
  /** Aborted by cancel, kill switch or shutdown. */
  signal: AbortSignal;
}

/** A call as it would really be done, or why it cannot be. */
export type Prepared = { ok: true; call: ActionCall } | { ok: false; error: WireError };

/** Executes effects of one kind: commands in the host, editor actions in a window. */
export interface Runner {
  /** Refuses before anything is committed (`no_editor`, `command_not_found`, …). */
  prepare(call: ActionCall, workspaceId: string): Promise<Prepared>;
  execute(effect: Effect): Promise<Outcome>;
}

/** By who executes; what an agent executes itself has none. */
export interface Runners {
  readonly host: Runner;
  readonly editor: Runner;
  readonly internal?: Runner;
  readonly server?: Runner;
}
