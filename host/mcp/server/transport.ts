import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import type { JsonObject } from '#schema/envelope/json.ts';
import { BRIDGE_HELLO } from '../core/bridge-facts.ts';

/** The connection of one agent, as the host's socket hands it over. */
export interface MessageConnection {
  readonly closed: AbortSignal;
  send(message: JsonObject): Promise<void>;
  onMessage(receive: (message: JsonObject) => void): void;
}

/** Carries MCP over a connection of the host, and takes out what the bridge says about itself. */
export class ConnectionTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #connection: MessageConnection;
  readonly #bridge: (facts: JsonObject) => void;
  #isClosed = false;

  constructor(connection: MessageConnection, bridge: (facts: JsonObject) => void) {
    this.#connection = connection;
    this.#bridge = bridge;
  }

  start(): Promise<void> {
    this.#connection.closed.addEventListener('abort', () => void this.close(), { once: true });
    this.#connection.onMessage((message) => this.#receive(message));
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return this.#connection.send(message as JsonObject);
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.onclose?.();
    }
    return Promise.resolve();
  }

  #receive(message: JsonObject): void {
    if (message['method'] === BRIDGE_HELLO) {
      const params = message['params'];
      if (typeof params === 'object' && params !== null && !Array.isArray(params))
        this.#bridge(params);
    } else this.onmessage?.(message as unknown as JSONRPCMessage);
  }
}
