import type { WireErrorCode } from '#schema/envelope/errors.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import { withIdFirst } from '#schema/wire/answer-head.ts';
import { isObject } from '#schema/wire/check-envelope.ts';
import { decodeFrame, holdsHalfCharacters } from '#schema/wire/framing.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { FramedConnection } from './framed-connection.ts';
import type { McpConnection } from './ports.ts';

/** JSON-RPC "invalid request" and "parse error", for what never becomes a message. */
const INVALID_REQUEST = -32_600;
const PARSE_ERROR = -32_700;

/** Hands JSON-RPC messages of MCP to their server and back, for one authenticated connection. */
export class McpSession implements McpConnection {
  readonly id: string;
  readonly role: Role;
  readonly principal: Principal;
  readonly closed: AbortSignal;
  readonly #connection: FramedConnection;
  #receive: ((message: JsonObject) => void) | null = null;
  #early: JsonObject[] = [];

  constructor(options: {
    id: string;
    role: Role;
    principal: Principal;
    connection: FramedConnection;
  }) {
    this.id = options.id;
    this.role = options.role;
    this.principal = options.principal;
    this.#connection = options.connection;
    this.closed = options.connection.closed;
  }

  start(): void {
    this.#connection.liftLimit();
    this.#connection.receive({
      frame: (bytes) => this.#message(bytes),
      lastWord: (error) => rpcError(INVALID_REQUEST, error),
    });
  }

  onMessage(receive: (message: JsonObject) => void): void {
    this.#receive = receive;
    for (const message of this.#early.splice(0)) receive(message);
  }

  send(message: JsonObject): Promise<void> {
    if (this.closed.aborted) return Promise.reject(new Error('the MCP connection is closed'));
    const { outbox } = this.#connection;
    outbox.reply(() => JSON.stringify(withIdFirst(message)));
    if (!outbox.blocked) return Promise.resolve();
    return new Promise((resolve) => {
      outbox.whenEmpty(resolve);
      this.closed.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  close(code: WireErrorCode, message?: string): void {
    this.#connection.fail(code, message === undefined ? {} : { message });
  }

  #message(bytes: Buffer): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok)
      return this.#connection.send(rpcError(PARSE_ERROR, new HobError(decoded.code)));
    if (!isObject(decoded.value))
      return this.#connection.send(rpcError(INVALID_REQUEST, new HobError('bad_request')));
    const message = decoded.value as JsonObject;
    if (holdsHalfCharacters(decoded)) return this.#connection.send(halfCharacters(message));
    if (this.#receive === null) this.#early.push(message);
    else this.#receive(message);
  }
}

/** Answered under the message's own id, so that its sender does not wait for ever. */
function halfCharacters({ id = null }: JsonObject): JsonObject {
  const message = 'A text of the message holds half a surrogate pair, which is no character.';
  return { ...rpcError(INVALID_REQUEST, new HobError('bad_request', { message })), id };
}

const rpcError = (code: number, error: HobError): JsonObject => ({
  jsonrpc: '2.0',
  id: null,
  error: { code, message: error.message, data: { ...error.toWire() } as JsonObject },
});
