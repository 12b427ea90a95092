import type { Duplex } from 'node:stream';
import type { WireErrorCode } from '#schema/envelope/errors.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import type { WireEventName } from '#schema/events/runtime-events.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Dispatch } from '#host/router/dispatch.ts';
import { acceptHandshake, type Accepted, type HandshakeContext } from './accept-handshake.ts';
import { EnvelopeSession } from './envelope-session.ts';
import { FramedConnection } from './framed-connection.ts';
import { McpSession } from './mcp-session.ts';
import type { McpSessions } from './ports.ts';

export interface HostServerOptions extends HandshakeContext {
  ids: IdSource;
  log: Log;
  dispatch: Dispatch;
  mcpSessions: McpSessions;
  opened(session: EnvelopeSession): void;
  closed(session: EnvelopeSession): void;
  /** The number of authenticated connections changed. */
  countChanged(count: number): void;
}

/** Every connection of a host, whatever it came in on. */
export class HostServer {
  readonly #options: HostServerOptions;
  readonly #connections = new Set<FramedConnection>();
  readonly #sessions = new Set<EnvelopeSession>();
  #authenticated = 0;
  #onEmpty: () => void = () => {};

  constructor(options: HostServerOptions) {
    this.#options = options;
  }

  /** Authenticated connections. */
  get count(): number {
    return this.#authenticated;
  }

  /** Takes a new stream. Above the limit it is told so and closed. */
  accept(stream: Duplex): void {
    const connection = new FramedConnection(stream, this.#options.clock);
    this.#connections.add(connection);
    stream.once('close', () => this.#forget(connection));
    acceptHandshake(connection, this.#options, (who) => this.#welcome(connection, who));
    if (this.#connections.size <= limits.connections) return;
    this.#options.log.warn('too many connections', { connections: this.#connections.size });
    connection.fail('too_many_connections', { details: { limit: limits.connections } });
  }

  /** Sends an event that is not stored to everybody. */
  broadcast(event: WireEventName, payload: JsonObject): void {
    for (const session of this.#sessions) session.sendEvent(event, payload);
  }

  /** Tells every client why and closes all connections. */
  closeAll(code: WireErrorCode): void {
    for (const connection of this.#connections) connection.fail(code);
  }

  /** Closes what is still open and resolves when the last connection has ended; none takes longer than its last word. */
  async dispose(): Promise<void> {
    this.closeAll('host_draining');
    if (this.#connections.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }

  #welcome(connection: FramedConnection, who: Accepted): void {
    const id = this.#options.ids.uuid();
    this.#changeCount(1);
    connection.closed.addEventListener('abort', () => this.#changeCount(-1), { once: true });
    if (who.channel === 'mcp') {
      const session = new McpSession({ id, ...who, connection });
      session.start();
      connection.send({ type: 'welcome', session_id: id });
      this.#options.mcpSessions.open(session);
    } else this.#openEnvelope(connection, id, who);
  }

  #openEnvelope(connection: FramedConnection, id: string, who: Accepted): void {
    const { dispatch, log, ids } = this.#options;
    const session = new EnvelopeSession({
      id,
      role: who.role,
      principal: who.principal,
      connection,
      dispatch,
      log,
      eventId: () => ids.uuid(),
    });
    this.#sessions.add(session);
    connection.closed.addEventListener('abort', () => this.#closed(session), { once: true });
    session.start();
    connection.send({ type: 'welcome', session_id: id });
    this.#options.opened(session);
  }

  #forget(connection: FramedConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onEmpty();
  }

  #closed(session: EnvelopeSession): void {
    this.#sessions.delete(session);
    this.#options.closed(session);
  }

  #changeCount(by: number): void {
    this.#authenticated += by;
    this.#options.countChanged(this.#authenticated);
  }
}
