// The address that `npm start` prints: one click signs in to code-server, as Jupyter's token does. The
// door logs in with the password and hands the session's cookie to whoever knows the secret path; cookies
// do not see ports, so the browser presents it to the workbench next door.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DoorOptions {
  /** http://127.0.0.1:PORT of code-server */
  readonly server: string;
  /** What the workbench opens, as its query parameters. */
  readonly query: Readonly<Record<string, string>>;
  readonly password: string;
}

export interface Door {
  readonly address: string;
  close(): void;
}

async function signIn(server: string, password: string): Promise<string[]> {
  const answer = await fetch(`${server}/login`, {
    method: 'POST',
    body: new URLSearchParams({ password }),
    redirect: 'manual',
  });
  const cookies = answer.headers.getSetCookie();
  if (cookies.length === 0) throw new Error(`code-server refused the password: ${answer.status}`);
  return cookies;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Starts the door on a port of its own. */
export async function openDoor({ server, query, password }: DoorOptions): Promise<Door> {
  const secretPath = `/${randomBytes(16).toString('base64url')}`;
  const workbench = `${server}/?${new URLSearchParams(query).toString()}`;
  const listener = http.createServer((request, response) => {
    if (!isSame(request.url ?? '', secretPath)) {
      response.writeHead(404).end();
      return;
    }
    signIn(server, password).then(
      (cookies) => response.writeHead(302, { location: workbench, 'set-cookie': cookies }).end(),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${secretPath}`,
    close: () => {
      listener.closeAllConnections();
      listener.close();
    },
  };
}
