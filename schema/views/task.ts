import * as z from 'zod';
import { domainId, timestampSchema, workspaceIdSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { principalSchema } from '../envelope/principal.ts';
import { wireErrorSchema } from '../envelope/errors.ts';

/**
 * When a task is due. A slot is one such moment.
 *
 * - `cron`: five fields, or six with seconds first, in the task's zone.
 * - `interval`: every so many seconds of elapsed time from `from` on, whatever the zone does.
 * - `once`: at one moment.
 * - `event`: after each stored event of this type whose data has these values.
 */
export const taskTriggerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cron'), expression: z.string().min(1).max(128) }),
  z.object({
    kind: z.literal('interval'),
    every_seconds: z
      .number()
      .int()
      .min(1)
      .max(366 * 86_400),
    /** The first slot; default one interval after the task was made. */
    from: timestampSchema.optional(),
  }),
  z.object({ kind: z.literal('once'), at: timestampSchema }),
  z.object({
    kind: z.literal('event'),
    event_type: z.string().min(1).max(64),
    where: z
      .record(z.string().max(64), z.union([z.string().max(256), z.number(), z.boolean(), z.null()]))
      .default({}),
    delay_seconds: z.number().int().min(0).max(86_400).default(0),
  }),
]);
export type TaskTrigger = z.infer<typeof taskTriggerSchema>;

/** Tools of Hob itself that a task can call. */
export const hostTools = ['hob.backup', 'hob.gc', 'hob.verify'] as const;
export type HostTool = (typeof hostTools)[number];

/**
 * What a task does.
 *
 * - `command`: `argv` without a shell and without a model, in `cwd` (default: the workspace's first folder).
 * - `editor`: a tool of the editor, in the last focused window of the workspace.
 * - `sentence`: what the sentence would do if the maker said it at that moment.
 * - `tool`: an MCP tool of Hob's own.
 * - `reminder`: a message.
 */
export const taskActionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    argv: z.array(z.string().min(1).max(8_192)).min(1).max(256),
    cwd: z.string().max(4_096).optional(),
  }),
  z.object({
    kind: z.literal('editor'),
    tool: z.string().min(1).max(128),
    arguments: jsonObjectSchema.default({}),
  }),
  z.object({ kind: z.literal('sentence'), text: z.string().min(1).max(4_096) }),
  z.object({
    kind: z.literal('tool'),
    tool: z.enum(hostTools),
    arguments: jsonObjectSchema.default({}),
  }),
  z.object({ kind: z.literal('reminder'), message: z.string().min(1).max(2_048) }),
]);
export type TaskAction = z.infer<typeof taskActionSchema>;

/** What happens to slots that passed while nobody could run them: none, the last, or the last so many. */
export const missedPolicySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('skip') }),
  z.object({ kind: z.literal('run_once') }),
  z.object({ kind: z.literal('up_to'), count: z.number().int().min(1).max(100) }),
]);

