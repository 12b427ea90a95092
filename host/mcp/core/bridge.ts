import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import {
  BRIDGE_HELLO,
  CALL_ID,
  HOST_RESTARTED,
  readOnlyTools,
  resumableTools,
  WAITED_MS,
} from './bridge-facts.ts';

/** What the bridge needs from the process around it. */
export interface BridgePorts {
  /** `json` is the same message, where it is there already. */
  toAgent(message: JsonObject, json?: Uint8Array): void;
  /** Something waits for a connection. Harmless when one is being made. */
  connect(): void;
  /** Monotonic milliseconds. */
  now(): number;
  newId(): string;
  /** What the host is told about this side on every connection, e.g. its folder. */
  hello: JsonObject;
}

/** An open connection to a host. */
export interface BridgeLink {
  send(message: JsonObject): void;
}

/** Why a call could not be made, as it goes into `error.data`. */
export interface BridgeFailure {
  code: string;
  message: string;
  retryable: boolean;
}

type RpcId = string | number;

/** A request of the agent that has no answer yet. */
interface Request {
  id: RpcId;
  message: JsonObject;
  method: string;
  tool: string | null;
  since: number;
  /** On the present connection. */
  isSent: boolean;
  /** On any connection before: the host may know it. */
  wasSent: boolean;
}

/** The agent's session cannot hold more than this open: it is not reading its answers. */
const MOST_IN_FLIGHT = 1_000;
/** Begins the ids of requests that the agent did not send. */
const REPEATED = 'hob/repeated/';
/** JSON-RPC: server error, for everything that is between this process and the host. */
const SERVER_ERROR = -32_000;
const INVALID_REQUEST = -32_600;

/**
 * Keeps one MCP session of an agent alive while hosts come and go. It knows every open request:
 * after a restart it repeats the handshake of the session without showing it to the agent, sends
 * again what is safe to send twice, and answers the rest with `host_restarted`. Decides only; the
 * process around it reads, writes, connects and keeps time.
 */
export class Bridge {
  readonly #ports: BridgePorts;
  readonly #inFlight = new Map<RpcId, Request>();
  /** Notifications that wait for a connection. */
  #notes: JsonObject[] = [];
  #link: BridgeLink | null = null;
  /** The id of the repeated `initialize` on the present connection, while it has no answer. */
  #replaying: RpcId | null = null;
  #initialize: JsonObject | null = null;
  #isInitialized = false;
  #initializedNote: JsonObject | null = null;
  /** What the session is subscribed to, in the 2025 era: the next host has to be told. */
  readonly #subscribed = new Set<string>();
  /** By id, the URIs that were subscribed to again on the present connection; the agent asked for them before. */
  readonly #repeated = new Map<string, string>();

  constructor(ports: BridgePorts) {
    this.#ports = ports;
  }

  /** Requests of the agent without an answer. */
  get pending(): number {
    return this.#inFlight.size;
  }

