// Several hosts on one data directory, in virtual time, with everything going wrong that can. What is
// decided is decided by the scheduler's and the lease's own code; only time, the store and the processes
// are played. Each step of a host ends at an await, and anything may happen before the next one: it is
// killed, paused, the clock jumps, somebody edits, another host acts.
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { RunView } from '#schema/views/run.ts';
import type { SlotView, TaskDefinition, TaskView } from '#schema/views/task.ts';
import {
  availability,
  heldBy,
  isHeld,
  isUnfenced,
  type FoundRecord,
  type LeaseMoment,
} from '#host/kernel/lease.ts';
import { nextSlot } from '#host/scheduler/core/calendar.ts';
import { createTask, updateTask, type TaskPatch } from '#host/scheduler/core/decide-task.ts';
import { settleSlot } from '#host/scheduler/core/outcome.ts';
import { causeOf } from '#host/scheduler/core/event-trigger.ts';
import {
  claimable,
  claimableAtOnce,
  planAfter,
  planDue,
  repeated,
  type Cause,
  type Claimable,
  type ClaimableAtOnce,
} from '#host/scheduler/core/plan.ts';
import { runKey } from '#host/scheduler/core/run-key.ts';
import { evolveSlot } from '#host/scheduler/core/slot.ts';
import { evolveTask } from '#host/scheduler/core/task.ts';

/** Faults that can be planted, to see whether they are found. */
export type PlantedBug =
  | 'no ledger'
  | "key with the lease's term"
  | 'takeover before expiry'
  | 'claim after start'
  | 'edit re-runs a slot'
  | 'an answer between two leaders is lost'
  | 'an event is shown again'
  | 'what was read ahead is not held against what is there'
  | 'a new leader begins with what comes';

/** What was found wrong; the simulation stops at the first. */
export class Violation extends Error {}

const READ_AHEAD = 'what was read ahead is not held against what is there';
const HOSTS = 3;
const START = Date.UTC(2026, 10, 21, 8);
const TASK = 'task_01JD00000000000000000000AA';
const steps = [100, 1_000, 5_000, 14_900, 15_001, 60_000, 300_001, 3_600_000] as const;

interface Host {
  /** Of this life: who is started again is somebody else. */
  readonly id: string;
  alive: boolean;
  paused: boolean;
  found: FoundRecord;
  fencing: number;
  /** The last event that it has shown to the task. */
  shown: number;
  /** What it does next, after the await that it is at. */
  waiting: (() => void)[];
}

interface SimRun {
  readonly run_id: string;
  readonly run_key: string;
  readonly host: string;
  status: RunView['status'];
}

export class SchedulerSimulation {
  readonly #bug: PlantedBug | null;
  #uptime = 10_000;
  #offset = START - 10_000;
  #seq = 0;
  #task: TaskView | null = null;
  readonly #slots = new Map<string, SlotView>();
  readonly #runs = new Map<string, SimRun>();
  #lease: FoundRecord = 'none';
  #fencing = 0;
  #killSwitch = false;
  #lives = 0;
  /** What happened that the task comes after, where it comes after events. */
  readonly #happened: Cause[] = [];
  /** How many of those were queued or said to be skipped. */
  #placed = 0;
  /** Slot → effects begun for it. */
  readonly #effects = new Map<string, string[]>();
  readonly #hosts: Host[];
  /** How much happened, so that a simulation in which nothing does is noticed. */
  readonly counts = {
    effects: 0,
    takeovers: 0,
    skips: 0,
    repeats: 0,
    parked: 0,
    kept: 0,
    ahead: 0,
  };

  constructor(bug: PlantedBug | null, definition: Partial<TaskDefinition> = {}) {
    this.#bug = bug;
    this.#hosts = Array.from({ length: HOSTS }, (_, i) => host(`host-${i}`));
    const maker = {
      kind: 'user',
      id: 'user',
      display: 'you',
      role: 'panel',
      proven: true,
    } as const;
    const created = createTask(
      {
        task_id: TASK,
        definition: { ...defaults, ...definition },
        maker,
        builtin: null,
        folders: [],
      },
      this.#now(),
    );
    this.#append([created]);
  }

  /** Plays a schedule: two bytes a step. Then lets everything come to rest. Throws Violation. */
  play(schedule: Uint8Array): void {
    for (let i = 0; i + 1 < schedule.length; i += 2) {
      this.#step(schedule[i] ?? 0, schedule[i + 1] ?? 0);
      this.#checkLeaders();
    }
    this.#comeToRest();
  }