export const retryPolicySchema = z.object({
  /** Runs of one slot, the first one included. */
  attempts: z.number().int().min(1).max(10).default(1),
  /** Before the second run; each further one waits twice as long, at most an hour. */
  backoff_seconds: z.number().int().min(1).max(3_600).default(30),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');

/** From `from` until before `to`, each day, in the task's zone; over midnight when `to` is the earlier one. */
export const quietHoursSchema = z
  .object({
    from: timeOfDay,
    to: timeOfDay,
    /** `delay`: what fell due in them happens once, when they are over. */
    due: z.enum(['skip', 'delay']).default('delay'),
  })
  .refine((quiet) => quiet.from !== quiet.to, 'from and to must differ');
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** The part of a task that its maker writes. A change to it makes the next generation. */
export const taskDefinitionSchema = z.object({
  name: z.string().min(1).max(128),
  trigger: taskTriggerSchema,
  action: taskActionSchema,
  /** IANA name, e.g. `Europe/Paris`. */
  zone: z.string().min(1).max(64),
  missed: missedPolicySchema,
  /** What happens to a slot while the one before it has not ended. `queue` keeps one waiting. */
  overlap: z.enum(['skip', 'queue', 'cancel_old']),
  retry: retryPolicySchema,
  /** Seconds that one run may execute (waiting for an answer does not count); null = as long as any command may. */
  timeout_seconds: z
    .number()
    .int()
    .min(1)
    .max(4 * 3_600)
    .nullable(),
  /** Running it twice does no harm: after a crash in the middle it is run again by itself. */
  idempotent: z.boolean(),
  quiet_hours: quietHoursSchema.nullable(),
});
export type TaskDefinition = z.infer<typeof taskDefinitionSchema>;

/** What a client may leave out when it makes a task. `zone` defaults to that of this machine. */
export const taskDraftSchema = taskDefinitionSchema.extend({
  zone: taskDefinitionSchema.shape.zone.optional(),
  missed: missedPolicySchema.default({ kind: 'run_once' }),
  overlap: taskDefinitionSchema.shape.overlap.default('skip'),
  retry: retryPolicySchema.default({ attempts: 1, backoff_seconds: 30 }),
  timeout_seconds: taskDefinitionSchema.shape.timeout_seconds.default(null),
  idempotent: z.boolean().default(false),
  quiet_hours: quietHoursSchema.nullable().default(null),
});
export type TaskDraft = z.infer<typeof taskDraftSchema>;

export const builtinNames = ['backup', 'briefing', 'gc', 'verify'] as const;
export type BuiltinName = (typeof builtinNames)[number];

/** One attempt to do what a slot asks for, while it has not ended. */
export const activeSlotSchema = z.object({
  run_key: z.string(),
  scheduled_at: timestampSchema,
  generation: z.number().int(),
  attempt: z.number().int(),
  /** Null between two attempts. */
  run_id: domainId('run').nullable(),
  /** When the next attempt is due; null while one runs. */
  retry_at: timestampSchema.nullable(),
});
export type ActiveSlot = z.infer<typeof activeSlotSchema>;

/** A slot whose turn comes when nothing of the task is active. */
export const queuedSlotSchema = z.object({
  scheduled_at: timestampSchema,
  /** Not before this moment: the end of quiet hours, or an event's delay. */
  not_before: timestampSchema,
  reason: z.enum(['overlap', 'missed', 'quiet_hours', 'event', 'now']),
  /** The event that it comes after. */
  cause_seq: z.number().int().nullable(),
});
export type QueuedSlot = z.infer<typeof queuedSlotSchema>;

export const slotOutcomes = [
  'succeeded',
  'failed',
  'denied',
  'cancelled',
  'interrupted',
  'skipped',
] as const;
export type SlotOutcome = (typeof slotOutcomes)[number];

/** A task as it is now. */
export const taskViewSchema = taskDefinitionSchema.extend({
  task_id: domainId('task'),
  workspace_id: workspaceIdSchema,
  /** Which version of the definition this is, from 1. */
  generation: z.number().int(),
  status: z.enum(['active', 'paused', 'done', 'deleted']),
  /** Why it is paused, in words; null when it is not. */
  paused_reason: z.string().nullable(),
  paused_by: z.string().nullable(),
  /** Whose grants its runs have. */
  maker: principalSchema,
  /** The name of a task that came with Hob; null for others. */
  builtin: z.enum(builtinNames).nullable(),
  /** Folders of its workspace when it was made: it may run in them while no window is open. */
  folders: z.array(z.string()),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  /** Always after `last_slot`; null when there is none any more, or when it waits for events. */
  next_due: timestampSchema.nullable(),
  /** The last slot that was claimed or skipped. */
  last_slot: timestampSchema.nullable(),
  /** The last event that it was shown; 0 for other triggers. */
  cause_seq: z.number().int(),
  active: z.array(activeSlotSchema),
  queue: z.array(queuedSlotSchema),
  last_result: z
    .object({
      run_key: z.string(),
      outcome: z.enum(slotOutcomes),
      scheduled_at: timestampSchema,
      ended_at: timestampSchema,
      reason: z.string().nullable(),
    })
    .nullable(),
});
export type TaskView = z.infer<typeof taskViewSchema>;

/** What became of one slot, or of several that were skipped together. */
export const slotViewSchema = z.object({
  run_key: z.string(),
  task_id: domainId('task'),
  scheduled_at: timestampSchema,
  generation: z.number().int(),
  status: z.enum([
    'running',
    'waiting_for_approval',
    'retrying',
    'needs_user_action',
    ...slotOutcomes,
  ]),
  attempt: z.number().int(),
  /** The run of the latest attempt; null when it was skipped. */
  run_id: domainId('run').nullable(),
  approval_id: domainId('approval').nullable(),
  claimed_at: timestampSchema,
  ended_at: timestampSchema.nullable(),
  /** How many slots were skipped together, null for more than 1,000; 1 for a slot that ran. */
  count: z.number().int().nullable(),
  reason_code: z.string().nullable(),
  reason: z.string().nullable(),
  error: wireErrorSchema.nullable(),
});
export type SlotView = z.infer<typeof slotViewSchema>;
