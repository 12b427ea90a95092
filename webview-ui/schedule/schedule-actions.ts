import type { WireError } from '#schema/envelope/errors.ts';
import type { TaskView } from '#schema/views/task.ts';
import type { Verdict } from '../guard/act-guard.ts';
import { wireOf, type Link } from '../link/link.ts';
import { editedElsewhere, type TaskEdit } from '../state/schedule.ts';
import type { Store } from '../state/store.ts';
import {
  changeOf,
  fieldsOf,
  quietHoursOf,
  rebased,
  triggerOf,
  type TaskFields,
} from './task-fields.ts';

export interface ScheduleActionPorts {
  readonly store: Store;
  readonly link: Link;
  after(ms: number, run: () => void): () => void;
  /** Whether an act on this control counts now. */
  judge(control: string, by: 'pointer'): Verdict;
  /** Reads what is unfolded of a schedule. */
  readTask(taskId: string): Promise<void>;
  /** Says a refusal. */
  say(error: WireError): void;
  /** Puts the keyboard where it goes on, once that is drawn. */
  focus(selector: string): void;
}

const hand = (name: string): string => `.schedule-detail [data-hand="${name}"]`;
const row = (task_id: string): string => `[data-task="${task_id}"]`;

/** A pause in typing that is long enough to ask the host what it makes of it. */
const TYPING_MS = 250;
/** Times shown of what is being edited. */
const PREVIEWED = 5;

const unclear: WireError = {
  code: 'invalid_schedule',
  message: 'Write when: minutes as a number, or a moment as 2026-12-24 18:00.',
  retryable: false,
};

/** What a person does with schedules. What becomes of it arrives as events. */
export class ScheduleActions {
  readonly #ports: ScheduleActionPorts;
  #asking: () => void = () => undefined;

  constructor(ports: ScheduleActionPorts) {
    this.#ports = ports;
  }

  /** Unfolds one and reads it; unfolded, folds it. */
  toggle(task_id: string): void {
    const { store, readTask, say } = this.#ports;
    const isOpen = store.state.schedule.open?.task_id === task_id;
    store.dispatch({ kind: 'open_task', task_id: isOpen ? null : task_id });
    if (!isOpen) readTask(task_id).catch((thrown: unknown) => say(wireOf(thrown)));
  }

  runNow(task_id: string): void {
    this.#try(this.#ports.link.request('scheduler.trigger_now', { task_id }));
  }

