import { duplexPair, type Duplex } from 'node:stream';
import type { Listen } from '../listener.ts';

/** Connections within one process: the same bytes as on a socket, without one. */
export interface InMemoryTransport {
  listen: Listen;
  /** The client's end of a new connection. */
  connect(): Duplex;
}

export function inMemoryTransport(): InMemoryTransport {
  let accept: ((stream: Duplex) => void) | null = null;
  return {
    listen: async (accepting) => {
      accept = accepting;
      return {
        address: 'memory',
        close: async () => {
          accept = null;
        },
      };
    },
    connect: () => {
      if (accept === null) throw new Error('nothing listens in this process');
      const [ours, theirs] = duplexPair({ allowHalfOpen: true });
      // A socket's other end sees it when one is destroyed; a pair of streams does not by itself.
      ours.once('close', () => theirs.destroy());
      theirs.once('close', () => ours.destroy());
      accept(theirs);
      return ours;
    },
  };
}
