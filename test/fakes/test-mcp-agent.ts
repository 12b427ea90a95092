import { connectMcp } from '#schema/client/mcp-channel.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunningHost } from '#host/runtime/in-process.ts';

/** An agent that speaks MCP to a host in this process, and does not wait for people. */
export interface TestAgent {
  /** Sends the call as one whose time is up: it is answered with what is known at once. */
  call(tool: string, args: JsonObject): Promise<{ run_id: string; status: string }>;
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
  return {
    async call(tool, args) {
      const answer = await request('tools/call', {
        name: tool,
        arguments: args,
        _meta: { 'hob/waited_ms': 45_000 },
      });
      const { structuredContent } = answer['result'] as {
        structuredContent: { run_id: string; status: string };
      };
      return structuredContent;
    },
    close: () => channel.close(),
  };
}
