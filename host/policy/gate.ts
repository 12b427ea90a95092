import type { Principal } from '#schema/envelope/principal.ts';
import type { PolicyDecision, RunView } from '#schema/views/run.ts';
import type { Submission } from './submission.ts';

/**
 * The one way through: policy, approval, run. Everything that acts goes through `submit`: a
 * sentence, an MCP call, a hook, later a due task. Implemented by `runs/`.
 */
export interface Gate {
  /** Creates the run and evaluates it; resolves when it is allowed and started, denied, or waiting. */
  submit(submission: Submission): Promise<RunView>;
  /**
   * The same for many that begin in one moment, in few transactions. What one of them comes to says nothing
   * of the others. For runs of schedules only: nothing is counted against an allowance.
   */
  submitAll(submissions: readonly Submission[]): Promise<PromiseSettledResult<RunView>[]>;
  /** What `submit` would decide. Changes nothing. */
  evaluate(
    submission: Pick<Submission, 'principal' | 'workspace_id' | 'call'>,
  ): Promise<PolicyDecision>;
  /** Resolves when the run has ended, or with its present state after `waitMs` or on abort. */
  settled(runId: string, waitMs: number, signal?: AbortSignal): Promise<RunView>;
  cancel(runId: string, by: Principal, reason: string): Promise<RunView>;
}
