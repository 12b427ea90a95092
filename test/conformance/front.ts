// MCP over HTTP for the suites, which speak nothing else: a loopback listener in front of `hob mcp`. Each
// session of the 2025 era, and each request of 2026-07-28, is a bridge of its own, so that everything but
// HTTP is what an agent gets. It holds the agent's token; whoever may use it says so with another one.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import { isModern, serveModern, type ToolSchemas } from './front-2026.ts';
import { refuse } from './http-answers.ts';
import { LegacySessions } from './front-2025.ts';
import type { OpenBridge } from './bridge-link.ts';

export interface Front {
  url: string;
  close(): Promise<void>;
}

const LARGEST_BODY = 4 * 1024 * 1024;

export async function startFront(open: OpenBridge, tools: ToolSchemas): Promise<Front> {
  const sessions = new LegacySessions(open);
  // Nobody who does not know the path is let in; the suites cannot send a header of ours.
  const path = `/${randomUUID()}/mcp`;
  const server = createServer((request, response) => {
    void answer(request, response).catch((failure: Error) => {
      if (!response.headersSent) refuse(response, 500, -32_603, failure.message);
      response.end();
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isLocal =
      validateHostHeader(request.headers.host, localhostAllowedHostnames()).ok &&
      validateOriginHeader(request.headers.origin, localhostAllowedOrigins()).ok;
    if (!isLocal) return refuse(response, 403, -32_000, 'Only for this machine.');
    if (request.url !== path) return refuse(response, 404, -32_000, 'There is nothing here.');
    const body = request.method === 'POST' ? await bodyOf(request) : null;
    if (body instanceof Error) return refuse(response, 400, -32_700, body.message);
    return isModern(request, body)
      ? serveModern({ request, response, body: body as JsonObject, open, tools })
      : sessions.serve(request, response, body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sessions.close();
    },
  };
}

/** Reads a body; an Error when it is no JSON. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) return new Error('The body is too large.');
  }
  try {
    return JSON.parse(text);
  } catch {
    return new Error('The body is not JSON.');
  }
}
