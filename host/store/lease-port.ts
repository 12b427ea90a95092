import { DEFAULT_WORKSPACE } from '#schema/envelope/ids.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { LeaseKeeper, LeasePort } from '#host/kernel/lease-keeper.ts';
import { leaseText, readLease, type FoundRecord } from '#host/kernel/lease.ts';
import type { EventStore, StoreReader, StoreTransaction } from './ports.ts';

/** Where the record of a lease lies. */
export const leaseCell = (name: string): string => `lease:${name}`;

/** The record of a lease as a reader sees it: committed, or inside its transaction. */
export const leaseIn = async (reader: StoreReader, name: string): Promise<FoundRecord> =>
  readLease(await reader.cell(leaseCell(name)));

/**
 * A lease kept in the event store. Its record is a cell, so a heartbeat is no event; that it changed
 * hands is one, and carries the fencing number, which therefore survives a lost record.
 */
export const leaseInStore = (store: EventStore, name: string, actor: Principal): LeasePort => ({
  change: (decide, write) =>
    store.transact(async (tx) => {
      const found = await leaseIn(tx, name);
      const change = decide(found);
      if (change === null) return found;
      const fencing = change.kind === 'take' ? await nextFencing(tx, name, found) : 0;
      const record = write(found, change, fencing);
      await tx.setCell(leaseCell(name), leaseText(record));
      if (change.kind !== 'take') return record;
      const { instance_id, pid } = record;
      const previous_instance_id = change.previous?.instance_id ?? null;
      const data = { name, instance_id, pid, fencing, after: change.after, previous_instance_id };
      await tx.append(streamOf(name), 'any', [{ type: 'lease.acquired', data }], {
        workspace_id: DEFAULT_WORKSPACE,
        actor,
        correlation_id: instance_id,
        causation_id: null,
      });
      return record;
    }),
});

const streamOf = (name: string) => ({ stream_type: 'lease', stream_id: name });

async function nextFencing(
  tx: StoreTransaction,
  name: string,
  found: FoundRecord,
): Promise<number> {
  const [last] = await tx.query({ ...streamOf(name), order: 'desc', limit: 1 });
  const recorded = typeof found === 'object' ? found.fencing : 0;
  return Math.max(Number(last?.data?.['fencing'] ?? 0), recorded) + 1;
}

/** Checks a lease inside the transactions that write under it. */
export interface Fence {
  /** Whether something may be started: the lease is held at this moment. */
  leads(tx: StoreReader): Promise<boolean>;
  /** To start something: throws `not_leader` unless the lease is held at this moment. */
  toStart(tx: StoreReader): Promise<void>;
  /** To record what became of it: throws `not_leader` once somebody else took the lease. */
  toRecord(tx: StoreReader): Promise<void>;
}

export const fenceOf = (keeper: LeaseKeeper, name: string): Fence => ({
  async leads(tx) {
    return keeper.leads(await leaseIn(tx, name));
  },
  async toStart(tx) {
    if (!keeper.leads(await leaseIn(tx, name))) throw new HobError('not_leader');
  },
  async toRecord(tx) {
    if (!keeper.isUnfenced(await leaseIn(tx, name))) throw new HobError('not_leader');
  },
});

/** The one lease so far. Claims of runs by other engines will take the same way under their own names. */
export const SCHEDULER_LEASE = 'scheduler';
