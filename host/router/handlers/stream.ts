import { HobError } from '#host/kernel/errors.ts';
import type { EventFeed, FeedTarget } from '#host/router/event-feed.ts';
import type { Handlers } from '#host/router/ports.ts';

export interface StreamHandlerOptions {
  feed: EventFeed;
  /** The connection that a request came in on; undefined once it has closed. */
  target(connectionId: string): FeedTarget | undefined;
}

export function streamHandlers({
  feed,
  target,
}: StreamHandlerOptions): Pick<Handlers, 'stream.subscribe'> {
  return {
    'stream.subscribe': async (payload, { caller }) => {
      const connection = target(caller.connection_id);
      if (connection === undefined)
        throw new HobError('not_found', { message: 'The connection has closed.' });
      return feed.subscribe(connection, payload);
    },
  };
}
