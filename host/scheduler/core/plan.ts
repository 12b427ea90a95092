import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { QueuedSlot, TaskView } from '#schema/views/task.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { nextSlot, passedSlots } from './calendar.ts';
import { isQuiet, quietUntil } from './quiet-hours.ts';
import { runKey } from './run-key.ts';

/** A slot that is this late was missed: nobody could run it when it was due. */
const LATE_MS = 60_000;
/** As many slots can fall into that time. */
const ON_TIME = LATE_MS / 1_000;

/** A slot whose turn it is. */
export interface Claimable {
  scheduled_at: string;
  cause_seq: number | null;
}

/** An event that a task comes after. */
export interface Cause {
  readonly seq: number;
  /** When it happened, in milliseconds. */
  readonly at: number;
  /** It is the end of a chain of tasks that this one began. */
  readonly isLoop: boolean;
}

/** What follows from looking at a task now: events that are appended together, and runs that must end first. */
export interface Plan {
  events: DomainEvent[];
  cancel: string[];
}

/** A task while its due slots are being given their places. */
interface Placing {
  readonly task: TaskView;
  readonly now: number;
  readonly next_due: string | null;
  readonly plan: Plan;
  queue: QueuedSlot[];
}

/** The slot to claim now, if the task is free: what waits in its queue, oldest first. */
export function claimable(task: TaskView, now: number): Claimable | null {
  if (task.active.length > 0 || task.status === 'deleted') return null;
  const ready = task.queue.find(({ not_before }) => Date.parse(not_before) <= now);
  return ready === undefined
    ? null
    : { scheduled_at: ready.scheduled_at, cause_seq: ready.cause_seq };
}

/** A slot that needs no place in the queue, and when the task is due next. */
export interface ClaimableAtOnce extends Claimable {
  next_due: string | null;
}

/** The one slot that is due, on time, of a task with nothing before it: what almost every look finds. */
export function claimableAtOnce(task: TaskView, now: number): ClaimableAtOnce | null {
  if (task.active.length > 0 || task.queue.length > 0) return null;
  const [first, ...more] = planDue(task, now).events;
  if (first?.type !== 'scheduler.slot_queued' || more.length > 0) return null;
  const { slot, next_due } = first.data;
  const { scheduled_at, cause_seq } = slot;
  return slot.reason === 'now' && Date.parse(slot.not_before) <= now
    ? { scheduled_at, cause_seq, next_due }
    : null;
}

/**
 * Gives every slot that is due its place: in the queue, or skipped with the reason. `next_due`
 * afterwards lies after all of them and after now. Nothing for a task that is paused.
 */
export function planDue(task: TaskView, now: number): Plan {
  const plan: Plan = { events: [], cancel: [] };
  const first = task.next_due === null ? null : Date.parse(task.next_due);
  if (task.status !== 'active' || first === null || first > now) return plan;
  const { trigger, zone } = task;
  const made = Date.parse(task.created_at);
  const keep = keptOf(task);
  const passed = passedSlots(trigger, zone, made, first, now, keep + ON_TIME);
  const next = nextSlot(trigger, zone, made, now);
  const next_due = next === null ? null : isoTime(next);
  const placing: Placing = { task, now, next_due, plan, queue: [...task.queue] };

  const onTime = passed.last.filter((at) => now - at < LATE_MS);
  const late = passed.last.filter((at) => now - at >= LATE_MS);
  const kept = madeUp(task, late, onTime.length > 0);
  const skippedLast = late.slice(0, late.length - kept.length).at(-1);
  const beyond = passed.count === null || passed.count > passed.last.length;
  if (skippedLast !== undefined || beyond) {
    const to = skippedLast ?? Math.max(first, (late[0] ?? onTime[0] ?? now) - 1);
    const count = passed.count === null ? null : passed.count - kept.length - onTime.length;
    skip(placing, isoTime(first), isoTime(to), count, 'missed');
  }
  for (const at of kept) enqueue(placing, at, now, 'missed', null);
  for (const at of onTime) place(placing, at, null, 0);
  return plan;
}

/**
 * Gives every event that the task comes after, oldest first, its place: in the queue, or skipped with the
 * reason. Those that it has had are left out. Nothing for a task that is paused.
 */
export function planAfter(task: TaskView, causes: readonly Cause[], now: number): Plan {
  const plan: Plan = { events: [], cancel: [] };
  if (task.status !== 'active' || task.trigger.kind !== 'event') return plan;
  const delay = task.trigger.delay_seconds * 1_000;
  const placing: Placing = { task, now, next_due: null, plan, queue: [...task.queue] };
  const fresh = causes.filter(({ seq }) => seq > task.cause_seq);
  const isLate = ({ at }: Cause): boolean => now - at >= LATE_MS;
  const late = fresh.filter((cause) => isLate(cause) && !cause.isLoop);
  const isOneOnTime = fresh.some((cause) => !isLate(cause) && !cause.isLoop);
  const kept = new Set(madeUp(task, late, isOneOnTime));
  for (const cause of fresh) {
    const { seq, at, isLoop } = cause;
    const iso = isoTime(at);
    if (isLoop) skip(placing, iso, iso, 1, 'loop', seq);
    else if (!isLate(cause)) place(placing, at, seq, delay);
    else if (kept.has(cause)) enqueue(placing, at, Math.max(now, at + delay), 'missed', seq);
    else skip(placing, iso, iso, 1, 'missed', seq);
  }
  return plan;
}

