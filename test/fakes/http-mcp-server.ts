// An MCP server of the 2025 era over streamable HTTP, by hand, so that it can misbehave as a test wants it.
import { once } from 'node:events';
import * as http from 'node:http';
import type { JsonObject } from '#schema/envelope/json.ts';

export interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: JsonObject | null;
}

type Reply = (message: JsonObject, response: http.ServerResponse, seen: Seen) => boolean;

export class HttpMcpServer {
  readonly seen: Seen[] = [];
  description = 'Says the same again.';
  /** Bearer that it wants; null takes everybody. */
  bearer: string | null = null;
  /** Tokens that it takes; null takes everybody. */
  tokens: ReadonlySet<string> | null = null;
  /** Scopes that a call of a tool needs of its token; what a token has is after its last dash. */
  callScope: string | null = null;
  /** What it says of itself to whoever wants to sign in (RFC 9728); null says nothing. */
  described: JsonObject | null = null;
  /** More of what it says when it takes no request. */
  challenge = '';
  /** Answers instead of the usual; true when it did. */
  instead: Reply = () => false;
  sessionId = 'session-1';
  /** Open event streams. */
  readonly streams = new Set<http.ServerResponse>();
  readonly #server: http.Server;

  private constructor(server: http.Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<HttpMcpServer> {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpMcpServer(server);
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  /** Requests with this JSON-RPC method. */
  calls(method: string): Seen[] {
    return this.seen.filter(({ body }) => body?.['method'] === method);
  }

  /** Takes no more connections and ends those there are. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const body = text === '' ? null : (JSON.parse(text) as JsonObject);
    const { method = '', url = '', headers } = request;
    const seen = { method, url, headers, body };
    this.seen.push(seen);
    if (body !== null && this.instead(body, response, seen)) return;
    if (this.bearer !== null && headers.authorization !== `Bearer ${this.bearer}`)
      return end(response, 401);
    if (url.startsWith('/.well-known/'))
      return this.described === null ? end(response, 404) : json(response, 200, this.described);
    if (!this.#takes(headers.authorization, body, response)) return;
    if (method === 'GET') return this.#stream(response);
    if (method !== 'POST' || body === null) return end(response, method === 'DELETE' ? 200 : 405);
    const isHandshake = body['method'] === 'initialize' || body['method'] === 'server/discover';
    if (!isHandshake && headers['mcp-session-id'] !== this.sessionId) return end(response, 404);
    if (body['id'] === undefined) return end(response, 202);
    this.reply(response, body, this.#result(body));
  }

  #takes(
    authorization: string | undefined,
    body: JsonObject | null,
    response: http.ServerResponse,
  ) {
    if (this.tokens === null) return true;
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    const where = `resource_metadata="http://127.0.0.1:${this.port}/.well-known/oauth-protected-resource/mcp"${this.challenge}`;
    if (!this.tokens.has(token)) {
      response.setHeader('www-authenticate', `Bearer ${where}`);
      end(response, 401);
      return false;
    }
    if (this.callScope === null || body?.['method'] !== 'tools/call') return true;
    if (token.slice(token.lastIndexOf('-') + 1).includes(this.callScope)) return true;
    response.setHeader(
      'www-authenticate',
      `Bearer error="insufficient_scope", scope="${this.callScope}", ${where}`,
    );
    end(response, 403);
    return false;
  }

  /** Answers a message with a result, or with an error where there is none. */
  reply(response: http.ServerResponse, message: JsonObject, result: JsonObject | null): void {
    response.setHeader('mcp-session-id', this.sessionId);
    const answer =
      result === null ? { error: { code: -32_601, message: 'Method not found' } } : { result };
    json(response, 200, { jsonrpc: '2.0', id: message['id'] ?? null, ...answer });
  }

  #result(message: JsonObject): JsonObject | null {
    if (message['method'] === 'initialize')
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'far', version: '1' },
      };
    if (message['method'] === 'tools/list') return { tools: this.#tools() };
    if (message['method'] !== 'tools/call') return null;
    const { arguments: args } = message['params'] as { arguments: { text: string } };
    return { content: [{ type: 'text', text: args.text }] };
  }

  #tools(): JsonObject[] {
    const inputSchema = {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
    };
    return [{ name: 'echo', description: this.description, inputSchema }];
  }

  #stream(response: http.ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }
}

export function json(response: http.ServerResponse, status: number, value: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const end = (response: http.ServerResponse, status: number): void => {
  response.writeHead(status).end();
};
