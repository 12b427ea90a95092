import type { McpChannel } from '#schema/client/mcp-channel.ts';
import type { JsonObject } from '#schema/envelope/json.ts';

/** The protocol revision that most agents speak today. */
const PROTOCOL = '2025-11-25';

/** What pending calls fail with when the host is gone. */
export const HOST_GONE = 'the host closed the connection';

/** An agent that can do one thing: call a tool of Hob over MCP, as any agent would. */
export class DemoAgent {
  readonly #channel: McpChannel;
  readonly #pending = new Map<number, PromiseWithResolvers<JsonObject>>();
  #lastId = 0;

  constructor(channel: McpChannel) {
    this.#channel = channel;
    channel.onMessage((message) => {
      if (typeof message['id'] === 'number') this.#pending.get(message['id'])?.resolve(message);
    });
    void channel.closed.then((why) => {
      const gone = new Error(HOST_GONE, { cause: why });
      for (const pending of this.#pending.values()) pending.reject(gone);
    });
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'demo-agent', version: '1' };
    await this.#request('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo });
    this.#channel.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }

  /** The tool's structured result. */
  async callTool(name: string, args: JsonObject): Promise<JsonObject> {
    const { result } = await this.#request('tools/call', { name, arguments: args });
    const structured = (result as JsonObject | undefined)?.['structuredContent'];
    if (typeof structured !== 'object' || structured === null || Array.isArray(structured))
      throw new Error('the tool gave no structured result');
    return structured;
  }

  async #request(method: string, params: JsonObject): Promise<JsonObject> {
    const id = ++this.#lastId;
    const pending = Promise.withResolvers<JsonObject>();
    this.#pending.set(id, pending);
    this.#channel.send({ jsonrpc: '2.0', id, method, params });
    const message = await pending.promise.finally(() => this.#pending.delete(id));
    if (message['error'] !== undefined) throw new Error(JSON.stringify(message['error']));
    return message;
  }
}