/** One slot now, beside its times. Throws `not_found`, `task_busy`. */
export function planNow(task: TaskView, now: number): Plan {
  const { task_id, status, next_due, active, queue, overlap } = task;
  if (status === 'deleted') throw new HobError('not_found');
  if (status === 'paused')
    throw new HobError('task_busy', { message: 'The task is paused; resume it first.' });
  const isBusy = active.length > 0 || queue.some(({ reason }) => reason === 'now');
  if (isBusy && overlap === 'skip') throw new HobError('task_busy');
  const at = isoTime(now);
  const slot = { scheduled_at: at, not_before: at, reason: 'now' as const, cause_seq: null };
  return {
    events: [{ type: 'scheduler.slot_queued', data: { task_id, slot, next_due } }],
    cancel: [],
  };
}

/** How many of the slots that were missed are made up for. */
function keptOf({ missed }: TaskView): number {
  if (missed.kind === 'skip') return 0;
  return missed.kind === 'up_to' ? missed.count : 1;
}

/** Those that are made up for. A run that is on time is also the one that makes up for those before it. */
function madeUp<T>(task: TaskView, late: readonly T[], isOneOnTime: boolean): readonly T[] {
  const keep = keptOf(task);
  const isMadeUpFor = task.missed.kind === 'run_once' && isOneOnTime;
  return keep === 0 || isMadeUpFor ? [] : late.slice(-keep);
}

/** Puts one slot that is on time into the queue, or skips it. */
function place(p: Placing, at: number, seq: number | null, delay: number): void {
  const { task, now } = p;
  const iso = isoTime(at);
  const quiet = task.quiet_hours;
  if (quiet !== null && isQuiet(quiet, task.zone, Math.max(now, at + delay))) {
    const waits = p.queue.some(({ reason }) => reason === 'quiet_hours');
    if (quiet.due === 'skip' || waits) skip(p, iso, iso, 1, 'quiet_hours', seq);
    else
      enqueue(p, at, quietUntil(quiet, task.zone, Math.max(now, at + delay)), 'quiet_hours', seq);
    return;
  }
  const isBusy = task.active.length > 0 || p.queue.length > 0;
  const reason = seq === null ? 'now' : 'event';
  if (!isBusy) return enqueue(p, at, Math.max(at + delay, at), reason, seq);
  if (task.overlap === 'skip') return skip(p, iso, iso, 1, 'overlap', seq);
  const old = p.queue.find((q) => q.reason === 'overlap');
  if (task.overlap === 'queue') {
    if (old !== undefined) return skip(p, iso, iso, 1, 'queue_full', seq);
    return enqueue(p, at, at + delay, 'overlap', seq);
  }
  if (old !== undefined) {
    p.queue = p.queue.filter((q) => q !== old);
    skip(p, old.scheduled_at, old.scheduled_at, 1, 'cancelled_by_newer', old.cause_seq);
  }
  for (const { run_id } of task.active) if (run_id !== null) p.plan.cancel.push(run_id);
  enqueue(p, at, at + delay, 'overlap', seq);
}

function enqueue(
  p: Placing,
  at: number,
  notBefore: number,
  reason: QueuedSlot['reason'],
  cause_seq: number | null,
): void {
  const slot: QueuedSlot = {
    scheduled_at: isoTime(at),
    not_before: isoTime(notBefore),
    reason,
    cause_seq,
  };
  p.queue.push(slot);
  const { task_id } = p.task;
  p.plan.events.push({
    type: 'scheduler.slot_queued',
    data: { task_id, slot, next_due: p.next_due },
  });
}

const whySkipped = {
  missed: 'Nobody could run it when it was due.',
  overlap: 'The one before it had not ended.',
  queue_full: 'One waits already for the one before it to end.',
  cancelled_by_newer: 'A later one took its place.',
  quiet_hours: 'It fell into the quiet hours.',
  already_claimed: 'It was claimed already.',
  loop: 'It came of a run of this task itself, through other tasks.',
} as const;
type SkipReason = keyof typeof whySkipped;

function skip(
  p: Placing,
  from: string,
  to: string,
  count: number | null,
  reason_code: SkipReason,
  cause_seq: number | null = null,
): void {
  const last = p.plan.events.at(-1);
  // A burst of events that are all left out for one reason is one fact. What leaves the queue is its own.
  const isMore =
    cause_seq !== null &&
    reason_code !== 'cancelled_by_newer' &&
    last?.type === 'scheduler.slot_skipped' &&
    last.data.reason_code === reason_code;
  if (isMore) p.plan.events.pop();
  const first = isMore ? last.data.from : from;
  const all = isMore && count !== null ? count + (last.data.count ?? 0) : count;
  p.plan.events.push(skipped(p.task, first, to, all, reason_code, cause_seq, p.next_due));
}

function skipped(
  { task_id, generation }: TaskView,
  from: string,
  to: string,
  count: number | null,
  reason_code: SkipReason,
  cause_seq: number | null,
  next_due: string | null,
): DomainEvent {
  const run_key = runKey({ task_id, scheduled_at: to, generation, cause_seq });
  const reason = whySkipped[reason_code];
  return {
    type: 'scheduler.slot_skipped',
    data: {
      task_id,
      run_key,
      generation,
      from,
      to,
      count,
      reason_code,
      reason,
      next_due,
      cause_seq,
    },
  };
}

/** A key that came a second time. */
export const repeated = (task: TaskView, slot: Claimable): DomainEvent =>
  skipped(
    task,
    slot.scheduled_at,
    slot.scheduled_at,
    1,
    'already_claimed',
    slot.cause_seq,
    task.next_due,
  );
