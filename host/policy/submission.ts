import type { Principal } from '#schema/envelope/principal.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { RunnerKind, Trigger } from '#schema/views/run.ts';

import type { StoreTransaction } from '#host/store/ports.ts';

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
  /** Its question has no clock: an answer may come any day. Scheduled runs wait so without saying it. */
  waits?: boolean;
  /** The connection that asked, for `last focused window` and `requester gone`. */
  connection_id: string;
  /**
   * Called in the transaction that creates the run, before anything of it is stored. When it throws,
   * there is no run and `submit` rejects with that.
   */
  claim?: (tx: StoreTransaction, runId: string) => Promise<void>;
}
