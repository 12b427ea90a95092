import type { CommandPayload, CommandResult } from '#schema/commands/registry.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { IntentMatch } from '#schema/views/intent.ts';
import { taskDraftSchema, type TaskDraft, type TaskView } from '#schema/views/task.ts';
import { inOrder, isOwn } from '#schema/views/schedule-order.ts';
import { actionText, momentText, outcomeText, triggerText } from '#schema/views/schedule-text.ts';
import type { Becomes, ScheduleAct, Vocabulary } from '#host/intents/core/intent-row.ts';
import type { ScheduleReading } from '#host/intents/core/schedule/sentence.ts';
import type { Understanding } from '#host/intents/core/understand.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { ended, type Answer } from './core/answer.ts';
import type { Speaker } from './ports.ts';

/** Commands that sentences about schedules come to; the rules about who may what are theirs. */
export type ScheduleCommand =
  | 'scheduler.list'
  | 'scheduler.preview'
  | 'scheduler.create'
  | 'scheduler.pause'
  | 'scheduler.resume'
  | 'scheduler.delete'
  | 'scheduler.restore'
  | 'scheduler.trigger_now'
  | 'scheduler.history';

/** Who speaks, and the window that it acts on; null without one. */
export interface WindowSpeaker extends Speaker {
  readonly window_id: string | null;
}

interface Deleted {
  readonly task: Pick<TaskView, 'task_id' | 'name'>;
  readonly at: number;
}

export interface SchedulesOptions {
  /** Sends one of the commands as whoever speaks. */
  call<N extends ScheduleCommand>(
    name: N,
    payload: CommandPayload<N>,
    speaker: Speaker,
  ): Promise<CommandResult<N>>;
  clock: Clock;
  /** The zone of this machine, an IANA name. */
  zone(): string;
}

/** Acts that change nothing. */
const looks: ReadonlySet<ScheduleAct> = new Set(['list', 'next', 'skipped']);
/** How long something that was read back can still be saved. */
const KEPT_MS = 10 * 60_000;
/** How long a plain "undo" means the schedule that was just deleted, and not what was typed since. */
const UNDO_MS = 2 * 60_000;
/** Of a sentence's answer: more is looked at in the panel. */
const MOST_SAID = 6;
const LISTED = 200;

/** What sentences do with schedules: read back what was understood, keep it when told to, and answer. */
export class Schedules {
  readonly #o: SchedulesOptions;
  /** What was read back and neither kept nor dropped, by who said it. One each: the newest. */
  readonly #drafts = new Map<string, { readonly draft: TaskDraft; readonly at: number }>();
  /** What was deleted by a sentence last, by who said it. */
  readonly #deleted = new Map<string, Deleted['task']>();
  /** What the last sentence of a window deleted, by who said it and where. */
  readonly #undoable = new Map<string, Deleted>();

  constructor(options: SchedulesOptions) {
    this.#o = options;
  }

  /**
   * What a sentence about schedules comes to; null for every other sentence. `act: false` only says
   * what would be. Throws `approval_source_refused` for a decision at some time.
   */
  async about(
    { match, schedule }: Understanding,
    becomes: Becomes | undefined,
    speaker: WindowSpeaker,
    act: boolean,
  ): Promise<(Answer & { understood: boolean }) | null> {
    const before = act ? this.#takeUndoable(speaker) : null;
    const undone = match?.name === 'undo' ? await this.#undo(before, speaker) : null;
    if (undone !== null) return { ...undone, understood: true };
    if (schedule?.kind === 'decision') throw new HobError('approval_source_refused');
    if (schedule?.kind === 'schedule')
      return { ...(await this.readBack(schedule, speaker, act)), understood: true };
    if (schedule?.kind === 'question') {
      const instead = schedule.suggestions.map((one) => `"${one}"`).join(' or ');
      const reply = instead === '' ? schedule.question : `${schedule.question} Say ${instead}.`;
      return { ...answer(reply, { suggestions: [...schedule.suggestions] }), understood: true };
    }
    if (schedule?.kind === 'unclear') {
      const what = schedule.what.map(({ raw }) => raw).join(' ');
      const reply = `I understood when (${schedule.when}), and not what: "${what}". Nothing was saved.`;
      return { ...answer(reply), understood: false };
    }
    if (match === null || becomes?.kind !== 'schedule') return null;
    return act || looks.has(becomes.act)
      ? { ...(await this.act(becomes.act, match, speaker)), understood: true }
      : { ...answer(`I would do this: ${match.phrase}.`), understood: true };
  }

