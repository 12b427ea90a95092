import * as z from 'zod';
import { wireErrorSchema } from '../envelope/errors.ts';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { principalSchema } from '../envelope/principal.ts';
import {
  builtinNames,
  queuedSlotSchema,
  slotOutcomes,
  taskDefinitionSchema,
} from '../views/task.ts';

const taskId = domainId('task');
const runId = domainId('run');
/** `<task_id>/<scheduled_at>/<generation>`, and `/e<seq>` after an event. */
const runKey = z.string().max(128);

/**
 * What tasks do. Times are decided before the event and carried by it, so that reading it back needs
 * no calendar. `next_due` is always after every slot that was claimed or skipped.
 */
export const schedulerEvents = {
  // task/<task_id>
  'task.created': z.object({
    task_id: taskId,
    definition: taskDefinitionSchema,
    maker: principalSchema,
    builtin: z.enum(builtinNames).nullable(),
    folders: z.array(z.string()),
    next_due: timestampSchema.nullable(),
  }),
  'task.updated': z.object({
    task_id: taskId,
    generation: z.number().int(),
    definition: taskDefinitionSchema,
    next_due: timestampSchema.nullable(),
  }),
  'task.deleted': z.object({
    task_id: taskId,
    reason: z.string(),
    /** What will not happen now: its next slot, those that waited, and those that were to be tried again. */
    left: z
      .object({
        next_due: timestampSchema.nullable(),
        queue: z.array(queuedSlotSchema),
        retries: z.array(runKey),
      })
      .optional(),
  }),
  /** Deleted by mistake: as it was. What fell due since is still to come, after `cause_seq` where events tell. */
  'task.restored': z.object({
    task_id: taskId,
    next_due: timestampSchema.nullable(),
    cause_seq: z.number().int().optional(),
  }),
  'task.paused': z.object({ task_id: taskId, by: z.string(), reason: z.string() }),
  'task.resumed': z.object({ task_id: taskId, next_due: timestampSchema.nullable() }),
  'scheduler.slot_queued': z.object({
    task_id: taskId,
    slot: queuedSlotSchema,
    next_due: timestampSchema.nullable(),
  }),
  /** `from` to `to`, both included, passed without a run. `count` null: more than 1,000. */
  'scheduler.slot_skipped': z.object({
    task_id: taskId,
    run_key: runKey,
    generation: z.number().int(),
    from: timestampSchema,
    to: timestampSchema,
    count: z.number().int().nullable(),
    reason_code: z.string(),
    reason: z.string(),
    next_due: timestampSchema.nullable(),
    cause_seq: z.number().int().nullable(),
  }),

  // slot/<run_key>. Its first event is the claim, so that the store itself refuses a second one.
  /** In the transaction that creates the run. Attempt 2 and later: a retry. */
  'scheduler.slot_claimed': z.object({
    task_id: taskId,
    run_key: runKey,
    scheduled_at: timestampSchema,
    generation: z.number().int(),
    attempt: z.number().int(),
    run_id: runId,
    fence: z.number().int(),
    next_due: timestampSchema.nullable(),
    cause_seq: z.number().int().nullable(),
  }),
  'scheduler.retry_planned': z.object({
    task_id: taskId,
    run_key: runKey,
    attempt: z.number().int(),
    retry_at: timestampSchema,
    error: wireErrorSchema.nullable(),
  }),
  'scheduler.task_result': z.object({
    task_id: taskId,
    run_key: runKey,
    name: z.string(),
    scheduled_at: timestampSchema,
    generation: z.number().int(),
    attempt: z.number().int(),
    run_id: runId,
    outcome: z.enum(slotOutcomes),
    reason: z.string().nullable(),
    error: wireErrorSchema.nullable(),
  }),
  /** A person must do something: answer a question, or look at what a crash cut off. */
  'scheduler.needs_user_action': z.object({
    task_id: taskId,
    run_key: runKey.nullable(),
    name: z.string(),
    run_id: runId.nullable(),
    approval_id: domainId('approval').nullable(),
    reason_code: z.string(),
    reason: z.string(),
  }),
  /** The answer that a run waited for has come, and it goes on. */
  'scheduler.slot_resumed': z.object({ task_id: taskId, run_key: runKey, run_id: runId }),
  'scheduler.error': z.object({
    task_id: taskId.nullable(),
    run_key: runKey.nullable(),
    name: z.string(),
    code: z.string(),
    message: z.string(),
  }),
} as const;
