import type { Duplex } from 'node:stream';

/** Something that clients can connect to. */
export interface Listener {
  /** What a client connects to. */
  readonly address: string;
  /** Takes no further connections; those that are open go on. */
  close(): Promise<void>;
}

/** Starts listening; `accept` gets the stream of each connection. */
export type Listen = (accept: (stream: Duplex) => void) => Promise<Listener>;