  /** What of a sentence only this moment and this person's schedules explain. */
  async vocabulary(speaker: Speaker): Promise<Pick<Vocabulary, 'schedules' | 'moment'>> {
    const tasks = await this.#tasks(speaker);
    return {
      schedules: [...new Set(tasks.map(({ name }) => name))],
      moment: { now: this.#o.clock.now(), zone: this.#o.zone() },
    };
  }

  /** Says what was understood. Nothing is saved yet, and nothing at all when `keep` is false. */
  async readBack(
    reading: Extract<ScheduleReading, { kind: 'schedule' }>,
    speaker: Speaker,
    keep: boolean,
  ): Promise<Answer> {
    const { trigger, zone, action, notes } = reading;
    const name = await this.#freeName(reading.name, speaker);
    const draft = taskDraftSchema.parse({ name, trigger, zone, action });
    const preview = { trigger, zone, quiet_hours: null, times: 5 };
    const { next } = await this.#o.call('scheduler.preview', preview, speaker);
    if (keep) this.#drafts.set(speaker.principal.id, { draft, at: this.#o.clock.now() });
    const [first] = next;
    const isOnce = trigger.kind === 'once';
    const when = triggerText(trigger, zone, this.#o.clock.now());
    const where = zone === this.#o.zone() ? '' : ` ${zone}`;
    const reply = [
      ended(`${when}${where}: ${actionText(action)}`),
      ...notes,
      first === undefined || isOnce ? null : `Next: ${momentText(first.at, zone)}.`,
      'Say "save the schedule" to keep it.',
    ];
    return answer(reply.filter((part) => part !== null).join(' '), {
      schedule: json({ task: draft, next, notes }),
    });
  }

  /** Does what a sentence says about schedules that exist. Throws what the commands throw. */
  async act(act: ScheduleAct, match: IntentMatch, speaker: WindowSpeaker): Promise<Answer> {
    switch (act) {
      case 'list':
        return this.#list(speaker);
      case 'next':
        return this.#next(speaker);
      case 'skipped':
        return this.#skipped(speaker);
      case 'save':
        return this.#save(speaker);
      case 'discard':
        return answer(
          this.#drafts.delete(speaker.principal.id)
            ? 'Forgotten; nothing was saved.'
            : 'There was nothing to forget.',
        );
      case 'restore':
        return this.#restore(this.#deleted.get(speaker.principal.id), speaker);
      case 'pause':
      case 'resume':
      case 'cancel':
      case 'run_now':
        return this.#change(act, await this.#named(match, speaker), speaker);
    }
  }

  async #save(speaker: Speaker): Promise<Answer> {
    const kept = this.#drafts.get(speaker.principal.id);
    this.#drafts.delete(speaker.principal.id);
    if (kept === undefined || this.#o.clock.now() - kept.at > KEPT_MS)
      return answer('There is nothing to save. Say what should happen, and when.');
    const { status, task, reason, approval_id } = await this.#o.call(
      'scheduler.create',
      { task: kept.draft, wait_ms: 0 },
      speaker,
    );
    const reply = {
      done: `Saved: ${kept.draft.name}.`,
      pending: 'It waits for an answer on the card before it is saved.',
      denied: `Not saved: ${reason ?? 'it was denied'}`,
    }[status];
    return answer(reply, { status, task_id: task?.task_id ?? null, approval_id });
  }

  async #change(
    act: 'pause' | 'resume' | 'cancel' | 'run_now',
    { task_id, name }: TaskView,
    speaker: WindowSpeaker,
  ): Promise<Answer> {
    const { call } = this.#o;
    const reason = 'said so';
    if (act === 'pause') await call('scheduler.pause', { task_id, reason }, speaker);
    else if (act === 'resume') await call('scheduler.resume', { task_id }, speaker);
    else if (act === 'cancel') return this.#cancel({ task_id, name }, speaker);
    else await call('scheduler.trigger_now', { task_id }, speaker);
    const did = {
      pause: 'Paused',
      resume: 'Goes on',
      run_now: 'Started',
    }[act];
    return answer(`${did}: ${name}.`, { task_id });
  }

