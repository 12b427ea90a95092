// A second host process on one data directory. It serves nobody and writes nothing: it watches, until
// there is no need for it, or the one that holds the directory is gone or stands still.
import { join } from 'node:path';
import { hostFiles } from '#schema/client/data-dir.ts';
import { findHost } from '#schema/client/find-host.ts';
import { connectHost } from '#schema/client/host-client.ts';
import type { Clock } from '#host/kernel/clock.ts';
import {
  availability,
  readLease,
  type FoundRecord,
  type LeaseMoment,
  type LeaseRecord,
} from '#host/kernel/lease.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Machine } from '#host/kernel/machine.ts';
import { leaseCell, SCHEDULER_LEASE } from '#host/store/lease-port.ts';
import { peekCell } from '#host/store/adapters/sqlite/peek-cell.ts';
import { takeHostLock } from './host-lock.ts';
import { processStart } from './process-start.ts';

export interface FollowerOptions {
  dataDir: string;
  clock: Clock;
  machine: Machine;
  log: Log;
  /** True: stays while the other host is well, to follow it. False: only while that one does not answer. */
  standby: boolean;
  signal: AbortSignal;
}

/** free: the directory's lock can be had; answered: the other host is well, so this one is not needed. */
export type FollowerEnd = 'free' | 'answered' | 'aborted';

const LOOK_MS = 1_000;
const ANSWER_MS = 2_000;
/** A process that was ended lets go of its lock within this. */
const GONE_MS = 1_000;

/** Watches until something is decided. */
export async function follow(options: FollowerOptions): Promise<FollowerEnd> {
  const { dataDir, clock, log, standby, signal } = options;
  log.info('another host holds the data directory; this one follows', { standby });
  for (;;) {
    if (signal.aborted) return 'aborted';
    if (isLockFree(dataDir)) return 'free';
    if (!standby && (await answers(dataDir))) return 'answered';
    const left = termOf(options);
    if (left !== null && left <= ANSWER_MS) {
      if (await endsWithItsTerm(options)) return 'free';
    } else
      await pause(clock, Math.min(LOOK_MS, left === null ? LOOK_MS : left - ANSWER_MS), signal);
  }
}

/**
 * The holder is asked while the last of its term runs, so that one that stands still is ended in the moment in
 * which that is over, and not when it has been asked after it. One that wakes in between renews its term first.
 * True when it is gone.
 */
async function endsWithItsTerm(options: FollowerOptions): Promise<boolean> {
  const { dataDir, clock, log, signal } = options;
  const isWell = await answers(dataDir);
  // Well, and soon to renew its term; or slow, and has until then.
  await pause(clock, isWell ? LOOK_MS : Math.max(0, termOf(options) ?? 0), signal);
  if (isWell || signal.aborted) return false;
  const record = recordOf(options);
  if (!mayBeEnded(record, momentOf(options), processStart)) return false;
  endHolder(record, log);
  return isLockFree(dataDir, GONE_MS);
}

const recordOf = ({ dataDir }: FollowerOptions): FoundRecord =>
  readLease(peekCell(join(dataDir, 'events.db'), leaseCell(SCHEDULER_LEASE)));

const termOf = (options: FollowerOptions): number | null =>
  endsIn(recordOf(options), momentOf(options), processStart);

/**
 * The milliseconds after which the process in a lease's record may be ended where it stands still, so that the
 * kernel frees its locks: its term runs out, it is of this boot, and the process that now has its pid is still
 * that one. Null where that cannot be known: it is left alone.
 */
export function endsIn(
  record: FoundRecord,
  moment: LeaseMoment,
  startOf: (pid: number) => string | null,
): number | null {
  if (typeof record !== 'object' || record.released || record.process_start === null) return null;
  if (moment.boot_id !== null && record.boot_id !== moment.boot_id) return null;
  const now = availability(record, moment, 0);
  if (now.free && now.after !== 'expired') return null;
  if (startOf(record.pid) !== record.process_start) return null;
  return now.free ? 0 : now.waitMs;
}

export const mayBeEnded = (
  record: FoundRecord,
  moment: LeaseMoment,
  startOf: (pid: number) => string | null,
): record is LeaseRecord => endsIn(record, moment, startOf) === 0;

function endHolder(record: LeaseRecord, log: Log): void {
  const { pid, instance_id, lease_expires_at } = record;
  log.warn('the host that holds the data directory stands still and is ended', {
    pid,
    instance_id,
    lease_expires_at,
  });
  try {
    process.kill(pid, 'SIGKILL');
  } catch (failure) {
    log.warn('it could not be ended', { pid, why: String(failure) });
  }
}

function isLockFree(dataDir: string, waitMs = 0): boolean {
  const lock = takeHostLock(hostFiles(dataDir).lock, waitMs);
  lock?.release();
  return lock !== null;
}

async function answers(dataDir: string): Promise<boolean> {
  try {
    const found = await findHost({ dataDir });
    if (found === null) return false;
    const { address, instance_id: instanceId } = found.endpoint;
    const client = await connectHost({
      address,
      instanceId,
      key: found.key,
      role: 'cli',
      principalHint: 'follower',
      timeoutMs: ANSWER_MS,
    });
    await client.close();
    return true;
  } catch {
    return false;
  }
}

const momentOf = ({ clock, machine }: FollowerOptions): LeaseMoment => ({
  wall: clock.now(),
  uptime: machine.uptime(),
  boot_id: machine.bootId,
});

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      cancel();
      // A standby pauses every second for as long as it lives.
      signal.removeEventListener('abort', over);
      resolve();
    };
    const cancel = clock.timer(ms, over);
    signal.addEventListener('abort', over);
  });
}
