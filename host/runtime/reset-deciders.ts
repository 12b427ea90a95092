import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hostFiles } from '#schema/client/data-dir.ts';
import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import { HobError } from '#host/kernel/errors.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import {
  approvalsProjection,
  decidersProjection,
  grantsProjection,
} from '#host/policy/projections.ts';
import { openSqliteStore } from '#host/store/adapters/sqlite/store.ts';
import type { EventStore } from '#host/store/ports.ts';
import { takeHostLock } from './host-lock.ts';
import { projections } from './projections.ts';

/** What a reset ended. */
export interface ResetResult {
  deciders: number;
  grants: number;
}

/**
 * Forgets every decider, so that the next editor that connects becomes the first one again: the way
 * back when an editor's secret storage is lost. Everything that was granted ends with it, and the
 * reset is an event. Only without a running host; throws `host_draining` when one holds the lock.
 */
export async function resetDeciders(dataDir: string): Promise<ResetResult> {
  const file = join(dataDir, 'events.db');
  if (!existsSync(file))
    throw new HobError('not_found', { message: 'There is no store in this data directory.' });
  const lock = takeHostLock(hostFiles(dataDir).lock);
  if (lock === null)
    throw new HobError('host_draining', {
      message: 'A host runs on this data directory. Close your editors, wait 30 s, and try again.',
    });
  try {
    const store = await openSqliteStore({
      file,
      clock: systemClock,
      ids: systemIds(),
      projections,
      knownSecrets: () => [],
      log: silentLog,
      verifyWorker: null,
    });
    try {
      return await reset(store);
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}

function reset(store: EventStore): Promise<ResetResult> {
  const reason = 'deciders were reset in a terminal';
  return store.transact(async (tx) => {
    const append = (type: string, id: string, event: DomainEvent) =>
      tx.append({ stream_type: type, stream_id: id }, 'any', [event], {
        workspace_id: DEFAULT_WORKSPACE,
        actor: hostPrincipal,
        correlation_id: id,
        causation_id: null,
        zone: 'high_stakes',
      });
    const limit = 100_000;
    const deciders = await tx.documents(decidersProjection, {
      where: { status: 'enrolled' },
      limit,
    });
    const grants = await tx.documents(grantsProjection, { where: { status: 'active' }, limit });
    const open = await tx.documents(approvalsProjection, {
      where: { status: ['pending', 'held'] },
      limit,
    });
    for (const { decider_id } of deciders)
      await append('decider', decider_id, { type: 'decider.reset', data: { reason } });
    for (const { grant_id } of grants)
      await append('grant', grant_id, { type: 'grant.revoked', data: { grant_id, reason } });
    for (const { approval_id } of open.filter((a) => a.call.action === 'decider.enroll'))
      await append('approval', approval_id, {
        type: 'approval.cancelled',
        data: { approval_id, reason: 'decider_reset' },
      });
    return { deciders: deciders.length, grants: grants.length };
  });
}