  /** Done at once, since it can be taken back: a question each time would be answered without reading. */
  async #cancel(task: Deleted['task'], speaker: WindowSpeaker): Promise<Answer> {
    const { task_id, name } = task;
    const order = { task_id, reason: 'said so', cancel_running: false };
    await this.#o.call('scheduler.delete', order, speaker);
    this.#deleted.set(speaker.principal.id, task);
    this.#undoable.set(placeOf(speaker), { task, at: this.#o.clock.now() });
    return answer(`Deleted: ${name}. Say "undo" to have it back.`, { task_id, deleted: true });
  }

  /** What the sentence before this one deleted in this window. Whatever is said next, it is so no longer. */
  #takeUndoable(speaker: WindowSpeaker): Deleted | null {
    const place = placeOf(speaker);
    const deleted = this.#undoable.get(place) ?? null;
    this.#undoable.delete(place);
    return deleted;
  }

  /** A plain "undo" right after a deletion; null when it means something else. */
  async #undo(deleted: Deleted | null, speaker: Speaker): Promise<Answer | null> {
    if (deleted === null || this.#o.clock.now() - deleted.at > UNDO_MS) return null;
    // A button may have had it back meanwhile.
    const tasks = await this.#tasks(speaker);
    const isBack = tasks.some(({ task_id }) => task_id === deleted.task.task_id);
    return isBack ? null : this.#restore(deleted.task, speaker);
  }

  async #restore(deleted: Deleted['task'] | undefined, speaker: Speaker): Promise<Answer> {
    if (deleted === undefined) return answer('No schedule was deleted by a sentence.');
    const { task_id } = deleted;
    const { task } = await this.#o.call('scheduler.restore', { task_id }, speaker);
    if (this.#deleted.get(speaker.principal.id)?.task_id === task_id)
      this.#deleted.delete(speaker.principal.id);
    return answer(`It is back: ${task.name}. ${goesOn(task, this.#o.clock.now())}`, { task_id });
  }

  async #list(speaker: Speaker): Promise<Answer> {
    const listed = (await this.#tasks(speaker)).filter(({ status }) => status !== 'done');
    const tasks = inOrder(listed.filter(isOwn));
    const now = this.#o.clock.now();
    const said = tasks
      .slice(0, MOST_SAID)
      .map(
        ({ name, trigger, zone, status }) =>
          `${name}: ${triggerText(trigger, zone, now)}${status === 'paused' ? ' (paused)' : ''}.`,
      );
    const more = tasks.length > said.length ? ` And ${tasks.length - said.length} more.` : '';
    const none =
      listed.length === 0
        ? 'Nothing is scheduled.'
        : 'Nothing of yours is scheduled, only the upkeep of Hob itself.';
    return answer(tasks.length === 0 ? none : said.join(' ') + more, {
      task_ids: tasks.map(({ task_id }) => task_id),
    });
  }

  async #next(speaker: Speaker): Promise<Answer> {
    const due = (await this.#tasks(speaker))
      .filter(isOwn)
      .flatMap(({ name, zone, status, next_due, task_id }) =>
        status === 'active' && next_due !== null ? [{ name, zone, next_due, task_id }] : [],
      )
      .toSorted((a, b) => Date.parse(a.next_due) - Date.parse(b.next_due));
    const [first] = due;
    return first === undefined
      ? answer('Nothing of yours is due.')
      : answer(`${first.name}, on ${momentText(first.next_due, first.zone)}.`, {
          task_id: first.task_id,
          at: first.next_due,
        });
  }

  async #skipped(speaker: Speaker): Promise<Answer> {
    const tasks = await this.#tasks(speaker);
    const found = await Promise.all(
      tasks.slice(0, 50).map(async (task) => {
        const page = { task_id: task.task_id, limit: 30 };
        const { slots } = await this.#o.call('scheduler.history', page, speaker);
        return slots
          .filter(({ status }) => status === 'skipped' || status === 'needs_user_action')
          .map((slot) => ({ task, slot }));
      }),
    );
    const newest = found
      .flat()
      .toSorted((a, b) => Date.parse(b.slot.scheduled_at) - Date.parse(a.slot.scheduled_at))
      .slice(0, MOST_SAID);
    const said = newest.map(({ task, slot }) => {
      const times = (slot.count ?? 1) > 1 ? ` (${slot.count} times)` : '';
      const why = slot.reason === null ? '' : `: ${slot.reason.replace(/\.$/, '')}`;
      return `${task.name}, ${momentText(slot.scheduled_at, task.zone)}${times}, ${outcomeText(slot.status)}${why}.`;
    });
    return answer(said.length === 0 ? 'Nothing was skipped.' : said.join(' '), {
      run_keys: newest.map(({ slot }) => slot.run_key),
    });
  }

  async #named(match: IntentMatch, speaker: Speaker): Promise<TaskView> {
    const name = match.slots['name'];
    const found = (await this.#tasks(speaker)).filter((task) => task.name === name);
    const [only] = found;
    if (only === undefined) throw new HobError('not_found');
    if (found.length > 1)
      throw new HobError('invalid_payload', {
        message: `${found.length} schedules are called "${String(name)}"; choose the one you mean in the panel.`,
      });
    return only;
  }

  /** "npm run lint", else "npm run lint 2": a name is what the next sentence will use. */
  async #freeName(wanted: string, speaker: Speaker): Promise<string> {
    const taken = new Set((await this.#tasks(speaker)).map(({ name }) => name));
    let name = wanted;
    for (let n = 2; taken.has(name); n += 1) name = `${wanted.slice(0, 120)} ${n}`;
    return name;
  }

  async #tasks(speaker: Speaker): Promise<TaskView[]> {
    const all = { status: ['active' as const, 'paused' as const, 'done' as const], limit: LISTED };
    return (await this.#o.call('scheduler.list', all, speaker)).tasks;
  }
}

/** What was done in one window is not undone by an "undo" that is meant for the editor of another. */
const placeOf = ({ principal, window_id }: WindowSpeaker): string =>
  `${principal.id} ${window_id ?? ''}`;

function goesOn({ status, next_due, zone }: TaskView, now: number): string {
  if (status === 'paused') return 'It is paused, as it was.';
  if (next_due === null) return '';
  return Date.parse(next_due) > now
    ? `Next: ${momentText(next_due, zone)}.`
    : 'It was due in the meantime.';
}

const answer = (reply: string, result: JsonObject = {}): Answer => ({
  reply,
  event_seqs: [],
  result,
});

const json = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
