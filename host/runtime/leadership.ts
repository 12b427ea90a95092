import type { LeadershipView } from '#schema/commands/runtime.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { LeaseKeeper } from '#host/kernel/lease-keeper.ts';
import type { LeaseTimes } from '#host/kernel/lease.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Machine } from '#host/kernel/machine.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import { leaseInStore, SCHEDULER_LEASE } from '#host/store/lease-port.ts';
import type { EventStore } from '#host/store/ports.ts';
import { processStart } from './process-start.ts';

export interface LeadershipOptions {
  store: EventStore;
  clock: Clock;
  machine: Machine;
  log: Log;
  instanceId: string;
  times?: LeaseTimes;
}

/** This host's hold on the scheduler of its data directory. */
export const schedulerLease = (o: LeadershipOptions): LeaseKeeper =>
  new LeaseKeeper({
    port: leaseInStore(o.store, SCHEDULER_LEASE, hostPrincipal),
    owner: {
      instance_id: o.instanceId,
      pid: process.pid,
      process_start: processStart(process.pid),
      started_at: isoTime(o.clock.now()),
    },
    clock: o.clock,
    machine: o.machine,
    log: o.log,
    ...(o.times === undefined ? {} : { times: o.times }),
  });

/** What `runtime.status` says about it. */
export function leadershipView(lease: LeaseKeeper): LeadershipView {
  const { record } = lease;
  return {
    state: lease.state,
    fencing: record?.fencing ?? null,
    instance_id: record?.instance_id ?? null,
    pid: record?.pid ?? null,
    started_at: record?.started_at ?? null,
    heartbeat_at: record?.heartbeat_at ?? null,
    lease_expires_at: record?.lease_expires_at ?? null,
  };
}
