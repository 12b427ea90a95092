import type { DomainEvent, DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { ApprovalView, SignedDecision } from '#schema/views/approval.ts';
import type { WireErrorCode } from '#schema/envelope/errors.ts';

/** What can be said to an approval. Signature, role and decider were checked before. */
export type ApprovalCommand =
  | { kind: 'respond'; signed: SignedDecision; grant_id: string | null; at: number }
  | { kind: 'expire'; at: number }
  | { kind: 'cancel'; reason: string };

export type ApprovalOutcome =
  | { ok: true; events: DomainEvent[] }
  | { ok: false; code: WireErrorCode };

const refuse = (code: WireErrorCode): ApprovalOutcome => ({ ok: false, code });
const accept = (...events: DomainEvent[]): ApprovalOutcome => ({ ok: true, events });
const isOpen = (view: ApprovalView): boolean => view.status === 'pending' || view.status === 'held';
const isPast = (iso: string | null, at: number): boolean => iso !== null && Date.parse(iso) <= at;

/**
 * An approval is settled exactly once: approve, deny, expire and cancel race for it and the first
 * one wins. Hold stops its clock and is not a decision.
 */
export function decideApproval(
  command: ApprovalCommand,
  view: ApprovalView | null,
): ApprovalOutcome {
  if (view === null) return refuse('not_found');
  if (!isOpen(view))
    return command.kind === 'cancel'
      ? accept()
      : refuse(view.status === 'expired' ? 'approval_expired' : 'already_settled');
  switch (command.kind) {
    case 'expire':
      return view.status === 'pending' && isPast(view.expires_at, command.at)
        ? accept({ type: 'approval.expired', data: { approval_id: view.approval_id } })
        : accept();
    case 'cancel':
      return accept({
        type: 'approval.cancelled',
        data: { approval_id: view.approval_id, reason: command.reason },
      });
    case 'respond':
      return respond(command.signed, command.grant_id, command.at, view);
  }
}

function respond(
  signed: SignedDecision,
  grant_id: string | null,
  at: number,
  view: ApprovalView,
): ApprovalOutcome {
  const { approval_id } = view;
  if (isPast(view.expires_at, at)) return refuse('approval_expired');
  if (signed.call_hash !== view.call_hash) return refuse('arguments_changed');
  if (signed.offer_id !== null && !view.offers.some((o) => o.offer_id === signed.offer_id))
    return refuse('arguments_changed');
  switch (signed.decision) {
    case 'hold': {
      if (view.status === 'held') return accept();
      const remaining_ms =
        view.expires_at === null ? null : Math.max(0, Date.parse(view.expires_at) - at);
      return accept({ type: 'approval.held', data: { approval_id, signed, remaining_ms } });
    }
    case 'release': {
      if (view.status === 'pending') return accept();
      const expires_at =
        view.held_remaining_ms === null
          ? null
          : new Date(at + view.held_remaining_ms).toISOString();
      return accept({ type: 'approval.released', data: { approval_id, signed, expires_at } });
    }
    case 'approve':
      if (view.danger && !signed.confirmed) return refuse('second_step_required');
      if (view.danger && signed.source === 'voice') return refuse('second_step_required');
      return accept({
        type: 'approval.decided',
        data: { approval_id, decision: 'approve', signed, grant_id },
      });
    case 'deny':
      return accept({
        type: 'approval.decided',
        data: { approval_id, decision: 'deny', signed, grant_id: null },
      });
  }
}

type Data<T extends DomainEvent['type']> = DomainEventData<T>;
const requested = (event: StoredEvent): ApprovalView => {
  const { dedupe_key: _key, ...data } = event.data as unknown as Data<'approval.requested'>;
  return {
    ...data,
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
};

/** The approval after one more event of its stream. */
export function evolveApproval(view: ApprovalView | null, event: StoredEvent): ApprovalView | null {
  if (event.event_type === 'approval.requested') return requested(event);
  if (view === null) return null;
  switch (event.event_type) {
    case 'approval.held': {
      const data = event.data as unknown as Data<'approval.held'>;
      return { ...view, status: 'held', expires_at: null, held_remaining_ms: data.remaining_ms };
    }
    case 'approval.released': {
      const data = event.data as unknown as Data<'approval.released'>;
      return { ...view, status: 'pending', expires_at: data.expires_at, held_remaining_ms: null };
    }
    case 'approval.decided': {
      const data = event.data as unknown as Data<'approval.decided'>;
      return {
        ...view,
        status: data.decision === 'approve' ? 'approved' : 'denied',
        decision: data.signed,
        grant_id: data.grant_id,
        settled_at: event.occurred_at,
      };
    }
    case 'approval.expired':
      return { ...view, status: 'expired', settled_at: event.occurred_at, ended_reason: 'expired' };
    case 'approval.cancelled': {
      const data = event.data as unknown as Data<'approval.cancelled'>;
      return {
        ...view,
        status: 'cancelled',
        settled_at: event.occurred_at,
        ended_reason: data.reason,
      };
    }
    default:
      return view;
  }
}
