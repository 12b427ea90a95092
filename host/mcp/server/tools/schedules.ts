import * as z from 'zod';
import type { TaskChange } from '#schema/commands/scheduler.ts';
import { domainId } from '#schema/envelope/ids.ts';
import { jsonObjectSchema } from '#schema/envelope/json.ts';
import {
  taskDraftSchema,
  taskTriggerSchema,
  type TaskAction,
  type TaskTrigger,
  type TaskView,
} from '#schema/views/task.ts';
import { actionText, triggerText } from '#schema/views/schedule-text.ts';
import { HobError } from '#host/kernel/errors.ts';
import { present } from '#host/kernel/fields.ts';
import type { McpSessionContext } from '../session-context.ts';
import { reads, registerTool, type ToolCall, type ToolHost, type ToolQuestion } from '../tool.ts';

/** Small on purpose: an agent's model reads the whole list of tools. */
const when = z.object({
  cron: z.string().max(128).optional().describe('e.g. "0 9 * * 1-5"'),
  every_seconds: z.number().int().min(1).max(31_622_400).optional(),
  at: z.string().max(40).optional().describe('ISO 8601 with offset'),
  after: z
    .object({
      event: z.string().describe('As in list_events'),
      where: jsonObjectSchema.optional(),
    })
    .optional(),
});
const doing = z.object({
  argv: z.array(z.string().max(8_192)).min(1).max(256).optional().describe('A program, no shell'),
  sentence: z.string().max(4_096).optional().describe('What Hob does when it is said'),
  reminder: z.string().max(2_048).optional().describe('To the person'),
});
const wanted = z.object({
  name: z.string().min(1).max(128),
  when: when.optional().describe('Exactly one; left out, the person is asked'),
  do: doing.describe('Exactly one'),
  zone: z.string().max(64).optional().describe('IANA name'),
});
const taskId = z.object({ task_id: domainId('task') });

const scheduleSchema = z.object({
  task_id: z.string(),
  name: z.string(),
  status: z.string(),
  when: z.string(),
  does: z.string(),
  zone: z.string(),
  next_due: z.string().nullable(),
  last: z.string().nullable(),
});
/** What became of a wish; the schedule itself is get_schedule's to tell. */
const changeSchema = z.object({
  status: z.enum(['done', 'pending', 'denied']),
  task_id: z.string().optional(),
  next_due: z.string().optional(),
  reason: z.string().optional(),
  approval_id: z.string().optional(),
  next: z.string().optional(),
});

const shownSchedule = (task: TaskView): z.infer<typeof scheduleSchema> => ({
  task_id: task.task_id,
  name: task.name,
  status: task.status,
  when: triggerText(task.trigger, task.zone),
  does: actionText(task.action),
  zone: task.zone,
  next_due: task.next_due,
  last:
    task.last_result === null ? null : `${task.last_result.outcome} ${task.last_result.ended_at}`,
});

/** The caller's own, without those that were deleted. */
export async function ownSchedules(session: McpSessionContext) {
  const { tasks, total } = await session.commands['scheduler.list'](
    { status: ['active', 'paused', 'done'], limit: 100 },
    session.context(),
  );
  return { schedules: tasks.map(shownSchedule), total };
}

/** One of the caller's own, its next times and what became of its last ones. */
export async function ownSchedule(session: McpSessionContext, task_id: string) {
  const context = session.context();
  const { task, next } = await session.commands['scheduler.get']({ task_id, times: 5 }, context);
  const { slots } = await session.commands['scheduler.history']({ task_id, limit: 10 }, context);
  return {
    schedule: shownSchedule(task),
    next: next.map(({ at }) => at),
    history: slots.map(({ scheduled_at: at, status, reason }) => ({ at, status, reason })),
  };
}

function changed({ status, reason, approval_id, task }: TaskChange) {
  return {
    data: {
      status,
      ...present({
        task_id: task?.task_id,
        // One that is paused or deleted keeps its moment, for when it is back; till then it is not due.
        next_due: task?.status === 'active' ? (task.next_due ?? undefined) : undefined,
        reason: reason ?? undefined,
        approval_id: approval_id ?? undefined,
      }),
      ...(status === 'pending'
        ? { next: 'A person has to answer in the editor; ask get_approval, then list_schedules.' }
        : {}),
    },
    isError: status === 'denied',
  };
}
/** Done without a question. */
const done = (task: TaskView) =>
  changed({ status: 'done', task, run_id: null, approval_id: null, reason: null });

const exactlyOne = (given: object, names: string): void => {
  if (Object.values(given).filter((value) => value !== undefined).length !== 1)
    throw new HobError('invalid_payload', { message: `Give exactly one of ${names}.` });
};
function triggerOf(given: z.output<typeof when>): TaskTrigger {
  exactlyOne(given, 'cron, every_seconds, at and after');
  if (given.after !== undefined) {
    const { event: event_type, where } = given.after;
    const trigger = taskTriggerSchema.safeParse({
      kind: 'event',
      event_type,
      ...present({ where }),
    });
    if (trigger.success) return trigger.data;
    throw new HobError('invalid_payload', {
      message:
        'after takes a type of event; the values of where are text, numbers, true, false or null.',
    });
  }
  if (given.cron !== undefined) return { kind: 'cron', expression: given.cron };
  if (given.every_seconds !== undefined)
    return { kind: 'interval', every_seconds: given.every_seconds };
  const at = new Date(given.at ?? '');
  if (Number.isNaN(at.getTime()))
    throw new HobError('invalid_payload', {
      message: 'at is no moment; write 2026-12-24T18:00:00+01:00.',
    });
  return { kind: 'once', at: at.toISOString() };
}
function actionOf(
  { argv, sentence, reminder }: z.output<typeof doing>,
  cwd: string | undefined,
): TaskAction {
  exactlyOne({ argv, sentence, reminder }, 'argv, sentence and reminder');
  if (argv !== undefined) return { kind: 'command', argv, ...(cwd === undefined ? {} : { cwd }) };
  return sentence !== undefined
    ? { kind: 'sentence', text: sentence }
    : { kind: 'reminder', message: reminder ?? '' };
}

