import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import {
  quietHoursSchema,
  slotViewSchema,
  taskDefinitionSchema,
  taskDraftSchema,
  taskTriggerSchema,
  taskViewSchema,
} from '../views/task.ts';
import { command, everyRole, people } from './define.ts';

/** Who may make tasks: people, and agents through the gate. */
const makers = [...people, 'agent'] as const;
const waitMs = z.number().int().min(0).max(50_000).default(45_000);

/** An agent's change waits for a person: until then there is no task, only the question. */
const changeResultSchema = z.object({
  status: z.enum(['done', 'pending', 'denied']),
  task: taskViewSchema.nullable(),
  run_id: domainId('run').nullable(),
  approval_id: domainId('approval').nullable(),
  /** Why it was denied, in words. */
  reason: z.string().nullable(),
});
export type TaskChange = z.infer<typeof changeResultSchema>;

/** A moment in the future, and how it reads on a clock of the task's zone (`2026-01-31 09:00`). */
const momentSchema = z.object({ at: timestampSchema, local: z.string() });

export const schedulerCommands = [
  command({
    name: 'scheduler.list',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Tasks, newest last. An agent sees its own.',
    payload: () =>
      z.object({
        status: z
          .array(z.enum(['active', 'paused', 'done']))
          .max(3)
          .default(['active', 'paused', 'done']),
        limit: z.number().int().min(1).max(500).default(100),
        after_task_id: domainId('task').optional(),
      }),
    result: () => z.object({ tasks: z.array(taskViewSchema), total: z.number().int() }),
  }),
  command({
    name: 'scheduler.get',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'One task with its next times.',
    payload: () =>
      z.object({
        task_id: domainId('task'),
        times: z.number().int().min(0).max(50).default(5),
      }),
    result: () => z.object({ task: taskViewSchema, next: z.array(momentSchema) }),
  }),
  command({
    name: 'scheduler.history',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary:
      "What became of a task's slots, newest first: those that ran and those that were skipped.",
    payload: () =>
      z.object({
        task_id: domainId('task'),
        limit: z.number().int().min(1).max(500).default(30),
        before_run_key: z.string().max(128).optional(),
      }),
    result: () => z.object({ slots: z.array(slotViewSchema) }),
  }),
  command({
    name: 'scheduler.preview',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'The next times of a trigger that is not saved yet. Says what is wrong with it.',
    payload: () =>
      z.object({
        trigger: taskTriggerSchema,
        zone: z.string().min(1).max(64).optional(),
        quiet_hours: quietHoursSchema.nullable().default(null),
        times: z.number().int().min(1).max(50).default(5),
      }),
    result: () => z.object({ zone: z.string(), next: z.array(momentSchema) }),
  }),
  command({
    name: 'scheduler.create',
    roles: makers,
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      "Makes a task. Its runs have its maker's rights and no others. An agent's task waits for a person.",
    payload: () => z.object({ task: taskDraftSchema, wait_ms: waitMs }),
    result: () => changeResultSchema,
  }),
  command({
    name: 'scheduler.update',
    roles: makers,
    action: 'act',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Changes a task: the next generation, which never runs a slot again that an earlier one had. `generation` is the one that was looked at; another one is version_conflict.',
    payload: () =>
      z.object({
        task_id: domainId('task'),
        generation: z.number().int().min(1),
        change: taskDefinitionSchema
          .partial()
          .refine((change) => Object.keys(change).length > 0, 'name at least one field'),
        wait_ms: waitMs,
      }),
    result: () => changeResultSchema,
  }),
  command({
    name: 'scheduler.delete',
    roles: makers,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'Ends a task. What of it runs goes on, unless `cancel_running`.',
    payload: () =>
      z.object({
        task_id: domainId('task'),
        cancel_running: z.boolean().default(false),
        reason: z.string().max(256).default('deleted by hand'),
      }),
    result: () => z.object({ task: taskViewSchema }),
  }),
  command({
    name: 'scheduler.restore',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Takes back that a task was deleted, for ten minutes after it: it is as it was, paused if it was, with what waited. What fell due since is as late as if nobody could have run it. Later it is not_found.',
    payload: () => z.object({ task_id: domainId('task') }),
    result: () => z.object({ task: taskViewSchema }),
  }),
  command({
    name: 'scheduler.pause',
    roles: makers,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'No slot is claimed until it is resumed. What of it runs goes on.',
    payload: () =>
      z.object({
        task_id: domainId('task'),
        reason: z.string().max(256).default('paused by hand'),
      }),
    result: () => z.object({ task: taskViewSchema }),
  }),
  command({
    name: 'scheduler.resume',
    roles: makers,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'Goes on with the next slot from now; slots in the pause are not made up for. An agent may resume only what it paused itself.',
    payload: () => z.object({ task_id: domainId('task') }),
    result: () => z.object({ task: taskViewSchema }),
  }),
  command({
    name: 'scheduler.trigger_now',
    roles: makers,
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      'Runs a task now, beside its times, through the same gate. A task that may not overlap and runs already is task_busy.',
    payload: () => z.object({ task_id: domainId('task') }),
    result: () => z.object({ task: taskViewSchema }),
  }),
] as const;
