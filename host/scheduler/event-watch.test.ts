import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { TaskView } from '#schema/views/task.ts';
import { EventWatch, type EventWatchOptions, type Fresh } from './event-watch.ts';

const event = (seq: number): StoredEvent =>
  ({
    seq,
    event_type: 'run.failed',
    data: {},
    correlation_id: 'x',
    occurred_at: new Date(seq).toISOString(),
  }) as unknown as StoredEvent;
const task = {
  task_id: 'task_A',
  cause_seq: 2,
  status: 'active',
  trigger: { kind: 'event', event_type: 'run.failed', where: {}, delay_seconds: 0 },
} as unknown as TaskView;

/** A watch over a store of so many events, which fails while `broken`. */
function watching(head: number) {
  const world = { broken: false, head, tasks: [task], whileReading: (): void => {} };
  const store: EventWatchOptions['store'] = {
    documents() {
      const read = [...world.tasks];
      world.whileReading();
      return Promise.resolve(read as never);
    },
    event: () => Promise.resolve(null),
    headSeq: () => Promise.resolve(world.head),
    query({ from_seq = 0, to_seq = 0, limit }) {
      if (world.broken) return Promise.reject(new Error('the store is away'));
      const all = Array.from({ length: world.head }, (_, i) => event(i + 1));
      const found = all.filter(({ seq }) => seq > from_seq && seq <= to_seq);
      return Promise.resolve(found.slice(0, limit));
    },
  };
  const watch = new EventWatch({
    store,
    visibleAmong: (_maker, events) => Promise.resolve([...events]),
  });
  const seen: number[] = [];
  const look = (takes = true): Promise<void> =>
    watch.look(({ causes }: Fresh) => {
      if (takes) seen.push(...causes.map(({ seq }) => seq));
      return Promise.resolve(takes);
    });
  return { world, watch, seen, look };
}

describe('watching events for tasks', () => {
  it('[S-20] shows each event after the last that the task had, once', async () => {
    const { world, watch, seen, look } = watching(4);
    await look();
    await look();
    assert.deepEqual(seen, [3, 4]);
    world.head = 5;
    assert.equal(watch.note(event(5)), true);
    await look();
    assert.deepEqual(seen, [3, 4, 5]);
  });

  it('[S-20] shows more than one page in their order', async () => {
    const { seen, look } = watching(1_203);
    await look();
    assert.deepEqual([seen.length, seen[0], seen.at(-1)], [1_201, 3, 1_203]);
  });

  it('[S-20] reads the tasks again when one was made while they were read', async () => {
    const { world, watch, seen, look } = watching(4);
    world.tasks = [];
    world.whileReading = () => {
      world.whileReading = () => {};
      world.tasks = [task];
      watch.note({ ...event(5), event_type: 'task.created' });
    };
    await look();
    assert.deepEqual([seen, watch.hasMore], [[], true]);
    await look();
    assert.deepEqual(seen, [3, 4]);
  });

  it('[S-20] looks again after the store failed, and after a place could not be stored', async () => {
    const { world, watch, seen, look } = watching(4);
    world.broken = true;
    await assert.rejects(look());
    assert.equal(watch.hasMore, true);
    world.broken = false;
    await look(false);
    assert.equal(watch.hasMore, true);
    await look();
    assert.deepEqual([seen, watch.hasMore], [[3, 4], false]);
  });
});
