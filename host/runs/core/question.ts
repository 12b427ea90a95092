import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { PolicyDecision } from '#schema/views/run.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { explain } from '#host/policy/core/explain.ts';
import type { CallFacts } from '#host/policy/core/facts.ts';
import { grantOffers } from '#host/policy/core/grants.ts';
import type { Submission } from '#host/policy/submission.ts';

/** What a question is made of. */
export interface QuestionParts {
  approval_id: string;
  run_id: string;
  submission: Submission;
  facts: CallFacts;
  policy: PolicyDecision;
  /** Milliseconds until silence counts as no; null = it waits. */
  expiryMs: number | null;
  now: number;
}

/** The event that asks a person about one exact call. */
export function questionEvent(parts: QuestionParts): DomainEvent {
  const { approval_id, run_id, submission, facts, policy, expiryMs, now } = parts;
  return {
    type: 'approval.requested',
    data: {
      approval_id,
      run_id,
      requester: submission.principal,
      task: submission.task,
      call: facts.call,
      call_hash: facts.call_hash,
      danger: policy.danger,
      danger_reasons: policy.danger_reasons,
      reason_code: policy.reason_code,
      explanation: explain(facts, policy.danger_reasons, submission.runner, expiryMs),
      offers: grantOffers(facts, policy.danger),
      expires_at: expiryMs === null ? null : isoTime(now + expiryMs),
      dedupe_key: submission.dedupe_key,
    },
  };
}

/** What a question that ended without a yes means for its run. */
export function refusedEvent(run_id: string, approval: ApprovalView): DomainEvent {
  if (approval.status === 'cancelled')
    return {
      type: 'run.cancelled',
      data: { run_id, reason: approval.ended_reason ?? 'withdrawn' },
    };
  const [reason_code, reason] =
    approval.status === 'expired'
      ? ['approval_expired', 'Nobody answered in time, which counts as no.']
      : ['denied_by_person', 'You said no.'];
  return { type: 'run.denied', data: { run_id, reason_code, reason } };
}