  #step(kind: number, value: number): void {
    const one = this.#hosts[value % HOSTS] ?? this.#host(0);
    const up = one.alive && !one.paused;
    const choice = kind % 36;
    if (choice < 5) this.#pass(steps[value % steps.length] ?? 0);
    else if (choice < 10) {
      if (up) this.#leaseTurn(one);
    } else if (choice < 14) {
      if (up) this.#look(one);
    } else if (choice < 21) {
      if (up) this.#goOn(one, value >> 2);
    } else if (choice === 21) this.#kill(one);
    else if (choice === 22) one.alive = true;
    else if (choice === 23) one.paused = !one.paused;
    else if (choice === 24) this.#offset += value % 2 === 0 ? 3_600_000 : -3_600_000;
    else if (choice === 25) this.#offset += value % 16 === 0 ? 86_400_000 : 0;
    else if (choice === 26) this.#killSwitch = !this.#killSwitch;
    else if (choice === 27) this.#edit(value);
    else if (choice === 28) {
      if (up) this.#answer(one, value);
    } else if (choice === 29) this.#happen();
    else if (choice < 33) this.#comesDue(value);
    else if (up) this.#staleOffer(one);
  }

  /** The next slot's moment comes, while whoever leads keeps the lease. */
  #comesDue(value: number): void {
    const next = this.#task?.next_due ?? null;
    if (next === null) return;
    const leader = this.#hosts.find(
      (one) => one.alive && !one.paused && isHeld(one.found, one.id, one.fencing, this.#moment()),
    );
    this.#pass(Math.max(0, Date.parse(next) - this.#now()) + (value % 8) * 150);
    if (leader !== undefined && isUnfenced(this.#lease, leader.id, leader.fencing))
      this.#leaseTurn(leader);
  }

  #happen(): void {
    if (this.#task?.trigger.kind !== 'event') return;
    this.#seq += 1;
    this.#happened.push({ seq: this.#seq, at: this.#now(), isLoop: false });
  }

  #pass(ms: number): void {
    this.#uptime += ms;
  }

  // The lease, by the kernel's decisions.

  #leaseTurn(one: Host): void {
    const moment = this.#moment();
    const found = this.#lease;
    if (one.fencing > 0 && isUnfenced(found, one.id, one.fencing))
      this.#lease = heldBy(this.#owner(one), one.fencing, moment);
    else if (this.#isFree(found, moment)) {
      this.#fencing += 1;
      this.counts.takeovers += 1;
      one.fencing = this.#fencing;
      this.#lease = heldBy(this.#owner(one), this.#fencing, moment);
      one.found = this.#lease;
      if (this.#bug === 'a new leader begins with what comes') one.shown = this.#seq;
      this.#recover(one);
    }
    one.found = this.#lease;
  }

  #isFree(found: FoundRecord, moment: LeaseMoment): boolean {
    if (this.#bug === 'takeover before expiry' && typeof found === 'object')
      return moment.uptime >= found.heartbeat_uptime + 5_000;
    return availability(found, moment, 0).free;
  }

  /** What a new leader does first: runs of earlier ones that cannot go on were cut off. */
  #recover(one: Host): void {
    for (const run of this.#runs.values())
      if (run.status === 'running' && run.host !== one.id) this.#end(run, 'interrupted');
  }

  // A look at the task: is it mine to do, then one transaction, then the effect, then its end.

  #look(one: Host): void {
    if (!isHeld(one.found, one.id, one.fencing, this.#moment())) return;
    const task = this.#task;
    const at = Date.parse(task?.next_due ?? '');
    // What is due soon is worked out now and claimed then; in between anything may happen.
    const ahead = task !== null && at > this.#now() ? claimableAtOnce(task, at) : null;
    if (task === null || ahead === null) one.waiting.push(() => this.#claimDue(one));
    else one.waiting.push(() => this.#claimAhead(one, task, ahead, at));
  }

  #claimAhead(one: Host, known: TaskView, ahead: ClaimableAtOnce, at: number): void {
    const task = this.#task;
    if (task === null || !this.#mayStart(one)) return;
    const now = this.#now();
    const isFresh = now >= at && now - at < 1_000;
    const isTaken = this.#slots.has(this.#key(one, known, ahead));
    if (isFresh && !isTaken && (this.#isAsItWas(task, known) || this.#bug === READ_AHEAD)) {
      this.counts.ahead += 1;
      this.#claim(one, ahead, known);
    } else this.#claimDue(one);
  }

  #isAsItWas(task: TaskView, known: TaskView): boolean {
    return (
      task.generation === known.generation &&
      task.next_due === known.next_due &&
      task.status === 'active' &&
      task.active.length === 0 &&
      task.queue.length === 0
    );
  }

  #claimDue(one: Host): void {
    const task = this.#task;
    if (task === null || !this.#mayStart(one)) return;
    this.#goOnAnswered(one);
    const atOnce = claimableAtOnce(task, this.#now());
    if (atOnce !== null && !this.#slots.has(this.#key(one, task, atOnce)))
      return this.#claim(one, atOnce);
    if (task.trigger.kind === 'event') this.#planAfter(one, task);
    else this.#plan(task);
    const offer = this.#task === null ? null : claimable(this.#task, this.#now());
    if (offer !== null) this.#claim(one, offer);
  }

  #plan(task: TaskView): void {
    const { events } = planDue(task, this.#now());
    if (events.length === 0) return;
    this.#append(events);
    this.#checkPlaces(task, events);
  }

  #planAfter(one: Host, task: TaskView): void {
    const again = this.#bug === 'an event is shown again';
    const known = again ? { ...task, cause_seq: 0 } : task;
    const upTo = Math.max(known.cause_seq, one.shown);
    const causes = this.#happened.filter(({ seq }) => seq > upTo);
    const { events } = planAfter(known, causes, this.#now());
    one.shown = this.#seq;
    this.#append(events);
    for (const { type, data } of events) {
      if (type === 'scheduler.slot_queued') this.#placed += 1;
      if (type !== 'scheduler.slot_skipped') continue;
      this.counts.skips += 1;
      // What a newer one took the place of had its own already.
      if (data.reason_code !== 'cancelled_by_newer') this.#placed += data.count ?? 0;
    }
  }

  /** A wake-up that comes late, with a slot that may have been dealt with long ago. */
  #staleOffer(one: Host): void {
    const task = this.#task;
    const at = task?.last_slot ?? null;
    if (task === null || at === null || !isHeld(one.found, one.id, one.fencing, this.#moment()))
      return;
    const cause_seq = task.trigger.kind === 'event' ? task.cause_seq : null;
    const offer = { scheduled_at: at, cause_seq };
    one.waiting.push(() => {
      if (this.#mayStart(one)) this.#claim(one, offer);
    });
  }

  #claim(one: Host, offer: Claimable | ClaimableAtOnce, task = this.#task): void {
    if (task === null) return;
    const key = this.#key(one, task, offer);
    if (!('next_due' in offer) && this.#isTaken(key, task, offer)) {
      this.counts.repeats += 1;
      this.#append([repeated(task, offer)]);
      return;
    }
    const run_id = `run_${this.#runs.size}`;
    const started = (): void => void one.waiting.push(() => this.#begin(one, run_id));
    const record = (): void => {
      if (task.generation !== this.#task?.generation)
        throw new Violation(`ran as it was before an edit: ${key}`);
      if (this.#bug !== 'no ledger')
        this.#append([claimedEvent(task, offer, key, run_id, one.fencing)]);
      const asks = task.action.kind === 'command' && task.generation % 3 === 0;
      if (asks) this.counts.parked += 1;
      const status = asks ? 'waiting_for_approval' : this.#killSwitch ? 'denied' : 'running';
      this.#runs.set(run_id, { run_id, run_key: key, host: one.id, status });
      if (status === 'denied') this.#settle(run_id);
    };
    if (this.#bug === 'claim after start') {
      this.#effect(key, run_id);
      one.waiting.push(record);
      return;
    }
    record();
    if (this.#runs.get(run_id)?.status === 'running') started();
  }

  #key(one: Host, task: TaskView, offer: Claimable): string {
    const { task_id, generation } = task;
    const key = runKey({ task_id, generation, ...offer });
    return this.#bug === "key with the lease's term" ? `${key}/${one.fencing}` : key;
  }

  /** The store refuses a stream that is there; the queue says what may be claimed at all. */
  #isTaken(key: string, task: TaskView, offer: Claimable): boolean {
    if (this.#bug === 'no ledger') return false;
    if (this.#slots.has(key)) return true;
    if (this.#bug === "key with the lease's term") return false;
    return !task.queue.some(
      (q) => q.scheduled_at === offer.scheduled_at && q.cause_seq === offer.cause_seq,
    );
  }

  /** The start is durable; the effect begins after the next await. */
  #begin(one: Host, run_id: string): void {
    const run = this.#runs.get(run_id);
    if (run === undefined) return;
    this.#effect(run.run_key, run_id);
    one.waiting.push(() => this.#finish(one, run_id));
  }

  #finish(one: Host, run_id: string): void {
    const run = this.#runs.get(run_id);
    // Fenced: whoever took over has said already what became of it.
    if (run?.status !== 'running' || !isUnfenced(this.#lease, one.id, one.fencing)) return;
    this.#end(run, 'succeeded');
  }

  #answer(one: Host, value: number): void {
    const waiting = [...this.#runs.values()].filter((r) => r.status === 'waiting_for_approval');
    const run = waiting[value % Math.max(1, waiting.length)];
    if (run === undefined) return;
    if (this.#mayStart(one)) return this.#resume(one, run);
    // Kept, whoever leads: the run goes on under the next one that does.
    this.counts.kept += 1;
    this.#runs.set(run.run_id, { ...run, status: 'queued' });
  }

  /** A leader goes on with what was answered while nobody led. */
  #goOnAnswered(one: Host): void {
    if (this.#bug === 'an answer between two leaders is lost') return;
    for (const run of this.#runs.values()) if (run.status === 'queued') this.#resume(one, run);
  }

  #resume(one: Host, run: SimRun): void {
    if (this.#killSwitch) return this.#end(run, 'denied');
    this.#runs.set(run.run_id, { ...run, host: one.id, status: 'running' });
    one.waiting.push(() => this.#begin(one, run.run_id));
  }

  #end(run: SimRun, status: RunView['status']): void {
    run.status = status;
    this.#settle(run.run_id);
  }

  #settle(run_id: string): void {
    const run = this.#runs.get(run_id);
    const slot = this.#task?.active.find((a) => a.run_key === run?.run_key);
    if (run === undefined || slot === undefined || this.#task === null) return;
    const { status } = run;
    const view = { run_id, status, error: null, started_at: 'x' } as unknown as RunView;
    this.#append(settleSlot(this.#task, slot, view, this.#now()));
  }

  #edit(value: number): void {
    const task = this.#task;
    if (task === null) return;
    const every_seconds = [60, 300, 900, 3_600][value % 4] ?? 60;
    const change: TaskPatch =
      task.trigger.kind === 'event'
        ? { name: `edited ${value}` }
        : { trigger: { kind: 'interval', every_seconds } };
    const events = updateTask(task, change, task.generation, this.#now());
    const last = task.last_slot;
    if (this.#bug === 'edit re-runs a slot' && last !== null)
      for (const event of events)
        if (event.type === 'task.updated') {
          event.data.definition = { ...event.data.definition, trigger: task.trigger };
          event.data.next_due = last;
        }
    this.#append(events);
  }

  #kill(one: Host): void {
    this.#lives += 1;
    Object.assign(one, host(`${one.id.split('#')[0]}#${this.#lives}`), { alive: false });
  }

  #goOn(one: Host, which: number): void {
    one.waiting.splice(which % Math.max(1, one.waiting.length), 1)[0]?.();
  }

  // The world: what happened, and what must never have.

  #effect(runKeyOf: string, run_id: string): void {
    this.counts.effects += 1;
    // Whatever version of the task it belongs to.
    const slot = String(causeOf(runKeyOf) ?? runKeyOf.split('/')[1]);
    const begun = this.#effects.get(slot) ?? [];
    begun.push(run_id);
    this.#effects.set(slot, begun);
    if (begun.length > 1)
      throw new Violation(`ran twice: the slot of ${slot} by ${begun.join(' and ')}`);
  }

  #checkLeaders(): void {
    const moment = this.#moment();
    const leaders = this.#hosts.filter(
      (one) => one.alive && one.fencing > 0 && isHeld(one.found, one.id, one.fencing, moment),
    );
    if (leaders.length > 1) throw new Violation('two leaders at one moment');
  }

  /** Every slot that passed is in the queue or said to be skipped. */
  #checkPlaces(before: TaskView, events: readonly DomainEvent[]): void {
    const until = this.#now();
    const made = Date.parse(before.created_at);
    const placed = new Set<number>();
    const ranges: [number, number][] = [];
    for (const event of events) {
      if (event.type === 'scheduler.slot_queued')
        placed.add(Date.parse(event.data.slot.scheduled_at));
      if (event.type === 'scheduler.slot_skipped') {
        this.counts.skips += 1;
        ranges.push([Date.parse(event.data.from), Date.parse(event.data.to)]);
      }
    }
    let at: number | null = Date.parse(before.next_due ?? '');
    for (let i = 0; i < 50 && at !== null && at <= until; i++) {
      const slot = at;
      const isSkipped = ranges.some(([from, to]) => slot >= from && slot <= to);
      if (!placed.has(slot) && !isSkipped)
        throw new Violation(`lost: the slot of ${new Date(slot).toISOString()}`);
      at = nextSlot(before.trigger, before.zone, made, slot);
    }
  }

  /** Everybody well again, answers given: what was claimed must have ended, and nothing may wait. */
  #comeToRest(): void {
    this.#killSwitch = false;
    const keeper = this.#host(0);
    for (const one of this.#hosts) {
      one.paused = false;
      if (one !== keeper) this.#kill(one);
    }
    keeper.alive = true;
    this.#pass(20_000);
    this.#leaseTurn(keeper);
    for (let round = 0; round < 6; round++) {
      if (round === 1) {
        // An answer between two terms.
        this.#pass(20_000);
        this.#answer(keeper, 0);
      }
      this.#leaseTurn(keeper);
      this.#answer(keeper, 0);
      if (round < 3) this.#look(keeper);
      while (keeper.waiting.length > 0) this.#goOn(keeper, 0);
      this.#drainQueue(keeper);
      this.#checkLeaders();
    }
    if (this.#placed !== this.#happened.length)
      throw new Violation(`of ${this.#happened.length} events ${this.#placed} had a place`);
    if (this.#task?.active.length !== 0) throw new Violation('lost: a claimed slot never ended');
    for (const run of this.#runs.values())
      if (!this.#slots.has(run.run_key)) throw new Violation('lost: a run whose slot nobody knows');
  }

  #drainQueue(keeper: Host): void {
    const offer = this.#task === null ? null : claimable(this.#task, this.#now());
    if (offer !== null && this.#mayStart(keeper)) this.#claim(keeper, offer);
    while (keeper.waiting.length > 0) this.#goOn(keeper, 0);
  }

  #mayStart(one: Host): boolean {
    return isHeld(this.#lease, one.id, one.fencing, this.#moment());
  }

  #append(events: readonly DomainEvent[]): void {
    for (const { type, data } of events) {
      this.#seq += 1;
      const stored = {
        seq: this.#seq,
        event_type: type,
        data,
        occurred_at: new Date(this.#now()).toISOString(),
        workspace_id: 'ws_dev',
      } as unknown as StoredEvent;
      this.#task = evolveTask(this.#task, stored);
      const key = 'run_key' in data ? data.run_key : null;
      if (typeof key !== 'string') continue;
      const slot = evolveSlot(this.#slots.get(key) ?? null, stored);
      if (slot !== null) this.#slots.set(key, slot);
    }
  }

  #host(i: number): Host {
    const one = this.#hosts[i];
    if (one === undefined) throw new Error('no such host');
    return one;
  }

  #owner(one: Host) {
    return { instance_id: one.id, pid: 1, process_start: null, started_at: '' };
  }

  #now(): number {
    return this.#uptime + this.#offset;
  }

  #moment(): LeaseMoment {
    return { wall: this.#now(), uptime: this.#uptime, boot_id: 'boot' };
  }
}

const host = (id: string): Host => ({
  id,
  alive: true,
  paused: false,
  found: 'none',
  fencing: 0,
  shown: 0,
  waiting: [],
});

const defaults: TaskDefinition = {
  name: 'simulated',
  trigger: { kind: 'interval', every_seconds: 300 },
  action: { kind: 'command', argv: ['true'] },
  zone: 'UTC',
  missed: { kind: 'run_once' },
  overlap: 'queue',
  retry: { attempts: 1, backoff_seconds: 30 },
  timeout_seconds: null,
  idempotent: false,
  quiet_hours: null,
};

const claimedEvent = (
  task: TaskView,
  offer: Claimable | ClaimableAtOnce,
  run_key: string,
  run_id: string,
  fence: number,
): DomainEvent => ({
  type: 'scheduler.slot_claimed',
  data: {
    task_id: task.task_id,
    run_key,
    scheduled_at: offer.scheduled_at,
    generation: task.generation,
    attempt: 1,
    run_id,
    fence,
    next_due: 'next_due' in offer ? offer.next_due : task.next_due,
    cause_seq: offer.cause_seq,
  },
});
