// 2026-07-28 over HTTP: each request stands alone, and its headers have to agree with it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { classifyInboundRequest } from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { OpenBridge } from './bridge-link.ts';
import { refuse } from './http-answers.ts';
import { decoded, mismatch, missing, type ToolSchemas } from './headers.ts';

export type { ToolSchemas } from './headers.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  body: JsonObject;
  open: OpenBridge;
  tools: ToolSchemas;
}

const header = (request: IncomingMessage, name: string): string | undefined => {
  const { [name]: value } = request.headers;
  return typeof value === 'string' ? value.trim() : undefined;
};
const versionOf = (request: IncomingMessage) => header(request, 'mcp-protocol-version');

/** Statuses of errors that the protocol answers before a handler sees the request. */
const statuses: Readonly<Record<number, number>> = {
  [-32_700]: 400,
  [-32_600]: 400,
  [-32_601]: 404,
  [-32_020]: 400,
  [-32_021]: 400,
  [-32_022]: 400,
};

const classify = (request: IncomingMessage, body: unknown) => {
  const [version, method, name] = [
    versionOf(request),
    header(request, 'mcp-method'),
    header(request, 'mcp-name'),
  ];
  return classifyInboundRequest({
    httpMethod: request.method ?? 'GET',
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(method === undefined ? {} : { mcpMethodHeader: method }),
    ...(name === undefined ? {} : { mcpNameHeader: name }),
    body,
  });
};

/** Everything else is of the 2025 era. */
export function isModern(request: IncomingMessage, body: unknown): boolean {
  return request.method === 'POST' && classify(request, body).kind !== 'legacy';
}

export async function serveModern(exchange: Exchange): Promise<void> {
  const { request, response, body } = exchange;
  const id = body['id'] ?? null;
  const outcome = classify(request, body);
  if (outcome.kind === 'reject')
    return refuse(response, outcome.httpStatus, outcome.code, outcome.message, id, outcome.data);
  if (!('id' in body)) return void response.writeHead(202).end();
  const why = await headerProblem(exchange);
  if (why !== null) return refuse(response, 400, -32_020, why, id);
  return answered(exchange);
}

/** What a header says otherwise than the body; null when all agree. */
async function headerProblem({ request, body, tools }: Exchange): Promise<string | null> {
  const params = (body['params'] ?? {}) as JsonObject;
  if (versionOf(request) === undefined) return missing('MCP-Protocol-Version');
  if (header(request, 'mcp-method') === undefined) return missing('Mcp-Method');
  const named =
    { 'tools/call': 'name', 'prompts/get': 'name', 'resources/read': 'uri' }[
      String(body['method'])
    ] ?? (/^tasks\/(get|update|cancel)$/.test(String(body['method'])) ? 'taskId' : undefined);
  if (named === undefined) return null;
  const name = header(request, 'mcp-name');
  if (name === undefined) return missing('Mcp-Name');
  if (decoded(name) !== params[named]) return mismatch('Mcp-Name');
  if (body['method'] !== 'tools/call') return null;
  const args = (params['arguments'] ?? {}) as JsonObject;
  for (const [argument, suffix] of await tools(String(params['name']))) {
    const sent = header(request, `mcp-param-${suffix.toLowerCase()}`);
    const value = args[argument];
    if (value === undefined && sent === undefined) continue;
    if (sent === undefined) return missing(`Mcp-Param-${suffix}`);
    if (decoded(sent) !== String(value)) return mismatch(`Mcp-Param-${suffix}`);
  }
  return null;
}

/** One bridge for one request: what comes before the answer makes it a stream. */
function answered({ request, response, body, open }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    const bridge = open((message) => {
      const isLast = message['id'] === body['id'] && !('method' in message);
      if (isLast && !response.headersSent) {
        const { code } = (message['error'] ?? {}) as { code?: number };
        const status = code === undefined ? 200 : (statuses[code] ?? 200);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(message));
      } else {
        if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
        if (isLast) response.end();
      }
    });
    request.socket.setNoDelay(true);
    response.once('close', () => void bridge.close().then(resolve));
    bridge.send(body);
  });
}
