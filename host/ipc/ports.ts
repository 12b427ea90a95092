import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import type { WireErrorCode } from '#schema/envelope/errors.ts';
import type { WireEventName } from '#schema/events/runtime-events.ts';

/** One authenticated connection that speaks envelopes, as the features may know it. */
export interface Connection {
  /** Unique for the life of the host; the same as `Caller.connection_id`. */
  readonly id: string;
  readonly role: Role;
  readonly principal: Principal;
  /** Aborted when the connection closes. */
  readonly closed: AbortSignal;
  /**
   * Sends one event to this connection alone, whatever it subscribed to, e.g. the copy of
   * `runtime.tool_call` with its token. False when the connection is closed or does not read.
   */
  sendEvent(event: WireEventName, payload: JsonObject, seq?: number): boolean;
  /** A value of which only the newest matters, such as a level: one that waits is replaced. */
  sendNewest(event: WireEventName, payload: JsonObject): void;
  /** Sends the error and closes, e.g. when an agent's token was revoked. */
  close(code: WireErrorCode, message?: string): void;
}

/** A connection whose frames after the welcome are JSON-RPC messages of MCP. */
export interface McpConnection {
  readonly id: string;
  readonly role: Role;
  readonly principal: Principal;
  readonly closed: AbortSignal;
  /** Resolves when the message lies in a queue that has room; rejects when the connection is closed. */
  send(message: JsonObject): Promise<void>;
  /** The one receiver. Messages that came before it was set are handed over at once, in order. */
  onMessage(receive: (message: JsonObject) => void): void;
  close(code: WireErrorCode, message?: string): void;
}

/** What serves the connections of the channel `mcp`. */
export interface McpSessions {
  /** Takes the connection over; its end is told by `closed`. */
  open(connection: McpConnection): void;
}

/** What a client says about itself in the handshake, proven to hold the host's key. */
export interface Introduction {
  role: Role;
  /** What it calls itself; shown, never trusted. */
  principal_hint: string;
  /** Proves an agent's name; empty when there is none. */
  token: string;
}

/** Who somebody is. Throws HobError `token_revoked` for a token that is unknown or revoked. */
export type Authenticate = (introduction: Introduction) => Promise<Principal>;
