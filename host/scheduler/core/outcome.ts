import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ActiveSlot, SlotOutcome, TaskView } from '#schema/views/task.ts';
import { isoTime } from '#host/kernel/clock.ts';

/** Reasons with which Hob itself ends a run. */
export const TIMED_OUT = 'task_timeout';
const HOST_STOPPED = 'host_stopped';

/** Errors that another attempt may not have. */
const passing = new Set(['command_failed', 'command_timeout', 'timeout', 'no_editor', TIMED_OUT]);
const LONGEST_BACKOFF_S = 3_600;
/** Attempts that a task which may be run twice gets after crashes, however few its policy names. */
const AFTER_CRASH = 3;

interface Ended {
  outcome: Exclude<SlotOutcome, 'skipped'>;
  reason: string | null;
  error: WireError | null;
}

function ended(run: RunView): Ended | null {
  const { status, error } = run;
  const reason = error?.message ?? null;
  if (status === 'succeeded') return { outcome: 'succeeded', reason: null, error: null };
  if (status === 'cancelled' && reason === TIMED_OUT) {
    const message = 'It ran longer than the task allows and was stopped.';
    return {
      outcome: 'failed',
      reason: message,
      error: { code: TIMED_OUT, message, retryable: true },
    };
  }
  // The host's end cut it off: whether it took effect is as unknown as after a crash.
  if (status === 'cancelled' && reason === HOST_STOPPED)
    return { outcome: 'interrupted', reason: 'The host ended while this ran.', error };
  if (
    status === 'failed' ||
    status === 'denied' ||
    status === 'cancelled' ||
    status === 'interrupted'
  )
    return { outcome: status, reason, error };
  return null;
}

/**
 * What the end of a run means for its slot: its result, or the next attempt. A run that was cut off is
 * run again only where the task says that twice does no harm; otherwise a person must look.
 */
export function settleSlot(
  task: TaskView,
  slot: ActiveSlot,
  run: RunView,
  now: number,
): DomainEvent[] {
  const end = ended(run);
  if (end === null) return [];
  const { task_id, name } = task;
  const { run_key, attempt, scheduled_at, generation } = slot;
  if (isTriedAgain(task, slot, end)) {
    const wait = Math.min(task.retry.backoff_seconds * 2 ** (attempt - 1), LONGEST_BACKOFF_S);
    const retry_at = isoTime(now + wait * 1_000);
    const data = { task_id, run_key, attempt: attempt + 1, retry_at, error: end.error };
    return [{ type: 'scheduler.retry_planned', data }];
  }
  const result: DomainEvent = {
    type: 'scheduler.task_result',
    data: {
      task_id,
      run_key,
      name,
      scheduled_at,
      generation,
      attempt,
      run_id: run.run_id,
      outcome: end.outcome,
      reason: end.reason,
      error: end.error,
    },
  };
  const { run_id } = run;
  if (end.outcome === 'interrupted') {
    const reason = `"${name}" was cut off in the middle; it may or may not have taken effect. Look, and run it again if it should.`;
    const data = {
      task_id,
      run_key,
      name,
      run_id,
      approval_id: null,
      reason_code: 'interrupted',
      reason,
    };
    return [{ type: 'scheduler.needs_user_action', data }, result];
  }
  if (end.outcome === 'failed' && run.started_at === null) {
    const data = {
      task_id,
      run_key,
      name,
      code: end.error?.code ?? 'failed',
      message: end.reason ?? '',
    };
    return [{ type: 'scheduler.error', data }, result];
  }
  return [result];
}

function isTriedAgain(task: TaskView, slot: ActiveSlot, { outcome, error }: Ended): boolean {
  if (task.status === 'deleted') return false;
  if (outcome === 'interrupted')
    return task.idempotent && slot.attempt < Math.max(task.retry.attempts, AFTER_CRASH);
  return (
    outcome === 'failed' && passing.has(error?.code ?? '') && slot.attempt < task.retry.attempts
  );
}

/** A scheduled run goes on after its answer. */
export const goesOn = (task: TaskView, { run_key }: ActiveSlot, run: RunView): DomainEvent => ({
  type: 'scheduler.slot_resumed',
  data: { task_id: task.task_id, run_key, run_id: run.run_id },
});

/** A scheduled run waits for a person. */
export const asks = (task: TaskView, slot: ActiveSlot, run: RunView): DomainEvent => ({
  type: 'scheduler.needs_user_action',
  data: {
    task_id: task.task_id,
    run_key: slot.run_key,
    name: task.name,
    run_id: run.run_id,
    approval_id: run.approval_id,
    reason_code: 'approval',
    reason: `"${task.name}" waits for your answer. It goes on after it, whenever that is.`,
  },
});
