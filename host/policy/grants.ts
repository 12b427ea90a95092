import type { Principal } from '#schema/envelope/principal.ts';
import type { EventStore } from '#host/store/ports.ts';
import { withChildren } from './core/grant-view.ts';
import { grantsProjection } from './projections.ts';
import type { GrantView } from '#schema/views/grant.ts';

/** Revokes grants in one transaction; those that are not active are left alone. Gives the ids of all that are dead now. */
async function revoke(
  store: EventStore,
  pick: (all: readonly GrantView[]) => readonly GrantView[],
  reason: string,
  by: Principal,
): Promise<string[]> {
  return store.transact(async (tx) => {
    const dead = pick(await tx.documents(grantsProjection, { limit: 100_000 }));
    for (const grant of dead.filter((g) => g.status === 'active')) {
      const context = {
        workspace_id: grant.workspace_id,
        actor: by,
        correlation_id: grant.grant_id,
        causation_id: null,
      };
      await tx.append(
        { stream_type: 'grant', stream_id: grant.grant_id },
        'any',
        [{ type: 'grant.revoked', data: { grant_id: grant.grant_id, reason } }],
        context,
      );
    }
    return dead.map((g) => g.grant_id);
  });
}

/** One grant and everything derived from it. Empty when there is no such grant. */
export const revokeGrant = (
  store: EventStore,
  grantId: string,
  reason: string,
  by: Principal,
): Promise<string[]> => revoke(store, (all) => withChildren(grantId, all), reason, by);

/** Everything that one principal was granted. */
export const revokeGrantsOf = (
  store: EventStore,
  principalId: string,
  by: Principal,
): Promise<string[]> =>
  revoke(
    store,
    (all) => all.filter((g) => g.principal_id === principalId),
    'its principal was revoked',
    by,
  );
