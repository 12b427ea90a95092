import type { ServerResponse } from 'node:http';

/** Answers with an error of JSON-RPC. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  id: unknown = null,
  data?: unknown,
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  const error = { code, message, ...(data === undefined ? {} : { data }) };
  response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
}
