// A second host process on one data directory. It serves nobody and writes nothing: it watches, until
// there is no need for it, or the one that holds the directory is gone or stands still.
import { join } from 'node:path';
import { hostFiles } from '#schema/client/data-dir.ts';
import { findHost } from '#schema/client/find-host.ts';
import { connectHost } from '#schema/client/host-client.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { availability, readLease, type FoundRecord, type LeaseMoment } from '#host/kernel/lease.ts';
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

/** Watches until something is decided. */
export async function follow(options: FollowerOptions): Promise<FollowerEnd> {
  const { dataDir, clock, log, standby, signal } = options;
  log.info('another host holds the data directory; this one follows', { standby });
  for (;;) {
    if (signal.aborted) return 'aborted';
    if (isLockFree(dataDir)) return 'free';
    if (!standby && (await answers(dataDir))) return 'answered';
    const record = readLease(peekCell(join(dataDir, 'events.db'), leaseCell(SCHEDULER_LEASE)));
    if (mayBeEnded(record, momentOf(options), processStart) && !(await answers(dataDir)))
      endHolder(record, log);
    await pause(clock, LOOK_MS, signal);
  }
}

/**
 * Whether the process in a lease's record stands still and may be ended, so that the kernel frees its
 * locks: its term ran out, it is of this boot, and the process that now has its pid is still that one.
 * Where that cannot be known it is left alone.
 */
export function mayBeEnded(
  record: FoundRecord,
  moment: LeaseMoment,
  startOf: (pid: number) => string | null,
): record is Exclude<FoundRecord, string> {
  if (typeof record !== 'object' || record.released || record.process_start === null) return false;
  if (moment.boot_id !== null && record.boot_id !== moment.boot_id) return false;
  const now = availability(record, moment, 0);
  return now.free && now.after === 'expired' && startOf(record.pid) === record.process_start;
}

function endHolder(record: Exclude<FoundRecord, string>, log: Log): void {
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

function isLockFree(dataDir: string): boolean {
  const lock = takeHostLock(hostFiles(dataDir).lock, 0);
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
    const cancel = clock.timer(ms, resolve);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
