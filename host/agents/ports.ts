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
