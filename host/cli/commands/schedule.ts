import type { CommandResult } from '#schema/commands/registry.ts';
import type { TaskChange } from '#schema/commands/scheduler.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { inOrder, isOwn } from '#schema/views/schedule-order.ts';
import { actionText, momentText, outcomeText, triggerText } from '#schema/views/schedule-text.ts';
import { taskDraftSchema, type TaskDraft, type TaskView } from '#schema/views/task.ts';
import { exitCodes, UsageError, type CliCommand, type CliContext } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { requireId } from '../ids.ts';
import { named } from '../named.ts';
import { plain, table } from '../output.ts';
import { usageText } from '../usage.ts';
import { afterOptions, draftAfter } from './schedule-after.ts';

const USAGE =
  'schedule list | add SENTENCE | after EVENT SENTENCE | pause|resume|run|remove|history NAME | restore TASK_ID';

const EXAMPLE = 'hob schedule add "run the tests every weekday at nine"';

export const scheduleCommand: CliCommand = {
  name: 'schedule',
  usage: USAGE,
  summary: 'Lists, makes and changes what happens by the clock, or after something else.',
  details: [
    'list            schedules, when each is due and how the last one ended',
    'add SENTENCE    e.g. "run the tests every weekday at nine"; reads back what it understood and asks',
    'after EVENT SENTENCE   whenever that was stored, e.g. after scheduler.task_result "run the tests"',
    '                --if outcome=failed; an unknown EVENT is answered with those that there are',
    'pause NAME      nothing of it starts until it is resumed; NAME is a name or task_…',
    'resume NAME     goes on with the next time from now',
    'run NAME        runs it once, now',
    'remove NAME     ends it',
    'restore ID      takes that back, for ten minutes',
    'history NAME    what became of its last 30 times, what was skipped and why',
    '--yes           add, after: does not ask; without a terminal it is needed',
    '--if F=V,F=V    after: only events whose fields have these values (error.code=E looks inside)',
    '--delay S       after: so many seconds later',
    '--remind        after: a reminder with these words, and not a sentence to carry out',
  ],
  options: { yes: { type: 'boolean', short: 'y' }, ...afterOptions },
  async run(context) {
    const [verb, ...rest] = context.positionals;
    const words = rest.join(' ').trim();
    if (verb === 'list' && words === '') return list(context);
    if (words === '') throw new UsageError(usageText(USAGE, verb));
    if (verb === 'add') return add(context, words);
    if (verb === 'after') return after(context, draftAfter(rest, context.values));
    if (verb === 'restore') return restore(context, words);
    const act = acts[verb ?? ''];
    if (act === undefined) throw new UsageError(usageText(USAGE, verb));
    const client = await context.connect();
    return act(context, client, await scheduleOf(client, words));
  },
};

async function list({ connect, out }: CliContext): Promise<number> {
  const listed = await (await connect()).request('scheduler.list', { limit: 500 });
  const tasks = inOrder(listed.tasks);
  if (out.json) for (const task of tasks) out.result(task, '');
  else out.say(listText(tasks));
  return exitCodes.done;
}

/** The person's own, and apart from them what Hob does for itself. */
function listText(tasks: readonly TaskView[]): string {
  const rows = table(tasks.map(rowOf)).split('\n');
  const own = tasks.filter(isOwn).length;
  const first = own === 0 ? [`Nothing of yours is scheduled. Try: ${EXAMPLE}`] : rows.slice(0, own);
  return [
    ...first,
    ...(own === tasks.length ? [] : ['', 'Upkeep of Hob itself:', ...rows.slice(own)]),
  ].join('\n');
}

const rowOf = (task: TaskView): string[] => [
  task.task_id,
  plain(task.name),
  triggerText(task.trigger, task.zone),
  task.status === 'active'
    ? task.next_due === null
      ? 'waits for an event'
      : `next ${momentText(task.next_due, task.zone)}`
    : task.status,
  task.last_result === null ? 'has not run' : `last ${outcomeText(task.last_result.outcome)}`,
];

async function add(context: CliContext, sentence: string): Promise<number> {
  const { connect, out } = context;
  const client = await connect();
  const said = await client.request('conversation.inject_text', { text: sentence, dry_run: true });
  const read = said.result?.['schedule'];
  const parsed = taskDraftSchema.safeParse(
    typeof read === 'object' && read !== null && !Array.isArray(read) ? read['task'] : undefined,
  );
  if (parsed.success) return save(context, client, parsed.data);
  const status = notUnderstood(out, said);
  out.warn(`A schedule says what and when: ${EXAMPLE}`);
  return status;
}

