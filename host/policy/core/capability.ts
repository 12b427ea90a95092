import {
  zones,
  type CapabilityScope,
  type CapabilityView,
  type Zone,
} from '#schema/views/capability.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** The grant after one more event of its stream. */
export function evolveCapability(
  capability: CapabilityView | null,
  event: StoredEvent,
): CapabilityView | null {
  if (event.event_type === 'capability.granted') {
    const { grant_id, agent_id, scope, delegation, approval_id } =
      event.data as unknown as DomainEventData<'capability.granted'>;
    const created_at = capability?.created_at ?? event.occurred_at;
    return { grant_id, agent_id, scope, delegation, approval_id, created_at, status: 'active' };
  }
  if (capability === null) return null;
  return event.event_type === 'capability.revoked'
    ? { ...capability, status: 'revoked' }
    : capability;
}

/** What a token is good for right now: the part that every grant it was handed down through has. */
export interface CapabilityLimit extends CapabilityScope {
  /** False once one of them was revoked or is missing. */
  readonly alive: boolean;
}

/** `line` is the delegation, first to last; a missing one counts as revoked. */
export function limitOf(line: readonly (CapabilityView | null)[]): CapabilityLimit {
  const scopes = line.flatMap((capability) => capability?.scope ?? []);
  const alive = line.length > 0 && line.every((capability) => capability?.status === 'active');
  const [first, ...rest] = scopes;
  if (first === undefined) return { ...NOTHING, alive: false };
  return { ...rest.reduce(common, first), alive };
}

const NOTHING: CapabilityScope = { actions: [], zone: 'sandbox', workspace_ids: [], until: null };

/** What both allow. */
function common(one: CapabilityScope, other: CapabilityScope): CapabilityScope {
  const ends = [one.until, other.until].filter((until) => until !== null).toSorted();
  return {
    actions: both(one.actions, other.actions),
    zone: rank(one.zone) < rank(other.zone) ? one.zone : other.zone,
    workspace_ids: both(one.workspace_ids, other.workspace_ids),
    until: ends[0] ?? null,
  };
}

const both = <T>(one: T[] | null, other: T[] | null): T[] | null =>
  one === null ? other : other === null ? one : one.filter((item) => other.includes(item));

const rank = (zone: Zone): number => zones.indexOf(zone);

/** True when `child` goes nowhere that `parent` does not. */
export function isWithin(child: CapabilityScope, parent: CapabilityScope): boolean {
  const inside = <T>(part: readonly T[] | null, whole: readonly T[] | null): boolean =>
    whole === null || (part !== null && part.every((item) => whole.includes(item)));
  return (
    inside(child.actions, parent.actions) &&
    inside(child.workspace_ids, parent.workspace_ids) &&
    rank(child.zone) <= rank(parent.zone) &&
    (parent.until === null || (child.until !== null && child.until <= parent.until))
  );
}

/** What is asked for on top of what there is; what is left out stays. */
export type ScopeRequest = {
  readonly [K in keyof CapabilityScope]?: CapabilityScope[K] | undefined;
};

/** The scope after a request for more. */
export function widened(now: CapabilityScope, more: ScopeRequest): CapabilityScope {
  const union = <T>(old: T[] | null, added: T[] | null | undefined): T[] | null =>
    added === undefined || old === null
      ? old
      : added === null
        ? null
        : [...new Set([...old, ...added])];
  return {
    actions: union(now.actions, more.actions),
    zone: more.zone ?? now.zone,
    workspace_ids: union(now.workspace_ids, more.workspace_ids),
    until: more.until === undefined ? now.until : more.until,
  };
}

/** Why a call goes beyond a token, with a code; null when it does not. Asking for more is always inside. */
export function beyond(
  limit: CapabilityLimit,
  { call, workspace_id }: { call: ActionCall; workspace_id: string },
  zone: Zone,
  now: number,
): { reason_code: string; reason: string } | null {
  if (!limit.alive) return { reason_code: 'capability_revoked', reason: 'This token was revoked.' };
  if (limit.until !== null && Date.parse(limit.until) <= now)
    return { reason_code: 'capability_expired', reason: 'The time of this token is over.' };
  const { action } = call;
  if (action === 'capability.grant') return null;
  if (limit.actions !== null && !limit.actions.includes(action))
    return {
      reason_code: 'capability_action',
      reason: `This token is not good for ${action}; capability.request asks for more.`,
    };
  if (limit.workspace_ids !== null && !limit.workspace_ids.includes(workspace_id))
    return {
      reason_code: 'capability_workspace',
      reason: 'This token is not good in this workspace; capability.request asks for more.',
    };
  if (rank(zone) > rank(limit.zone))
    return {
      reason_code: 'capability_zone',
      reason: `This token goes no further than the zone "${limit.zone}", and this call is "${zone}".`,
    };
  return null;
}
