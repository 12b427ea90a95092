import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { GrantView } from '#schema/views/grant.ts';

/** The grant after one more event of its stream. */
export function evolveGrant(grant: GrantView | null, event: StoredEvent): GrantView | null {
  if (event.event_type === 'grant.created') {
    const data = event.data as unknown as DomainEventData<'grant.created'>;
    const { offer_id: _offer, ...offer } = data.offer;
    return {
      ...offer,
      grant_id: data.grant_id,
      parent_id: data.parent_id,
      approval_id: data.approval_id,
      decider_id: data.decider_id,
      created_at: event.occurred_at,
      status: 'active',
      uses: 0,
      last_used_at: null,
    };
  }
  if (grant === null) return null;
  if (event.event_type === 'grant.used')
    return { ...grant, uses: grant.uses + 1, last_used_at: event.occurred_at };
  if (event.event_type === 'grant.revoked') return { ...grant, status: 'revoked' };
  return grant;
}

/** The grant as it counts at `now` (milliseconds): one whose time is over is expired. */
export const grantAt = (grant: GrantView, now: number): GrantView =>
  grant.status === 'active' && grant.until !== null && Date.parse(grant.until) <= now
    ? { ...grant, status: 'expired' }
    : grant;

/** The grant itself and everything that was derived from it. */
export function withChildren(grantId: string, grants: readonly GrantView[]): GrantView[] {
  const found = grants.filter((g) => g.grant_id === grantId);
  for (let i = 0; i < found.length; i++)
    found.push(...grants.filter((g) => g.parent_id === found[i]?.grant_id && !found.includes(g)));
  return found;
}
