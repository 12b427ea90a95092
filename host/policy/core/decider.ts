import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** An editor whose signature settles approvals. */
export interface DeciderView {
  decider_id: string;
  label: string;
  /** Raw Ed25519 public key, base64url. */
  public_key: string;
  enrolled_at: string;
  status: 'enrolled' | 'reset';
}

export function evolveDecider(decider: DeciderView | null, event: StoredEvent): DeciderView | null {
  if (event.event_type === 'decider.enrolled') {
    const data = event.data as unknown as DomainEventData<'decider.enrolled'>;
    return {
      decider_id: data.decider_id,
      label: data.label,
      public_key: data.public_key,
      enrolled_at: event.occurred_at,
      status: 'enrolled',
    };
  }
  return decider !== null && event.event_type === 'decider.reset'
    ? { ...decider, status: 'reset' }
    : decider;
}
