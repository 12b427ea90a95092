import type { JsonObject } from '../envelope/json.ts';
import { answerHead } from '../wire/answer-head.ts';
import { isObject } from '../wire/check-envelope.ts';
import { openChannel, type OpenOptions } from './open-channel.ts';

type Receive = (message: JsonObject, json: Buffer) => void;

/** A connection whose frames are JSON-RPC messages of MCP. */
export interface McpChannel {
  readonly sessionId: string;
  readonly instanceId: string;
  /** False when the stream holds more than it wants to. */
  send(message: JsonObject): boolean;
  /** The one receiver, of each message and the bytes of the JSON that it was. What came before it was set is handed over at once. */
  onMessage(receive: Receive): void;
  /** The same for who only passes answers on: of long ones the message is just the head (`answerHead`). */
  onMessageHead(receive: Receive): void;
  /** Resolves when the connection has ended: null when closed here, else why. */
  readonly closed: Promise<Error | null>;
  close(): Promise<void>;
}

/** Connects on the channel `mcp`. Rejects like `connectHost`. */
export async function connectMcp(options: OpenOptions): Promise<McpChannel> {
  const channel = await openChannel(options, 'mcp');
  const objectsTo =
    (receive: Receive) =>
    (value: unknown, json: Buffer): void => {
      if (isObject(value)) receive(value as JsonObject, json);
    };
  return {
    sessionId: channel.sessionId,
    instanceId: channel.instanceId,
    closed: channel.closed,
    send: (message) => channel.send(JSON.stringify(message)),
    onMessage: (receive) => channel.onFrame(objectsTo(receive)),
    onMessageHead: (receive) => channel.onFrame(objectsTo(receive), answerHead),
    close: () => channel.close(),
  };
}
