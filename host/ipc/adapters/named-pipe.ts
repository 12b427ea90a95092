import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import type { Listen } from '../listener.ts';
import { listening, listenerOf } from './unix-socket.ts';

/**
 * A Windows named pipe with a random name of 128 bits: pipes have no folder that could be private, so
 * the name is a secret that only the endpoint file tells. libuv makes it for this user alone.
 */
export function namedPipe(): Listen {
  return async (accept) => {
    const address = `\\\\.\\pipe\\hob-${randomBytes(16).toString('hex')}`;
    const server = net.createServer({ allowHalfOpen: true }, accept);
    await listening(server, address);
    return listenerOf(server, address);
  };
}
