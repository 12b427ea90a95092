import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { PolicyDecision, RunView } from '#schema/views/run.ts';

/** Ids made before the decision, so that deciding stays pure. */
export interface StartIds {
  step_id: string;
  tool_call_id: string;
}

/**
 * The events that start an effect. They are committed before it begins: after a crash the run is
 * interrupted and never run again by itself. A call that its asker executes (a hook said yes)
 * has ended for Hob at that moment.
 */
export function startEvents(
  run: Pick<RunView, 'run_id' | 'runner' | 'call'>,
  ids: StartIds,
  expiresAt: string | null,
): DomainEvent[] {
  const { run_id, runner, call } = run;
  const started: DomainEvent = { type: 'run.started', data: { run_id, ...ids } };
  if (runner === 'agent')
    return [
      started,
      { type: 'run.succeeded', data: { run_id, result: { handed_to: 'requester' } } },
    ];
  const requested: DomainEvent = {
    type: 'toolcall.requested',
    data: {
      ...ids,
      run_id,
      runner,
      tool: call.tool,
      arguments: call.arguments,
      expires_at: expiresAt,
    },
  };
  return [started, requested];
}

export const deniedEvent = (
  run_id: string,
  policy: Pick<PolicyDecision, 'reason_code' | 'reason'>,
): DomainEvent => ({
  type: 'run.denied',
  data: { run_id, reason_code: policy.reason_code, reason: policy.reason },
});
