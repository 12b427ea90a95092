import type { JsonObject } from '../envelope/json.ts';
import { isObject } from '../wire/check-envelope.ts';
import { openChannel, type OpenOptions } from './open-channel.ts';

/** A connection whose frames are JSON-RPC messages of MCP. */
export interface McpChannel {
  readonly sessionId: string;
  readonly instanceId: string;
  /** False when the stream holds more than it wants to. */
  send(message: JsonObject): boolean;
  /** The one receiver, of each message and the JSON that it was. What came before it was set is handed over at once. */
  onMessage(receive: (message: JsonObject, text: string) => void): void;
  /** Resolves when the connection has ended: null when closed here, else why. */
  readonly closed: Promise<Error | null>;
  close(): Promise<void>;
}

/** Connects on the channel `mcp`. Rejects like `connectHost`. */
export async function connectMcp(options: OpenOptions): Promise<McpChannel> {
  const channel = await openChannel(options, 'mcp');
  return {
    sessionId: channel.sessionId,
    instanceId: channel.instanceId,
    closed: channel.closed,
    send: (message) => channel.send(JSON.stringify(message)),
    onMessage: (receive) =>
      channel.onFrame((value, text) => {
        if (isObject(value)) receive(value as JsonObject, text);
      }),
    close: () => channel.close(),
  };
}
