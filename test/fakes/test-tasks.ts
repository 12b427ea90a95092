import assert from 'node:assert/strict';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import { TEST_WORKSPACE } from './test-editor.ts';
import type { TestHost } from './test-host.ts';

export type TestDraft = CommandInput<'scheduler.create'>['task'];

const POLL_MS = 10;
/** Between a slot's time and its end everything is the host's own doing. */
const PATIENCE_MS = 20_000;

/** Tasks as the person at a test's editor makes them and looks at them; also after a restart of the host. */
export class TestTasks {
  readonly #test: () => TestHost;

  constructor(test: () => TestHost) {
    this.#test = test;
  }

  get #client() {
    return this.#test().editor.client;
  }

  async create(task: TestDraft): Promise<TaskView> {
    const inWorkspace = { workspaceId: TEST_WORKSPACE };
    const { task: made } = await this.#client.request('scheduler.create', { task }, inWorkspace);
    assert.ok(made !== null);
    return made;
  }

  async latest({ task_id }: TaskView): Promise<TaskView> {
    return (await this.#client.request('scheduler.get', { task_id })).task;
  }

  /** Newest first. */
  async slots({ task_id }: TaskView): Promise<SlotView[]> {
    return (await this.#client.request('scheduler.history', { task_id })).slots;
  }

  async runNow({ task_id }: TaskView): Promise<void> {
    await this.#client.request('scheduler.trigger_now', { task_id });
  }

  async pause({ task_id }: TaskView): Promise<void> {
    await this.#client.request('scheduler.pause', { task_id });
  }

  /** Waits until the slots of the task are as wanted. */
  async until(task: TaskView, holds: (slots: SlotView[]) => boolean): Promise<SlotView[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await this.slots(task);
      if (holds(found)) return found;
      assert.ok(performance.now() < deadline, `not so in time: ${JSON.stringify(found)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Waits until so many slots of the task have ended. */
  ended(task: TaskView, count: number): Promise<SlotView[]> {
    return this.until(task, (all) => all.filter((slot) => slot.ended_at !== null).length >= count);
  }

  /** Waits for a slot that stands like this. */
  async first(task: TaskView, ...status: SlotView['status'][]): Promise<SlotView> {
    const isOne = (slot: SlotView): boolean => status.includes(slot.status);
    const slot = (await this.until(task, (all) => all.some(isOne))).find(isOne);
    assert.ok(slot !== undefined);
    return slot;
  }
}
