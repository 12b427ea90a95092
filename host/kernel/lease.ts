// A lease: who may do something alone, until when, and with which fencing number. Decided here, from
// values alone; a `LeasePort` makes each decision one durable transaction.

/** One process that wants to hold a lease. */
export interface LeaseOwner {
  /** UUID of this host's life. */
  readonly instance_id: string;
  readonly pid: number;
  /** Tells this process from a later one with the same pid; null where that cannot be known. */
  readonly process_start: string | null;
  /** When the host started, ISO. */
  readonly started_at: string;
}

/** What is written down about a lease: one record for each name, overwritten by every heartbeat. */
export interface LeaseRecord extends LeaseOwner {
  readonly boot_id: string | null;
  /** Wall clock, ISO, for people: nothing is decided by these two. */
  readonly heartbeat_at: string;
  readonly lease_expires_at: string;
  /** The machine's monotonic milliseconds (`Machine.uptime`): what expiry is decided by. */
  readonly heartbeat_uptime: number;
  readonly expires_uptime: number;
  /** Grows by at least one whenever the lease changes hands; checked by whoever writes under the lease. */
  readonly fencing: number;
  /** Given back in order, so nobody has to wait for its end. */
  readonly released: boolean;
}

/** A record as it was found: none yet, one, or something that cannot be read. */
export type FoundRecord = LeaseRecord | 'none' | 'unreadable';

/** Now, on all the clocks that a lease knows. */
export interface LeaseMoment {
  /** Milliseconds since 1970. */
  readonly wall: number;
  readonly uptime: number;
  readonly boot_id: string | null;
}

export interface LeaseTimes {
  readonly heartbeatMs: number;
  readonly ttlMs: number;
}

export const LEASE_TIMES: LeaseTimes = { heartbeatMs: 5_000, ttlMs: 15_000 };

/**
 * follower: somebody else holds it, or may; candidate: it is free and being taken; leader: held.
 */
export type LeaseState = 'follower' | 'candidate' | 'leader';

/** Why a lease could be taken. */
export type TakenAfter = 'none' | 'released' | 'expired' | 'rebooted' | 'unreadable';

/** Whether a lease is free at a moment, and otherwise the milliseconds until it may be. */
export type Availability = { free: true; after: TakenAfter } | { free: false; waitMs: number };

/**
 * Whether the lease can be taken over. Only after its end, however dead its owner may look; at once
 * when it was given back, or when it is of an earlier boot of this machine. `seenMs`: for how long
 * this same record has been looked at, which is what counts where it cannot be read.
 */
export function availability(
  found: FoundRecord,
  moment: LeaseMoment,
  seenMs: number,
  times: LeaseTimes = LEASE_TIMES,
): Availability {
  if (found === 'none') return { free: true, after: 'none' };
  if (found === 'unreadable') return freeIn(times.ttlMs - seenMs, 'unreadable');
  if (found.released) return { free: true, after: 'released' };
  if (isOfEarlierBoot(found, moment)) return { free: true, after: 'rebooted' };
  return freeIn(found.expires_uptime - moment.uptime, 'expired');
}

const freeIn = (waitMs: number, after: TakenAfter): Availability =>
  waitMs <= 0 ? { free: true, after } : { free: false, waitMs };

/** Without names of boots, a heartbeat that lies in the future was counted from another start of the clock. */
const isOfEarlierBoot = (record: LeaseRecord, moment: LeaseMoment): boolean =>
  (record.boot_id !== null && moment.boot_id !== null && record.boot_id !== moment.boot_id) ||
  record.heartbeat_uptime > moment.uptime;

/** The record of an owner that takes the lease, or renews it under the same number. */
export const heldBy = (
  owner: LeaseOwner,
  fencing: number,
  moment: LeaseMoment,
  times: LeaseTimes = LEASE_TIMES,
): LeaseRecord => ({
  instance_id: owner.instance_id,
  pid: owner.pid,
  process_start: owner.process_start,
  started_at: owner.started_at,
  boot_id: moment.boot_id,
  heartbeat_at: new Date(moment.wall).toISOString(),
  lease_expires_at: new Date(moment.wall + times.ttlMs).toISOString(),
  heartbeat_uptime: moment.uptime,
  expires_uptime: moment.uptime + times.ttlMs,
  fencing,
  released: false,
});

/** Nobody has taken it from this owner: the record is still its own, run out or not. */
export const isUnfenced = (found: FoundRecord, instanceId: string, fencing: number): boolean =>
  typeof found === 'object' &&
  found.instance_id === instanceId &&
  found.fencing === fencing &&
  !found.released;

/** The owner holds it at this moment: its own, and not run out. */
export const isHeld = (
  found: FoundRecord,
  instanceId: string,
  fencing: number,
  moment: LeaseMoment,
): boolean => isUnfenced(found, instanceId, fencing) && !availability(found, moment, 0).free;

/** The text of a record, and back. Whatever does not have its shape is `unreadable`. */
export const leaseText = (record: LeaseRecord): string => JSON.stringify(record);

export function readLease(text: string | null): FoundRecord {
  if (text === null) return 'none';
  try {
    const value = JSON.parse(text) as unknown;
    return isRecord(value) ? value : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isRecord(value: unknown): value is LeaseRecord {
  if (typeof value !== 'object' || value === null) return false;
  const of = value as Record<string, unknown>;
  const isNullableText = (name: string): boolean =>
    of[name] === null || typeof of[name] === 'string';
  return (
    ['instance_id', 'started_at', 'heartbeat_at', 'lease_expires_at'].every(
      (name) => typeof of[name] === 'string',
    ) &&
    ['boot_id', 'process_start'].every(isNullableText) &&
    ['heartbeat_uptime', 'expires_uptime'].every((name) => Number.isFinite(of[name])) &&
    ['pid', 'fencing'].every((name) => Number.isSafeInteger(of[name]) && Number(of[name]) > 0) &&
    typeof of['released'] === 'boolean'
  );
}
