import type { DomainEvent } from '#schema/events/domain-events.ts';
import { isOpen } from '#schema/views/approval-fold.ts';
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
