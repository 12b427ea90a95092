import type { WireError } from '#schema/envelope/errors.ts';
import { wireOf, type Link } from '../link/link.ts';
import type { TaskEdit } from '../state/schedule.ts';
import type { Store } from '../state/store.ts';
import { triggerOf, triggerValue } from '../words/schedule.ts';

export interface ScheduleActionPorts {
  readonly store: Store;
  readonly link: Link;
  after(ms: number, run: () => void): () => void;
  /** Reads what is unfolded of a schedule. */
  readTask(taskId: string): Promise<void>;
  /** Says a refusal. */
  say(error: WireError): void;
}

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
    const { link } = this.#ports;
    this.#try(
      paused
        ? link.request('scheduler.pause', { task_id, reason: 'paused in the panel' })
        : link.request('scheduler.resume', { task_id }),
    );
  }

  /** The first time it asks, the second time it does. */
  remove(task_id: string): void {
    const { store, link } = this.#ports;
    if (store.state.schedule.open?.deleting !== true)
      return store.dispatch({ kind: 'deleting_task', on: true });
    this.#try(link.request('scheduler.delete', { task_id, reason: 'deleted in the panel' }));
  }

  edit(task_id: string): void {
    const task = this.#ports.store.state.schedule.tasks.find((one) => one.task_id === task_id);
    if (task === undefined) return;
    const { generation, name, zone } = task;
    const preview = { step: 'asking' } as const;
    const trigger = triggerValue(task.trigger);
    this.#change({ task_id, generation, name, zone, ...trigger, preview, saving: false }, 0);
  }

  /** One field of the form is another one. */
  change(fields: Partial<Pick<TaskEdit, 'name' | 'kind' | 'value' | 'zone'>>): void {
    const { edit } = this.#ports.store.state.schedule;
    if (edit !== null) this.#change({ ...edit, ...fields }, TYPING_MS);
  }

  closeEdit(): void {
    this.#asking();
    this.#ports.store.dispatch({ kind: 'edit_task', edit: null });
  }

  save(): void {
    const { store, link } = this.#ports;
    const { edit } = store.state.schedule;
    if (edit === null || edit.saving) return;
    const { task_id, generation, name, zone } = edit;
    const trigger = triggerOf(edit);
    if (edit.kind !== null && trigger === null) return this.#wrong(unclear);
    store.dispatch({ kind: 'edit_task', edit: { ...edit, saving: true } });
    const change = {
      name: name.trim(),
      zone: zone.trim(),
      ...(trigger === null ? {} : { trigger }),
    };
    // Another form may be open by then.
    const isOpen = (): boolean => store.state.schedule.edit?.task_id === task_id;
    link.request('scheduler.update', { task_id, generation, change }).then(
      () => isOpen() && this.closeEdit(),
      (thrown: unknown) => isOpen() && this.#wrong(wireOf(thrown)),
    );
  }

  #change(edit: TaskEdit, wait: number): void {
    const { store, after } = this.#ports;
    this.#asking();
    store.dispatch({ kind: 'edit_task', edit: { ...edit, preview: { step: 'asking' } } });
    this.#asking = after(wait, () => this.#preview());
  }

  #preview(): void {
    const { store, link } = this.#ports;
    const { edit } = store.state.schedule;
    if (edit === null) return;
    const trigger = triggerOf(edit);
    if (edit.kind === null)
      return store.dispatch({
        kind: 'edit_task',
        edit: { ...edit, preview: { step: 'next', next: [] } },
      });
    if (trigger === null) return this.#wrong(unclear);
    // What was typed in the meantime asks for itself.
    const isCurrent = (): boolean => {
      const now = store.state.schedule.edit;
      return (
        now?.task_id === edit.task_id &&
        now.value === edit.value &&
        now.zone === edit.zone &&
        now.kind === edit.kind
      );
    };
    link.request('scheduler.preview', { trigger, zone: edit.zone.trim(), times: PREVIEWED }).then(
      ({ next }) => {
        const now = store.state.schedule.edit;
        if (now === null || !isCurrent()) return;
        const times = next.map(({ at }) => at);
        store.dispatch({
          kind: 'edit_task',
          edit: { ...now, preview: { step: 'next', next: times } },
        });
      },
      (thrown: unknown) => isCurrent() && this.#wrong(wireOf(thrown)),
    );
  }

  #wrong(error: WireError): void {
    const { store } = this.#ports;
    const { edit } = store.state.schedule;
    if (edit === null) return;
    store.dispatch({
      kind: 'edit_task',
      edit: { ...edit, saving: false, preview: { step: 'wrong', error } },
    });
  }

  #try(request: Promise<unknown>): void {
    request.catch((thrown: unknown) => this.#ports.say(wireOf(thrown)));
  }
}
