// The 2025 era over HTTP: a session has an id, a stream, and here a bridge.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import {
  WebStandardStreamableHTTPServerTransport,
  type JSONRPCMessage,
} from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { BridgeLine, OpenBridge } from './bridge-link.ts';
import { refuse } from './http-answers.ts';

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  bridge: BridgeLine;
}

export class LegacySessions {
  readonly #open: OpenBridge;
  readonly #sessions = new Map<string, Session>();

  constructor(open: OpenBridge) {
    this.#open = open;
  }

  async serve(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const { 'mcp-session-id': id } = request.headers;
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (id !== undefined && known === undefined)
      return refuse(response, 404, -32_001, 'There is no such session.');
    const { transport } = known ?? (await this.#begin());
    const answer = await transport.handleRequest(
      webRequest(request, body),
      body === null ? {} : { parsedBody: body },
    );
    await sendAnswer(answer, response);
  }

  async close(): Promise<void> {
    for (const { transport } of this.#sessions.values()) await transport.close();
  }

  async #begin(): Promise<Session> {
    /** By what the bridge names, the request of the client that it belongs to. */
    const streams = new Map<string | number, string | number>();
    let latest: string | number | undefined;
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
    });
    const bridge = this.#open((message) => {
      const { params } = message as { params?: { progressToken?: string | number } };
      const token = params?.progressToken;
      const isOwn = 'result' in message || 'error' in message;
      const stream = isOwn ? undefined : token === undefined ? latest : streams.get(token);
      void transport
        .send(
          message as unknown as JSONRPCMessage,
          stream === undefined ? {} : { relatedRequestId: stream },
        )
        .catch(() => {});
    });
    const session = { transport, bridge };
    transport.onmessage = (message) => {
      const { id, params } = message as unknown as {
        id?: string | number;
        params?: { _meta?: { progressToken?: string | number } };
      };
      if (id !== undefined && 'method' in message) {
        latest = id;
        const { _meta: meta } = params ?? {};
        if (meta?.progressToken !== undefined) streams.set(meta.progressToken, id);
      }
      bridge.send(message as unknown as JsonObject);
    };
    transport.onclose = () => {
      if (transport.sessionId !== undefined) this.#sessions.delete(transport.sessionId);
      void bridge.close();
    };
    await transport.start();
    return session;
  }
}

function webRequest(request: IncomingMessage, body: unknown): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, String(value));
  const method = request.method ?? 'GET';
  return new Request(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`, {
    method,
    headers,
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
}

async function sendAnswer(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) return void response.end();
  response.flushHeaders();
  const stream = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
  response.once('close', () => stream.destroy());
  stream.on('error', () => response.end());
  stream.pipe(response);
}
