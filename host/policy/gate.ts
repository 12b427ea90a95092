import type { Principal } from '#schema/envelope/principal.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { PolicyDecision, RunnerKind, RunView, Trigger } from '#schema/views/run.ts';

/** One call that somebody wants to happen. */
export interface Submission {
  principal: Principal;
  workspace_id: string;
  call: ActionCall;
  trigger: Trigger;
  runner: RunnerKind;
  /** The requester's own words for what it is doing. */
  task: string | null;
  correlation_id: string;
  causation_id: string | null;
  /** Calls with the same key that arrive while it waits are one question. */
  dedupe_key: string | null;
  idempotency_key: string | null;
  /** The connection that asked, for `last focused window` and `requester gone`. */
  connection_id: string;
}

/**
 * The one way through: policy, approval, run. Everything that acts goes through `submit`: a
 * sentence, an MCP call, a hook, later a due task. Implemented by `runs/`.
 */
export interface Gate {
  /** Creates the run and evaluates it; resolves when it is allowed and started, denied, or waiting. */
  submit(submission: Submission): Promise<RunView>;
  /** What `submit` would decide. Changes nothing. */
  evaluate(
    submission: Pick<Submission, 'principal' | 'workspace_id' | 'call'>,
  ): Promise<PolicyDecision>;
  /** Resolves when the run has ended, or with its present state after `waitMs` or on abort. */
  settled(runId: string, waitMs: number, signal?: AbortSignal): Promise<RunView>;
  cancel(runId: string, by: Principal, reason: string): Promise<RunView>;
}
