import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Incoming, Outgoing, Send } from '../ports.ts';

/** Over Node's own client, so that the addresses that were judged are the ones that are connected to. */
export const nodeSend: Send = async (request) => {
  const { url, method, headers, body, signal } = request;
  // Most hosts never send anything, and TLS is a tenth of their start.
  const client = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise<Incoming>((resolve, reject) => {
    const outgoing = client.request(url, {
      method,
      // Compressed answers could be anything once they are unpacked.
      headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
      lookup: pinnedLookup(request),
      agent: false,
      signal,
    });
    const timer = setTimeout(() => outgoing.destroy(systemError('ETIMEDOUT')), request.connectMs);
    outgoing.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
        clearTimeout(timer),
      );
    });
    outgoing.once('close', () => clearTimeout(timer));
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => resolve(answerOf(incoming)));
    outgoing.end(body ?? undefined);
  });
};

const pinnedLookup =
  ({ addresses }: Outgoing): LookupFunction =>
  (_hostname, options, done) => {
    const [first] = addresses;
    if (first === undefined) done(systemError('ENOTFOUND'), '', 4);
    else if (options.all === true) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };

const systemError = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(code), { code });

function answerOf(incoming: IncomingMessage): Incoming {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  return {
    status: incoming.statusCode ?? 0,
    headers,
    body: incoming,
    cancel: () => incoming.destroy(),
  };
}
