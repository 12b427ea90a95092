import type { DomainEventData, DomainEventType } from '../events/domain-events.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import type { ApprovalView } from './approval.ts';

/** Without an answer yet: pending or held. */
export const isOpen = ({ status }: ApprovalView): boolean =>
  status === 'pending' || status === 'held';

/** The data of a stored event when it is of this type. The host wrote it through the schema; null when it was erased. */
export function dataOf<T extends DomainEventType>(
  event: StoredEvent,
  type: T,
): DomainEventData<T> | null {
  return event.event_type === type && event.data !== null
    ? (event.data as unknown as DomainEventData<T>)
    : null;
}

/**
 * An approval after one more event of its stream: the host's read model and every client's picture.
 * Applying an event that a snapshot already contains changes nothing, so snapshots and the stream
 * may overlap, and what is settled stays settled.
 */
export function evolveApproval(
  approval: ApprovalView | null,
  event: StoredEvent,
): ApprovalView | null {
  if (approval === null) return asked(event);
  if (!isOpen(approval)) return approval;
  const held = dataOf(event, 'approval.held');
  if (held !== null) {
    return {
      ...approval,
      status: 'held',
      expires_at: null,
      held_remaining_ms: held.remaining_ms,
      decision: held.signed,
    };
  }
  const released = dataOf(event, 'approval.released');
  if (released !== null) {
    return {
      ...approval,
      status: 'pending',
      expires_at: released.expires_at,
      held_remaining_ms: null,
      decision: released.signed,
    };
  }
  return ended(approval, event);
}

function asked(event: StoredEvent): ApprovalView | null {
  const data = dataOf(event, 'approval.requested');
  if (data === null) return null;
  const { dedupe_key: _key, ...question } = data;
  return {
    ...question,
    workspace_id: event.workspace_id,
    correlation_id: event.correlation_id,
    status: 'pending',
    requested_at: event.occurred_at,
    held_remaining_ms: null,
    settled_at: null,
    decision: null,
    grant_id: null,
    ended_reason: null,
  };
}

function ended(approval: ApprovalView, event: StoredEvent): ApprovalView {
  const settled = { ...approval, settled_at: event.occurred_at, held_remaining_ms: null };
  const decided = dataOf(event, 'approval.decided');
  if (decided !== null) {
    const status = decided.decision === 'approve' ? 'approved' : 'denied';
    return { ...settled, status, decision: decided.signed, grant_id: decided.grant_id };
  }
  const cancelled = dataOf(event, 'approval.cancelled');
  if (cancelled !== null)
    return { ...settled, status: 'cancelled', ended_reason: cancelled.reason };
  if (event.event_type === 'approval.expired')
    return { ...settled, status: 'expired', ended_reason: 'expired' };
  return approval;
}