  setPaused(task_id: string, paused: boolean): void {
    const { link, judge } = this.#ports;
    if (!paused && judge(`${task_id}/resume`, 'pointer') !== null) return;
    this.#try(
      paused
        ? link.request('scheduler.pause', { task_id, reason: 'paused in the panel' })
        : link.request('scheduler.resume', { task_id }),
    );
  }

  /** At once, since it can be taken back: a question each time would be answered without reading. */
  remove(task: TaskView): void {
    const { store, link, say, focus } = this.#ports;
    const { task_id } = task;
    if (store.state.schedule.open?.deleting === true) return;
    store.dispatch({ kind: 'deleting_task', on: true });
    link.request('scheduler.delete', { task_id, reason: 'deleted in the panel' }).then(
      ({ task: { updated_at } }) => {
        const removed = { ...task, updated_at };
        store.dispatch({ kind: 'task_removed', task: removed, at: store.state.now });
        focus(`${row(task_id)} [data-hand="undo"]`);
      },
      (thrown: unknown) => {
        store.dispatch({ kind: 'deleting_task', on: false });
        say(wireOf(thrown));
      },
    );
  }

  /** Takes back what `remove` did, in its place. */
  undoRemove(task_id: string): void {
    this.#restore(task_id, (task) => {
      this.#ports.store.dispatch({ kind: 'task_back', task });
      this.#ports.focus(`${row(task_id)} .schedule-line`);
    });
  }

  /** Takes back that a sentence deleted it; `closes` what is shown of that sentence. */
  restore(task_id: string, closes: 'turn_closed' | 'spoken_closed'): void {
    const { store, focus } = this.#ports;
    this.#restore(task_id, ({ name }) => {
      store.dispatch({ kind: closes });
      store.dispatch({ kind: 'notice', text: `It is back: ${name}.`, error: false });
      focus('.say-input');
    });
  }

  #restore(task_id: string, then: (task: TaskView) => void): void {
    const { link, say } = this.#ports;
    link.request('scheduler.restore', { task_id }).then(
      ({ task }) => then(task),
      (thrown: unknown) => say(wireOf(thrown)),
    );
  }

  edit(task_id: string): void {
    const task = this.#ports.store.state.schedule.tasks.find((one) => one.task_id === task_id);
    if (task === undefined) return;
    const { generation } = task;
    const fields = fieldsOf(task);
    const preview = { step: 'asking' } as const;
    const opened = { task_id, generation, fields, base: fields, preview };
    this.#change({ ...opened, saving: false, refused: null }, 0);
    this.#ports.focus('.schedule-form input, .schedule-form select');
  }

  /** Some fields of the form are other ones. */
  change(fields: Partial<TaskFields>): void {
    const { edit } = this.#ports.store.state.schedule;
    if (edit === null) return;
    this.#change({ ...edit, fields: { ...edit.fields, ...fields }, refused: null }, TYPING_MS);
  }

  /** What was typed, over the version that somebody else made in the meantime. */
  keepMine(): void {
    const { edit } = this.#ports.store.state.schedule;
    const newer = editedElsewhere(this.#ports.store.state.schedule);
    if (edit === null || newer === null) return;
    const base = fieldsOf(newer);
    const fields = rebased(edit.fields, edit.base, base);
    const { generation } = newer;
    this.#change({ ...edit, generation, fields, base, saving: false, refused: null }, 0);
  }

  closeEdit(): void {
    this.#asking();
    this.#ports.store.dispatch({ kind: 'edit_task', edit: null });
    this.#ports.focus(hand('edit'));
  }

  /** To the question that has to be answered before anything can be saved. */
  toConflict(): void {
    this.#ports.focus('.schedule-conflict button');
  }

  save(): void {
    const { store, link } = this.#ports;
    const { edit } = store.state.schedule;
    if (edit === null || edit.saving) return;
    const { task_id, generation, fields, base } = edit;
    const made = changeOf(fields, base);
    if (!made.ok) return this.#refused(made.error);
    const { change } = made;
    if (Object.keys(change).length === 0) return this.closeEdit();
    store.dispatch({ kind: 'edit_task', edit: { ...edit, saving: true, refused: null } });
    // Another form may be open by then.
    const isOpen = (): boolean => store.state.schedule.edit?.task_id === task_id;
    link.request('scheduler.update', { task_id, generation, change }).then(
      () => isOpen() && this.closeEdit(),
      (thrown: unknown) => isOpen() && this.#refused(wireOf(thrown)),
    );
  }

  #change(edit: TaskEdit, wait: number): void {
    const { store, after } = this.#ports;
    this.#asking();
    store.dispatch({ kind: 'edit_task', edit: { ...edit, preview: { step: 'asking' } } });
    this.#asking = after(wait, () => this.#preview());
  }

  #preview(): void {
    const { edit } = this.#ports.store.state.schedule;
    if (edit === null) return;
    const { fields } = edit;
    if (fields.due === null) return this.#show({ step: 'next', next: [] });
    const trigger = triggerOf(fields);
    if (trigger === null) return this.#show({ step: 'wrong', error: unclear });
    const zone = fields.zone.trim();
    const quiet_hours = quietHoursOf(fields);
    // What was typed in the meantime asks for itself.
    const isCurrent = (): boolean => this.#ports.store.state.schedule.edit?.fields === fields;
    this.#ports.link
      .request('scheduler.preview', { trigger, zone, quiet_hours, times: PREVIEWED })
      .then(
        ({ next }) => isCurrent() && this.#show({ step: 'next', next: next.map(({ at }) => at) }),
        (thrown: unknown) => isCurrent() && this.#show({ step: 'wrong', error: wireOf(thrown) }),
      );
  }

  #show(preview: TaskEdit['preview']): void {
    const { store } = this.#ports;
    const { edit } = store.state.schedule;
    if (edit !== null) store.dispatch({ kind: 'edit_task', edit: { ...edit, preview } });
  }

  /** What was typed stays. */
  #refused(refused: WireError): void {
    const { store } = this.#ports;
    const { edit } = store.state.schedule;
    if (edit !== null)
      store.dispatch({ kind: 'edit_task', edit: { ...edit, saving: false, refused } });
  }

  #try(request: Promise<unknown>): void {
    request.catch((thrown: unknown) => this.#ports.say(wireOf(thrown)));
  }
}