async function after(context: CliContext, draft: TaskDraft): Promise<number> {
  const client = await context.connect();
  if (draft.action.kind === 'sentence') {
    const { text } = draft.action;
    const said = await client.request('conversation.inject_text', { text, dry_run: true });
    if (said.intent === null) return notUnderstood(context.out, said);
  }
  return save(context, client, draft);
}

function notUnderstood(
  out: CliContext['out'],
  said: CommandResult<'conversation.inject_text'>,
): number {
  out.result(said, plain(said.reply));
  for (const { phrase } of said.closest) out.warn(`  did you mean: ${plain(phrase)}`);
  return exitCodes.error;
}

/** Reads back what would be saved, asks, and saves it. */
async function save(
  { out, values }: CliContext,
  client: HostClient,
  draft: TaskDraft,
): Promise<number> {
  out.say(await readBack(client, draft));
  if (values['yes'] !== true && !(await confirmed(out, 'Save?', 'times'))) {
    out.say('Nothing was saved.');
    return exitCodes.denied;
  }
  const change = await client.request('scheduler.create', { task: draft });
  out.result(change, changeText(change));
  return { done: exitCodes.done, pending: exitCodes.pending, denied: exitCodes.denied }[
    change.status
  ];
}

async function readBack(client: HostClient, draft: TaskDraft): Promise<string> {
  const { trigger, action } = draft;
  const { zone, next } = await client.request('scheduler.preview', {
    trigger,
    ...(draft.zone === undefined ? {} : { zone: draft.zone }),
  });
  const times = next.map(({ at }) => `  ${momentText(at, zone)}`);
  const what = plain(actionText(action));
  if (trigger.kind === 'event') return `${plain(triggerText(trigger, zone))}: ${what}`;
  return [`${triggerText(trigger, zone)} ${zone}: ${what}`, 'Next:', ...times].join('\n');
}

const changeText = ({ status, task, approval_id, reason }: TaskChange): string =>
  ({
    done: `Saved: ${plain(task?.name ?? '')} is ${task?.task_id ?? ''}.`,
    pending: `It waits for a person (${approval_id ?? ''}); answer on the card in the editor.`,
    denied: `Not saved: ${plain(reason ?? 'it was denied')}`,
  })[status];

type Act = (context: CliContext, client: HostClient, task: TaskView) => Promise<number>;

const acts: Readonly<Record<string, Act>> = {
  async pause({ out }, client, { task_id }) {
    const { task } = await client.request('scheduler.pause', { task_id });
    out.result(task, `${plain(task.name)} is paused.`);
    return exitCodes.done;
  },
  async resume({ out }, client, { task_id }) {
    const { task } = await client.request('scheduler.resume', { task_id });
    const next = task.next_due === null ? '' : ` Next: ${momentText(task.next_due, task.zone)}.`;
    out.result(task, `${plain(task.name)} goes on.${next}`);
    return exitCodes.done;
  },
  async run({ out }, client, { task_id, name }) {
    const result = await client.request('scheduler.trigger_now', { task_id });
    out.result(result, `${plain(name)} was started.`);
    return exitCodes.done;
  },
  async remove({ out }, client, { task_id }) {
    const { task } = await client.request('scheduler.delete', { task_id });
    out.result(
      task,
      `${plain(task.name)} is removed. hob schedule restore ${task.task_id} takes that back, for ten minutes.`,
    );
    return exitCodes.done;
  },
  async history({ out }, client, { task_id, zone }) {
    const { slots } = await client.request('scheduler.history', { task_id });
    if (out.json) for (const slot of slots) out.result(slot, '');
    else if (slots.length === 0) out.say('It has not been due yet.');
    else
      out.say(
        table(
          slots.map((slot) => [
            momentText(slot.scheduled_at, zone),
            (slot.count ?? 1) > 1
              ? `${outcomeText(slot.status)} ${slot.count} times`
              : outcomeText(slot.status),
            plain(slot.reason ?? ''),
          ]),
        ),
      );
    return exitCodes.done;
  },
};

async function restore({ connect, out }: CliContext, task_id: string): Promise<number> {
  requireId('task', task_id, 'hob schedule remove');
  const { task } = await (await connect()).request('scheduler.restore', { task_id });
  out.result(task, `${plain(task.name)} is back.`);
  return exitCodes.done;
}

/** The schedule of this id or name. Throws `not_found`. */
async function scheduleOf(client: HostClient, given: string): Promise<TaskView> {
  const { tasks } = await client.request('scheduler.list', { limit: 500 });
  return named(tasks, given, {
    id: ({ task_id }) => task_id,
    name: ({ name }) => name,
    what: 'schedule',
    whats: 'schedules',
    lister: 'hob schedule list',
  });
}
