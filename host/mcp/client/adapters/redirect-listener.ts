import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenForRedirect } from '../login/ports.ts';

/** One path, so that a client that was registered beforehand can name it; the port is another one each time (RFC 8252). */
const PATH = '/callback';

/**
 * Waits at 127.0.0.1 for the browser to come back from an authorization server. One answer, with the state of
 * this sign-in; whatever else comes is told off and changes nothing.
 */
export const listenForRedirect: ListenForRedirect = async (state) => {
  // Few hosts ever sign in anywhere.
  const { createServer } = await import('node:http');
  const { promise: answer, resolve, reject } = Promise.withResolvers<URLSearchParams>();
  answer.catch(() => {});
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 10_000 },
    (request, response) => {
      const { port } = server.address() as AddressInfo;
      const found = answerIn(request, port, state);
      if (found === null)
        return say(response, 400, 'This does not belong to a sign-in that Hob waits for.');
      say(
        response,
        200,
        'Hob has the answer. You can close this page; Hob says whether you are signed in.',
      );
      resolve(found);
      // What was answered goes out first: its connection ends with it.
      server.close();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    take(address) {
      const found = copiedAnswer(address, port, state);
      if (found === null) return false;
      resolve(found);
      server.close();
      return true;
    },
    url: `http://127.0.0.1:${port}${PATH}`,
    answer,
    close() {
      server.close();
      server.closeAllConnections();
      reject(new Error('nobody waits for it any more'));
    },
  };
};

/** Null for everything but the answer. A page that another name leads here has another Host. */
function answerIn(
  { method, url = '', headers }: IncomingMessage,
  port: number,
  state: string,
): URLSearchParams | null {
  if (method !== 'GET' || headers.host !== `127.0.0.1:${port}` || url.length > 8_192) return null;
  return answerAt(new URL(url, 'http://127.0.0.1'), state);
}

/** Browsers leave the scheme out where they show an address, and people with it. */
function copiedAnswer(address: string, port: number, state: string): URLSearchParams | null {
  const whole = address.startsWith('http://') ? address : `http://${address}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  return url?.host === `127.0.0.1:${port}` ? answerAt(url, state) : null;
}

const answerAt = ({ pathname, searchParams }: URL, state: string): URLSearchParams | null =>
  pathname === PATH && isSame(searchParams.get('state') ?? '', state) ? searchParams : null;

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function say(response: ServerResponse, status: number, words: string): void {
  response
    .writeHead(status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    })
    .end(
      `<!doctype html><html lang="en"><title>Hob</title><body style="font:1rem system-ui;margin:4rem auto;max-width:30rem;color-scheme:light dark"><p>${words}</p></body></html>`,
    );
}
