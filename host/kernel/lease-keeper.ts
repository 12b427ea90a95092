import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import {
  availability,
  heldBy,
  isHeld,
  isUnfenced,
  LEASE_TIMES,
  type FoundRecord,
  type LeaseMoment,
  type LeaseOwner,
  type LeaseRecord,
  type LeaseState,
  type LeaseTimes,
  type TakenAfter,
} from './lease.ts';
import type { Machine } from './machine.ts';

/** What is to be written about a lease, decided from what is there; null leaves it alone. */
export type LeaseChange =
  | { kind: 'take'; after: TakenAfter; previous: LeaseRecord | null }
  | { kind: 'beat' }
  | { kind: 'release' }
  | null;

/**
 * Where one lease is kept. `change` reads the record, asks `decide`, and writes what `write` makes of
 * it, as one durable transaction. A take also draws the next fencing number, which is never given twice.
 */
export interface LeasePort {
  change(
    decide: (found: FoundRecord) => LeaseChange,
    write: (
      found: FoundRecord,
      change: NonNullable<LeaseChange>,
      nextFencing: number,
    ) => LeaseRecord,
  ): Promise<FoundRecord>;
}

export interface LeaseKeeperOptions {
  port: LeasePort;
  owner: LeaseOwner;
  clock: Clock;
  machine: Machine;
  log: Log;
  times?: LeaseTimes;
}

/** A store that cannot be written is tried again after this long. */
const RETRY_MS = 1_000;

/** Takes one lease when it is free, keeps it with heartbeats, and knows at every moment whether it holds it. */
export class LeaseKeeper {
  readonly #o: LeaseKeeperOptions;
  readonly #times: LeaseTimes;
  readonly #listeners = new Set<(state: LeaseState) => void>();
  #found: FoundRecord = 'none';
  /** Since when `#found` has been the same, on the machine's clock. */
  #seenSince = 0;
  /** The number under which this owner holds or held it; 0 before the first time. */
  #fencing = 0;
  #isTaking = false;
  #told: LeaseState = 'follower';
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(options: LeaseKeeperOptions) {
    this.#o = options;
    this.#times = options.times ?? LEASE_TIMES;
  }

  /** Decided anew at each look: a process that was paused is no leader when it wakes. */
  get state(): LeaseState {
    if (this.#isHeld()) return 'leader';
    return this.#isTaking ? 'candidate' : 'follower';
  }

  /** The number that writes under the lease are checked by; null while it is not held. */
  get fencing(): number | null {
    return this.#isHeld() ? this.#fencing : null;
  }

  /** As it was last read or written, whoever holds it. */
  get record(): LeaseRecord | null {
    return typeof this.#found === 'object' ? this.#found : null;
  }

  /** Whether a write under the lease may still happen, given the record inside the same transaction. */
  isUnfenced(found: FoundRecord): boolean {
    return this.#fencing > 0 && isUnfenced(found, this.#o.owner.instance_id, this.#fencing);
  }

  /** The same, and it has not run out: what starting something takes. */
  leads(found: FoundRecord): boolean {
    return (
      this.#fencing > 0 && isHeld(found, this.#o.owner.instance_id, this.#fencing, this.#moment())
    );
  }

  /** Told after each change of state. Returns how to stop. */
  onState(listener: (state: LeaseState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.turn();
  }

  /** Gives it back, so that the next one need not wait. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
    try {
      if (this.#isHeld())
        await this.#change((found) => (this.isUnfenced(found) ? { kind: 'release' } : null));
    } catch (failure) {
      this.#o.log.warn('the lease could not be given back', { why: String(failure) });
    }
    this.#tell();
  }

  /** One look: a heartbeat, a take-over, or the wait for either. Turns follow each other. */
  turn(): Promise<void> {
    this.#running = this.#running.then(() => this.#turn());
    return this.#running;
  }

  async #turn(): Promise<void> {
    this.#cancel();
    let again = RETRY_MS;
    try {
      this.#isTaking = !this.#isHeld() && this.#availability().free;
      this.#tell();
      await this.#change((found) => this.#decide(found));
      again = this.#nextLook();
    } catch (failure) {
      this.#o.log.warn('the lease could not be written', { why: String(failure) });
    }
    this.#isTaking = false;
    this.#tell();
    if (!this.#stopped) this.#cancel = this.#o.clock.timer(again, () => void this.turn());
  }

  /** Runs inside the transaction, on what is there then. */
  #decide(found: FoundRecord): LeaseChange {
    if (this.isUnfenced(found)) return { kind: 'beat' };
    const now = availability(found, this.#moment(), this.#seenFor(found), this.#times);
    if (!now.free) return null;
    const previous = typeof found === 'object' ? found : null;
    return { kind: 'take', after: now.after, previous };
  }

  async #change(decide: (found: FoundRecord) => LeaseChange): Promise<void> {
    const { port, owner } = this.#o;
    const found = await port.change(decide, (was, change, nextFencing) => {
      const moment = this.#moment();
      if (change.kind === 'take') return heldBy(owner, nextFencing, moment, this.#times);
      const beat = heldBy(owner, this.#fencing, moment, this.#times);
      return change.kind === 'beat' ? beat : { ...beat, released: true };
    });
    this.#see(found);
    if (typeof found === 'object' && found.instance_id === owner.instance_id && !found.released)
      this.#fencing = found.fencing;
  }

  #see(found: FoundRecord): void {
    if (!isSame(found, this.#found) || this.#seenSince === 0)
      this.#seenSince = this.#o.machine.uptime();
    this.#found = found;
  }

  #seenFor(found: FoundRecord): number {
    return isSame(found, this.#found) && this.#seenSince > 0
      ? this.#o.machine.uptime() - this.#seenSince
      : 0;
  }

  #availability(): ReturnType<typeof availability> {
    return availability(this.#found, this.#moment(), this.#seenFor(this.#found), this.#times);
  }

  #nextLook(): number {
    if (this.#isHeld()) return this.#times.heartbeatMs;
    const now = this.#availability();
    return now.free ? RETRY_MS : Math.min(now.waitMs + 1, this.#times.heartbeatMs);
  }

  #isHeld(): boolean {
    return this.leads(this.#found);
  }

  #moment(): LeaseMoment {
    const { clock, machine } = this.#o;
    return { wall: clock.now(), uptime: machine.uptime(), boot_id: machine.bootId };
  }

  #tell(): void {
    const { state } = this;
    if (state === this.#told) return;
    this.#told = state;
    for (const listener of this.#listeners) listener(state);
  }
}

const isSame = (a: FoundRecord, b: FoundRecord): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.instance_id === b.instance_id &&
      a.fencing === b.fencing &&
      a.heartbeat_uptime === b.heartbeat_uptime
    : a === b;
