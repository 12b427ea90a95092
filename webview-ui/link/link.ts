import {
  findCommand,
  type CommandInput,
  type CommandName,
  type CommandResult,
} from '#schema/commands/registry.ts';
import type { EventEnvelope, RequestEnvelope } from '#schema/envelope/envelope.ts';
import { wireErrorSchema, type WireError } from '#schema/envelope/errors.ts';
import { eventSchema, responseSchema } from '#schema/envelope/envelope.ts';
import { CONTRACT_VERSION } from '#schema/envelope/version.ts';
import {
  bridgeToPanelSchema,
  type BridgeFromPanel,
  type BridgeToPanel,
} from '#schema/views/bridge.ts';

/** Why a request failed: the host's own error, or that no answer came. */
export class RequestError extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'RequestError';
    this.wire = wire;
  }
}

/** Any failure as the error that the panel shows. */
export const wireOf = (thrown: unknown): WireError =>
  thrown instanceof RequestError
    ? thrown.wire
    : {
        code: 'internal_error',
        message: thrown instanceof Error ? thrown.message : String(thrown),
        retryable: false,
      };

/** What the panel needs of the world to talk. */
export interface LinkPorts {
  /** To the extension. */
  post(message: RequestEnvelope | BridgeFromPanel): void;
  newId(): string;
  /** Runs `run` once after `ms`, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
}

/** How long an answer may take beyond what the command itself waits for. */
const ANSWER_MS = 30_000;

interface Waiting {
  readonly command: CommandName;
  settle(payload: unknown): void;
  fail(error: WireError): void;
}

/** Requests out, responses and events in. Everything that comes in is parsed; what does not fit is dropped. */
export class Link {
  readonly #ports: LinkPorts;
  readonly #waiting = new Map<string, Waiting>();
  readonly #onEvent: (event: EventEnvelope) => void;
  readonly #onBridge: (message: BridgeToPanel) => void;

  constructor(
    ports: LinkPorts,
    handlers: { event: (event: EventEnvelope) => void; bridge: (message: BridgeToPanel) => void },
  ) {
    this.#ports = ports;
    this.#onEvent = handlers.event;
    this.#onBridge = handlers.bridge;
  }

  /** Rejects with RequestError. */
  request<N extends CommandName>(command: N, payload: CommandInput<N>): Promise<CommandResult<N>> {
    return new Promise((resolve, reject) => {
      const requestId = this.#ports.newId();
      const done = (): void => {
        stop();
        this.#waiting.delete(requestId);
      };
      const fail = (error: WireError): void => {
        done();
        reject(new RequestError(error));
      };
      const stop = this.#ports.after(ANSWER_MS + waitOf(payload), () =>
        fail({
          code: 'request_timeout',
          message: 'The host did not answer in time.',
          retryable: true,
        }),
      );
      this.#waiting.set(requestId, {
        command,
        fail,
        settle: (result) => {
          done();
          resolve(result as CommandResult<N>);
        },
      });
      const plain = JSON.parse(JSON.stringify(payload)) as RequestEnvelope['payload'];
      this.#ports.post({ v: CONTRACT_VERSION, request_id: requestId, command, payload: plain });
    });
  }

  /** To the extension itself. */
  tell(message: BridgeFromPanel): void {
    this.#ports.post(message);
  }

  /** One message of the extension. */
  receive(data: unknown): void {
    const bridge = bridgeToPanelSchema.safeParse(data);
    if (bridge.success) return this.#bridge(bridge.data);
    const event = eventSchema.safeParse(data);
    if (event.success) return this.#onEvent(event.data);
    const response = responseSchema.safeParse(data);
    if (!response.success || response.data.request_id === null) return;
    const waiting = this.#waiting.get(response.data.request_id);
    if (waiting === undefined) return;
    if (response.data.ok) this.#settle(waiting, response.data.payload);
    else waiting.fail(response.data.error);
  }

  #bridge(message: BridgeToPanel): void {
    this.#onBridge(message);
    if (message.bridge === 'state' && message.state !== 'connected') this.#lose();
  }

  /** Whoever was asked is gone; the answers will not come. */
  #lose(): void {
    const error = wireErrorSchema.parse({
      code: 'link_closed',
      message: 'The connection to the host closed.',
      retryable: true,
    });
    for (const waiting of this.#waiting.values()) waiting.fail(error);
  }

  #settle(waiting: Waiting, payload: unknown): void {
    const result = findCommand(waiting.command)?.result.safeParse(payload);
    if (result?.success === true) return waiting.settle(result.data);
    const where = result?.error.issues[0]?.path.join('.') ?? '';
    waiting.fail({
      code: 'bad_reply',
      message: `The host answered ${waiting.command} with something that this panel cannot read (${where}). Reload the window to update it.`,
      retryable: false,
    });
  }
}

function waitOf(payload: object): number {
  const wait = (payload as { wait_ms?: unknown }).wait_ms;
  return typeof wait === 'number' ? wait : 45_000;
}
