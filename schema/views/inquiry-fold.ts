import type { StoredEvent } from '../events/stored-event.ts';
import { dataOf } from './approval-fold.ts';
import type { InquiryView } from './inquiry.ts';

/** An inquiry after one more event of its stream. What is settled stays settled. */
export function evolveInquiry(inquiry: InquiryView | null, event: StoredEvent): InquiryView | null {
  if (inquiry === null) {
    const asked = dataOf(event, 'inquiry.asked');
    return asked === null
      ? null
      : {
          ...asked,
          workspace_id: event.workspace_id,
          status: 'open',
          answer: null,
          ended_reason: null,
          asked_at: event.occurred_at,
          settled_at: null,
        };
  }
  if (inquiry.status !== 'open') return inquiry;
  const settled = { ...inquiry, settled_at: event.occurred_at };
  const answered = dataOf(event, 'inquiry.answered');
  if (answered !== null) {
    const { inquiry_id: _id, ...answer } = answered;
    return { ...settled, status: 'answered', answer };
  }
  const cancelled = dataOf(event, 'inquiry.cancelled');
  if (cancelled !== null)
    return { ...settled, status: 'cancelled', ended_reason: cancelled.reason };
  if (event.event_type === 'inquiry.declined') return { ...settled, status: 'declined' };
  if (event.event_type === 'inquiry.expired') return { ...settled, status: 'expired' };
  return inquiry;
}
