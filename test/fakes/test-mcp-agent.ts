import { connectMcp } from '#schema/client/mcp-channel.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunningHost } from '#host/runtime/in-process.ts';

/** What an agent is told, as data. */
export type ToolResult = JsonObject & { run_id: string; inquiry_id: string; status: string };

/** An agent that speaks MCP to a host in this process. */
export interface TestAgent {
  /** Sends the call as one whose time is up: it is answered with what is known at once. */
  call(tool: string, args: JsonObject): Promise<ToolResult>;
  /** Sends it as a client does that waits. */
  wait(tool: string, args: JsonObject, meta?: JsonObject): Promise<ToolResult>;
  /** The words of an answer, for what is refused. */
  text(tool: string, args: JsonObject): Promise<string>;
  /** Any other request; its result, or an error that names the code. */
  request(method: string, params?: JsonObject): Promise<JsonObject>;
  close(): Promise<void>;
}

export async function agentOf(host: RunningHost, name: string): Promise<TestAgent> {
  const channel = await connectMcp({
    address: host.connectStream(),
    key: host.key,
    role: 'agent',
    principalHint: name,
  });
  const waiting = new Map<number, (message: JsonObject) => void>();
  channel.onMessage((message) => waiting.get(Number(message['id']))?.(message));
  let last = 0;
  const request = (method: string, params: JsonObject): Promise<JsonObject> => {
    const id = (last += 1);
    channel.send({ jsonrpc: '2.0', id, method, params });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name, version: '1' },
  });
  channel.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  const result = async (tool: string, args: JsonObject, meta: JsonObject): Promise<JsonObject> =>
    (await request('tools/call', { name: tool, arguments: args, _meta: meta }))[
      'result'
    ] as JsonObject;
  const data = async (tool: string, args: JsonObject, meta: JsonObject): Promise<ToolResult> =>
    (await result(tool, args, meta))['structuredContent'] as ToolResult;
  return {
    call: (tool, args) => data(tool, args, { 'hob/waited_ms': 45_000 }),
    wait: (tool, args, meta = {}) => data(tool, args, meta),
    async text(tool, args) {
      const { content } = await result(tool, args, { 'hob/waited_ms': 45_000 });
      return (content as { text: string }[])[0]?.text ?? '';
    },
    async request(method, params = {}) {
      const { result: done, error } = await request(method, params);
      if (done === undefined) throw new Error(JSON.stringify(error));
      return done as JsonObject;
    },
    close: () => channel.close(),
  };
}