  fromAgent(message: JsonValue): void {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      this.#ports.toAgent({
        jsonrpc: '2.0',
        id: null,
        error: { code: INVALID_REQUEST, message: 'One JSON-RPC message a line is expected here.' },
      });
      return;
    }
    const { id, method } = message;
    if (typeof method !== 'string') this.#answerFromAgent(message);
    else if (typeof id === 'string' || typeof id === 'number') this.#request(id, method, message);
    else this.#note(method, message);
  }

  fromHost(message: JsonObject, json?: Uint8Array): void {
    const { id, method } = message;
    if (typeof method === 'string' || (typeof id !== 'string' && typeof id !== 'number'))
      return this.#ports.toAgent(message, json);
    if (this.#replaying === id) return this.#replayed(message);
    const again = this.#repeated.get(String(id));
    if (again !== undefined) return this.#subscribedAgain(String(id), again);
    const request = this.#inFlight.get(id);
    // Answered or cancelled before: the agent must not see an id twice.
    if (request === undefined) return;
    this.#inFlight.delete(id);
    if ('result' in message) this.#remember(request.message);
    this.#ports.toAgent(message, json);
  }

  /** What a session is made of: the next host has to hear it again. */
  #remember(message: JsonObject): void {
    const uri = isObject(message['params']) ? message['params']['uri'] : null;
    if (message['method'] === 'initialize') {
      this.#initialize = message;
      this.#isInitialized = true;
    } else if (typeof uri !== 'string') return;
    else if (message['method'] === 'resources/subscribe') this.#subscribed.add(uri);
    else if (message['method'] === 'resources/unsubscribe') this.#subscribed.delete(uri);
  }

  /** A connection is there. The session's handshake comes first, then what waits. */
  up(link: BridgeLink): void {
    this.#link = link;
    link.send({ jsonrpc: '2.0', method: BRIDGE_HELLO, params: this.#ports.hello });
    const { id } = this.#initialize ?? {};
    if (
      this.#initialize !== null &&
      this.#isInitialized &&
      (typeof id === 'string' || typeof id === 'number')
    ) {
      this.#replaying = id;
      link.send(this.#initialize);
    } else this.#flush();
  }

  /** The connection is gone, and with it what the host knew about this session. */
  down(): void {
    this.#link = null;
    this.#replaying = null;
    this.#repeated.clear();
    for (const request of this.#inFlight.values()) {
      if (request.isSent && !maySendAgain(request)) {
        this.#fail(request, {
          code: HOST_RESTARTED,
          message: 'The host restarted during the call; it may or may not have taken effect.',
          retryable: false,
        });
      } else request.isSent = false;
    }
    // Who is subscribed waits for news, also with nothing under way.
    if (this.#inFlight.size > 0 || this.#subscribed.size > 0) this.#ports.connect();
  }

  /** No connection can be had: everything that waits is answered. The next request tries again. */
  unreachable(failure: BridgeFailure): void {
    this.#notes = [];
    for (const request of this.#inFlight.values()) this.#fail(request, failure);
  }

  #request(id: RpcId, method: string, original: JsonObject): void {
    const params = isObject(original['params']) ? original['params'] : {};
    const isCall = method === 'tools/call';
    const message = isCall
      ? withMeta(original, params, { [CALL_ID]: this.#ports.newId() })
      : original;
    const tool = isCall && typeof params['name'] === 'string' ? params['name'] : null;
    const request: Request = {
      id,
      message,
      method,
      tool,
      since: this.#ports.now(),
      isSent: false,
      wasSent: false,
    };
    if (this.#inFlight.size >= MOST_IN_FLIGHT) {
      return this.#fail(request, {
        code: 'queue_full',
        message: 'Too many calls wait for an answer on this connection.',
        retryable: true,
      });
    }
    this.#inFlight.set(id, request);
    if (this.#isReady()) this.#send(request);
    else this.#ports.connect();
  }

  #note(method: string, message: JsonObject): void {
    if (method === 'notifications/initialized') this.#initializedNote = message;
    if (method === 'notifications/cancelled' && this.#cancelled(message)) return;
    if (this.#isReady()) this.#link?.send(message);
    else if (method !== 'notifications/initialized' || !this.#isInitialized)
      this.#notes.push(message);
  }

  /** True when the host need not hear of it: it never got the request, or got it on a connection that is gone. */
  #cancelled(message: JsonObject): boolean {
    const id = isObject(message['params']) ? message['params']['requestId'] : null;
    const request =
      typeof id === 'string' || typeof id === 'number' ? this.#inFlight.get(id) : undefined;
    if (request === undefined) return true;
    this.#inFlight.delete(request.id);
    return !request.isSent;
  }

  /** An answer to something that the host asked. It means nothing to another host. */
  #answerFromAgent(message: JsonObject): void {
    if (this.#isReady()) this.#link?.send(message);
  }

  #replayed(message: JsonObject): void {
    this.#replaying = null;
    if (!('result' in message)) {
      const { error } = message;
      const why =
        isObject(error) && typeof error['message'] === 'string'
          ? error['message']
          : 'no reason given';
      return this.unreachable({
        code: 'bad_reply',
        message: `The host refused to take up the session again: ${why}`,
        retryable: false,
      });
    }
    if (this.#initializedNote !== null) this.#link?.send(this.#initializedNote);
    for (const uri of this.#subscribed) this.#repeatSubscription(uri);
    this.#flush();
    // The next host may be of another build, with other tools.
    this.#ports.toAgent({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
  }

  #repeatSubscription(uri: string): void {
    const id = `${REPEATED}${this.#ports.newId()}`;
    this.#repeated.set(id, uri);
    this.#link?.send({ jsonrpc: '2.0', id, method: 'resources/subscribe', params: { uri } });
  }

  /** From now on the host tells; what changed while nobody did is told here. */
  #subscribedAgain(id: string, uri: string): void {
    this.#repeated.delete(id);
    const params = { uri };
    this.#ports.toAgent({ jsonrpc: '2.0', method: 'notifications/resources/updated', params });
  }

  /** Requests first: a session without handshake takes its era from the first message, and notifications name none. */
  #flush(): void {
    for (const request of this.#inFlight.values()) if (!request.isSent) this.#send(request);
    for (const note of this.#notes.splice(0)) this.#link?.send(note);
  }

  #isReady(): boolean {
    return this.#link !== null && this.#replaying === null;
  }

  #send(request: Request): void {
    const { message, wasSent, since } = request;
    const again = wasSent && request.method === 'tools/call';
    request.isSent = true;
    request.wasSent = true;
    const params = isObject(message['params']) ? message['params'] : {};
    this.#link?.send(
      again
        ? withMeta(message, params, { [WAITED_MS]: Math.round(this.#ports.now() - since) })
        : message,
    );
  }

  #fail(request: Request, { code, message, retryable }: BridgeFailure): void {
    this.#inFlight.delete(request.id);
    this.#ports.toAgent({
      jsonrpc: '2.0',
      id: request.id,
      error: { code: SERVER_ERROR, message, data: { code, retryable } },
    });
  }
}

/** Everything in MCP but a tools/call only reads or repeats itself; a tool says so itself. */
const maySendAgain = ({ method, tool }: Request): boolean =>
  method !== 'tools/call' ||
  (tool !== null && (readOnlyTools.includes(tool) || resumableTools.includes(tool)));

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withMeta(message: JsonObject, params: JsonObject, meta: JsonObject): JsonObject {
  const own = isObject(params['_meta']) ? params['_meta'] : {};
  return { ...message, params: { ...params, _meta: { ...own, ...meta } } };
}
