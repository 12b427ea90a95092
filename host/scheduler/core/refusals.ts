import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import type { Claimable } from './plan.ts';

/** Why no call can be made of a slot. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export const notUnderstood: Refusal = {
  code: 'not_understood',
  message: 'The sentence is not understood.',
};

/** A slot that no call can be made of: said, and skipped. */
export function meansNothing(
  { task_id, name, generation, next_due }: TaskView,
  { scheduled_at, cause_seq }: Claimable,
  run_key: string,
  { code: reason_code, message: reason }: Refusal,
): DomainEvent[] {
  return [
    {
      type: 'scheduler.error',
      data: { task_id, run_key: null, name, code: reason_code, message: reason },
    },
    {
      type: 'scheduler.slot_skipped',
      data: {
        task_id,
        run_key,
        generation,
        from: scheduled_at,
        to: scheduled_at,
        count: 1,
        next_due,
        cause_seq,
        reason_code,
        reason,
      },
    },
  ];
}

/** A slot that was to be tried again, and cannot be: it ends with why. */
export function notTriedAgain(
  { task_id, name }: TaskView,
  { run_key, scheduled_at, generation, attempt, run_id }: SlotView,
  { code, message }: Refusal,
): DomainEvent[] {
  if (run_id === null) return [];
  const about = { task_id, run_key, name };
  return [
    { type: 'scheduler.error', data: { ...about, code, message } },
    {
      type: 'scheduler.task_result',
      data: {
        ...about,
        scheduled_at,
        generation,
        attempt,
        run_id,
        outcome: 'failed',
        reason: message,
        error: { code, message, retryable: false },
      },
    },
  ];
}

/** A task whose maker has no rights any more is paused, and a person is told. */
export function makerRevoked(
  { task_id, name, status }: TaskView,
  by: string,
  reason: string,
): DomainEvent[] {
  if (status !== 'active') return [];
  return [
    { type: 'task.paused', data: { task_id, by, reason } },
    {
      type: 'scheduler.needs_user_action',
      data: {
        task_id,
        run_key: null,
        name,
        run_id: null,
        approval_id: null,
        reason_code: 'maker_revoked',
        reason,
      },
    },
  ];
}
