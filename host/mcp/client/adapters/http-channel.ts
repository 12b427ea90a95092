import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { HttpServer } from '#schema/views/server.ts';
import type { Egress } from '#host/egress/service.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { HobError } from '#host/kernel/errors.ts';
import type { ServerRecord } from '../core/server-record.ts';
import { originOf } from '../new-server.ts';
import type { RequestLogin, UseSecret } from '../ports.ts';
import { authorizedFetch } from './authorized-fetch.ts';
import type { Channel } from './channel.ts';
import { FRAME_BYTES } from './stdio-transport.ts';

export interface HttpParts {
  egress: Egress;
  clock: Clock;
  /** How long an answer may be waited for. */
  answerMs(): number;
  useSecret: UseSecret;
}

/** Why a session ended that a new one can take the place of at once. */
export const FORGOTTEN = 'it has forgotten the session';
const CONNECT_MS = 10_000;
const IDLE_MS = 60_000;
/** A session is ended politely, but not for long. */
const GOODBYE_MS = 500;

/**
 * Streamable HTTP through the one way out. The server is gone when it cannot be reached or has forgotten the
 * session; that its event stream broke off is not the end, the SDK opens it again.
 */
export async function httpChannel(
  server: ServerRecord,
  http: HttpServer,
  parts: HttpParts,
  login: RequestLogin | null,
): Promise<Channel> {
  const { bearer_from } = http;
  const token =
    bearer_from === undefined ? null : await parts.useSecret(bearer_from, server.server_id);
  let reason: string | null = null;
  let isOver = false;
  const way = parts.egress.open({
    server_id: server.server_id,
    allow: [originOf(http)],
    limits: {
      connectMs: CONNECT_MS,
      answerMs: parts.answerMs(),
      idleMs: IDLE_MS,
      bytes: FRAME_BYTES,
    },
    failed: (problem, at) => {
      const why = endOf(problem, at);
      if (why !== null) end(why);
    },
  });
  const send = login === null ? way.fetch : authorizedFetch(way.fetch, login);
  const transport = new StreamableHTTPClientTransport(new URL(http.url), {
    ...(token === null ? {} : { authProvider: { token: async () => token } }),
    async fetch(url, init) {
      const response = await send(url, init);
      if (response.status === 404 && transport.sessionId !== undefined) end(FORGOTTEN);
      return response;
    },
  });
  const end = (why: string): void => {
    reason ??= why;
    // Whoever asked hears what went wrong first.
    parts.clock.timer(0, () => void close());
  };
  const close = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    if (reason === null) await goodbye(transport, parts.clock);
    reason ??= 'it was stopped';
    parts.egress.shut(way);
    await transport.close();
  };
  return {
    transport,
    pid: null,
    get reason() {
      return reason;
    },
    isolation: server.isolation,
    mayChangeUnseen: true,
    close,
  };
}

/** Null when the session may go on. */
function endOf({ code, message }: HobError, at: 'head' | 'body'): string | null {
  if (code === 'egress_too_large')
    return `it sent a message of more than ${FRAME_BYTES / 1024 / 1024} MiB`;
  const isGone = code === 'egress_unreachable' || code === 'egress_untrusted';
  return isGone && at === 'head' ? message : null;
}

async function goodbye(transport: StreamableHTTPClientTransport, clock: Clock): Promise<void> {
  let cancel = (): void => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.timer(GOODBYE_MS, resolve);
  });
  await Promise.race([transport.terminateSession().catch(() => {}), late]);
  cancel();
}