const WHEN = 'when';

/** What the client's person wrote; null when nobody was asked yet. A proposal: the schedule still waits for a yes. */
function whenAnswered(session: McpSessionContext, { answers }: ToolCall) {
  if (answers[WHEN] === undefined) return null;
  const said = answers[WHEN]?.[WHEN];
  if (typeof said !== 'string')
    throw new HobError('invalid_payload', { message: 'The person did not say when.' });
  const due = session.options.due(said);
  if (due !== null) return due;
  throw new HobError('invalid_payload', {
    message: `"${said}" does not say clearly when; for example "every weekday at 9".`,
  });
}

function askWhen(name: string, { canAsk }: ToolCall): ToolQuestion {
  if (!canAsk)
    throw new HobError('invalid_payload', {
      message: 'Give when: exactly one of cron, every_seconds, at and after.',
    });
  const description = 'For example "every weekday at 9", "in two hours", "tomorrow at noon".';
  return {
    question: {
      key: WHEN,
      message: `When should "${name}" happen?`,
      fields: { [WHEN]: { title: 'When', description } },
    },
  };
}

/** Nothing here has rights of its own: what an agent makes or changes waits for a person, in the host. */
const changes = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
};

export function scheduleTools(host: ToolHost, session: McpSessionContext): void {
  const { commands } = session;

  registerTool(host, {
    name: 'create_schedule',
    title: 'Create a schedule',
    description:
      'Asks a person to let something happen by the clock or after an event. Each run then has your rights: what asks, asks again. "pending": not saved yet.',
    input: wanted,
    output: changeSchema.extend({ task_id: z.string().describe('').optional() }),
    annotations: changes,
    async run({ name, when: times, do: what, zone }, call) {
      const due = times === undefined ? whenAnswered(session, call) : { trigger: triggerOf(times) };
      if (due === null) return askWhen(name, call);
      const task = taskDraftSchema.parse({
        name,
        action: actionOf(what, session.folderFor(undefined)),
        ...due,
        ...present({ zone }),
      });
      return changed(
        await commands['scheduler.create']({ task, wait_ms: call.waitMs }, session.context()),
      );
    },
  });

  registerTool(host, {
    name: 'update_schedule',
    title: 'Change a schedule',
    description: 'Asks a person to change one of your schedules, or pauses or resumes it at once.',
    input: wanted.partial().extend({
      when: when.meta({ see: 'create_schedule' }).optional(),
      do: doing.meta({ see: 'create_schedule' }).optional(),
      task_id: domainId('task'),
      paused: z.boolean().optional().describe('Alone, without other changes'),
    }),
    output: changeSchema,
    annotations: changes,
    async run({ task_id, name, when: times, do: what, zone, paused }, { waitMs }) {
      const context = session.context();
      if (paused !== undefined) {
        const act = paused
          ? commands['scheduler.pause']({ task_id, reason: 'paused by its agent' }, context)
          : commands['scheduler.resume']({ task_id }, context);
        const { task } = await act;
        return done(task);
      }
      const { task } = await commands['scheduler.get']({ task_id, times: 0 }, context);
      const change = {
        ...present({ name, zone }),
        ...(times === undefined ? {} : { trigger: triggerOf(times) }),
        ...(what === undefined ? {} : { action: actionOf(what, session.folderFor(undefined)) }),
      };
      const { generation } = task;
      return changed(
        await commands['scheduler.update'](
          { task_id, generation, change, wait_ms: waitMs },
          context,
        ),
      );
    },
  });

  registerTool(host, {
    name: 'list_schedules',
    title: 'List schedules',
    description: 'Your schedules.',
    input: z.object({}),
    output: z.object({ schedules: z.array(scheduleSchema), total: z.number().int() }),
    annotations: reads,
    run: async () => ({ data: await ownSchedules(session) }),
  });

  registerTool(host, {
    name: 'get_schedule',
    title: 'Get a schedule',
    description: 'One of your schedules, its next times and what became of its last ones.',
    input: taskId,
    output: z.object({
      schedule: scheduleSchema,
      next: z.array(z.string()),
      history: z.array(
        z.object({ at: z.string(), status: z.string(), reason: z.string().nullable() }),
      ),
    }),
    annotations: reads,
    run: async ({ task_id }) => ({ data: await ownSchedule(session, task_id) }),
  });

  registerTool(host, {
    name: 'cancel_schedule',
    title: 'Cancel a schedule',
    description: 'Ends one of your schedules.',
    input: taskId,
    output: changeSchema,
    annotations: { ...changes, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    async run({ task_id }) {
      const { task } = await commands['scheduler.delete'](
        { task_id, reason: 'cancelled by its agent', cancel_running: false },
        session.context(),
      );
      return done(task);
    },
  });

  registerTool(host, {
    name: 'run_schedule_now',
    title: 'Run a schedule now',
    description:
      'Runs one of your schedules once, through the same gate. See get_schedule for its end.',
    input: taskId,
    output: changeSchema,
    annotations: { ...changes, destructiveHint: true },
    async run({ task_id }) {
      const { task } = await commands['scheduler.trigger_now']({ task_id }, session.context());
      return done(task);
    },
  });
}
