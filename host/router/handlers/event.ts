import type { Principal } from '#schema/envelope/principal.ts';
import { limits } from '#schema/envelope/limits.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { HobError } from '#host/kernel/errors.ts';
import { present } from '#host/kernel/fields.ts';
import type { Handlers } from '#host/router/ports.ts';
import type { EventFilter, EventStore } from '#host/store/ports.ts';

export interface EventHandlerOptions {
  store: EventStore;
  visibleAmong(principal: Principal, events: readonly StoredEvent[]): Promise<StoredEvent[]>;
}

/** event.query and event.get. What a client may not see is as if it were not there. */
export function eventHandlers({
  store,
  visibleAmong,
}: EventHandlerOptions): Pick<Handlers, 'event.query' | 'event.get'> {
  return {
    'event.query': async ({ limit, ...filter }, { caller }) => {
      const found = await store.query({
        ...(present(filter) as Omit<EventFilter, 'limit'>),
        limit,
      });
      const events = cutToSize(await visibleAmong(caller.principal, found));
      return { events, head_seq: await store.headSeq() };
    },
    'event.get': async ({ event_id: id, seq }, { caller }) => {
      const found = await store.event(id === undefined ? { seq: seq ?? 0 } : { event_id: id });
      const [event] = await visibleAmong(caller.principal, found === null ? [] : [found]);
      if (event === undefined) throw new HobError('not_found');
      return { event };
    },
  };
}

/** As many as fit into one message of 1 MiB, but one at least; the client asks on from the last seq. */
function cutToSize(events: StoredEvent[]): StoredEvent[] {
  let bytes = 0;
  const end = events.findIndex((event, at) => {
    bytes += JSON.stringify(event).length;
    return at > 0 && bytes > limits.payloadBytes;
  });
  return end === -1 ? events : events.slice(0, end);
}
