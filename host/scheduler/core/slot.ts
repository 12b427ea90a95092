import type { DomainEventData, DomainEventType } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { SlotView } from '#schema/views/task.ts';

type Data<T extends DomainEventType> = DomainEventData<T>;

/** What is known of a slot after one more event about it. */
export function evolveSlot(slot: SlotView | null, event: StoredEvent): SlotView | null {
  switch (event.event_type) {
    case 'scheduler.slot_skipped':
      return slot ?? skipped(event);
    case 'scheduler.slot_claimed': {
      const data = event.data as unknown as Data<'scheduler.slot_claimed'>;
      const { run_key, task_id, scheduled_at, generation, attempt, run_id } = data;
      return {
        run_key,
        task_id,
        scheduled_at,
        generation,
        attempt,
        run_id,
        status: 'running',
        approval_id: null,
        claimed_at: slot?.claimed_at ?? event.occurred_at,
        ended_at: null,
        count: 1,
        reason_code: null,
        reason: null,
        error: null,
      };
    }
    case 'scheduler.needs_user_action': {
      const data = event.data as unknown as Data<'scheduler.needs_user_action'>;
      const { approval_id, reason_code, reason } = data;
      const status = approval_id === null ? 'needs_user_action' : 'waiting_for_approval';
      return slot === null ? null : { ...slot, status, approval_id, reason_code, reason };
    }
    case 'scheduler.slot_resumed':
      return slot === null
        ? null
        : { ...slot, status: 'running', approval_id: null, reason_code: null, reason: null };
    case 'scheduler.retry_planned': {
      const { error } = event.data as unknown as Data<'scheduler.retry_planned'>;
      return slot === null ? null : { ...slot, status: 'retrying', error };
    }
    case 'scheduler.task_result': {
      const { outcome, reason, error, attempt } =
        event.data as unknown as Data<'scheduler.task_result'>;
      if (slot === null) return null;
      const needsHands = slot.status === 'needs_user_action' && outcome === 'interrupted';
      return {
        ...slot,
        status: needsHands ? 'needs_user_action' : outcome,
        attempt,
        ended_at: event.occurred_at,
        reason: needsHands ? slot.reason : reason,
        reason_code: needsHands ? slot.reason_code : (error?.code ?? null),
        error,
      };
    }
    default:
      return slot;
  }
}

function skipped(event: StoredEvent): SlotView {
  const data = event.data as unknown as Data<'scheduler.slot_skipped'>;
  const { run_key, task_id, to, generation, count, reason_code, reason } = data;
  return {
    run_key,
    task_id,
    scheduled_at: to,
    generation,
    status: 'skipped',
    attempt: 0,
    run_id: null,
    approval_id: null,
    claimed_at: event.occurred_at,
    ended_at: event.occurred_at,
    count,
    reason_code,
    reason,
    error: null,
  };
}
