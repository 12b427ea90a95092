import { randomUUID } from 'node:crypto';
import type { CommandInput, CommandName, CommandResult } from '../commands/registry.ts';
import type { EventEnvelope, ResponseEnvelope } from '../envelope/envelope.ts';
import type { WireEventName } from '../events/runtime-events.ts';
import { limits } from '../envelope/limits.ts';
import { CONTRACT_VERSION } from '../envelope/version.ts';
import { isEvent, isResponse } from '../wire/check-envelope.ts';
import { HostCallError, LinkError } from './errors.ts';
import { openChannel, type OpenChannel, type OpenOptions } from './open-channel.ts';

export interface RequestOptions {
  workspaceId?: string;
  correlationId?: string;
  causationId?: string;
  /** The same key with the same content gives the same response, also after a reconnect. */
  idempotencyKey?: string;
  /** Gives up waiting after this; the host goes on. Default 60 s on top of the payload's `wait_ms`. */
  timeoutMs?: number;
  /** Stops waiting; the host goes on. */
  signal?: AbortSignal;
}

export interface Subscription {
  /** Everything after this comes first, then live. Left out: only what happens from now on. */
  from_seq?: number;
  /** Wire events wanted; default all. */
  events?: WireEventName[];
}

/** One connection to a host. Made by `connectHost`. */
export interface HostClient {
  readonly sessionId: string;
  readonly instanceId: string;
  /** Highest `seq` received; what `from_seq` of the next subscription should be. */
  readonly lastSeq: number;
  /** Rejects with HostCallError (the host said no) or LinkError (it never answered). */
  request<N extends CommandName>(
    command: N,
    payload: CommandInput<N>,
    options?: RequestOptions,
  ): Promise<CommandResult<N>>;
  onEvent(listener: (event: EventEnvelope) => void): () => void;
  subscribe(subscription?: Subscription): Promise<{ head_seq: number }>;
  /** Resolves when the connection has ended: null when closed here, else why. */
  readonly closed: Promise<Error | null>;
  close(): Promise<void>;
}

/** Connects and shakes hands. Rejects with HostCallError (refused) or LinkError (unreachable, not proven). */
export async function connectHost(options: OpenOptions): Promise<HostClient> {
  return new ChannelClient(await openChannel(options, 'envelope'));
}

/** Requests that wait on this side because the host takes only `limits.requestsInFlight` at once. */
const MAX_WAITING = 1_024;
const DEFAULT_TIMEOUT_MS = 60_000;

interface Pending {
  frame: string;
  /** On the clock of performance.now(). */
  deadline: number;
  resolve(payload: unknown): void;
  reject(failure: Error): void;
  /** Stops listening to the caller's signal. */
  release: () => void;
}

const nothing = (): void => {};

class ChannelClient implements HostClient {
  readonly sessionId: string;
  readonly instanceId: string;
  readonly closed: Promise<Error | null>;
  readonly #channel: OpenChannel;
  readonly #inFlight = new Map<string, Pending>();
  readonly #waiting = new Map<string, Pending>();
  readonly #listeners = new Set<(event: EventEnvelope) => void>();
  readonly #deadlines = new Deadlines((now) => this.#sweep(now));
  #lastSeq = 0;
  /** The host's own words for why it is about to close. */
  #goodbye: HostCallError | null = null;
  #ended: Error | null = null;

  constructor(channel: OpenChannel) {
    this.#channel = channel;
    this.sessionId = channel.sessionId;
    this.instanceId = channel.instanceId;
    channel.onFrame((value) => this.#receive(value));
    this.closed = channel.closed.then((failure) => this.#end(failure));
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  request<N extends CommandName>(
    command: N,
    payload: CommandInput<N>,
    options: RequestOptions = {},
  ): Promise<CommandResult<N>> {
    const requestId = randomUUID();
    const frame = JSON.stringify({
      v: CONTRACT_VERSION,
      request_id: requestId,
      command,
      payload,
      // Left out of the JSON when they are undefined.
      workspace_id: options.workspaceId,
      correlation_id: options.correlationId,
      causation_id: options.causationId,
      idempotency_key: options.idempotencyKey,
    });
    const refusal = this.#refusal(frame, options.signal);
    if (refusal !== null) return Promise.reject(refusal);
    const waitMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS + waitOf(payload);
    return new Promise<unknown>((resolve, reject) => {
      const pending = {
        frame,
        deadline: performance.now() + waitMs,
        resolve,
        reject,
        release: nothing,
      };
      if (options.signal !== undefined) this.#watch(requestId, pending, options.signal);
      this.#deadlines.watch(pending.deadline);
      this.#send(requestId, pending);
    }) as Promise<CommandResult<N>>;
  }

  onEvent(listener: (event: EventEnvelope) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(subscription: Subscription = {}): Promise<{ head_seq: number }> {
    return this.request('stream.subscribe', subscription);
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  #refusal(frame: string, signal: AbortSignal | undefined): Error | null {
    if (this.#ended !== null) return this.#ended;
    if (signal?.aborted === true) return new LinkError('request_aborted');
    if (this.#waiting.size >= MAX_WAITING) return new LinkError('queue_full');
    // Four bytes a UTF-16 unit never happen; three do. Beyond the frame limit the host would hang up.
    if (frame.length * 3 > limits.frameBytes && Buffer.byteLength(frame) > limits.frameBytes)
      return new LinkError('request_too_large');
    return null;
  }

  #send(requestId: string, pending: Pending): void {
    if (this.#inFlight.size >= limits.requestsInFlight) {
      this.#waiting.set(requestId, pending);
      return;
    }
    this.#inFlight.set(requestId, pending);
    this.#channel.send(pending.frame);
  }

  /** Rejects a request that is still under way; its answer will find nobody. */
  #giveUp(requestId: string, failure: LinkError): void {
    const pending = this.#waiting.get(requestId) ?? this.#inFlight.get(requestId);
    if (pending === undefined) return;
    // The host still works on what it has and counts it: only the answer frees that place.
    if (!this.#waiting.delete(requestId)) this.#inFlight.set(requestId, abandoned);
    pending.release();
    pending.reject(failure);
  }

  #watch(requestId: string, pending: Pending, signal: AbortSignal): void {
    const onAbort = (): void => this.#giveUp(requestId, new LinkError('request_aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    pending.release = () => signal.removeEventListener('abort', onAbort);
  }

  /** Gives up what is late; says when to look again. */
  #sweep(now: number): number {
    let next = Infinity;
    for (const requests of [this.#inFlight, this.#waiting]) {
      for (const [id, { deadline }] of requests) {
        if (deadline <= now) this.#giveUp(id, new LinkError('request_timeout'));
        else next = Math.min(next, deadline);
      }
    }
    return next;
  }

  #receive(value: unknown): void {
    if (isEvent(value)) this.#deliver(value);
    else if (isResponse(value)) this.#answer(value);
  }

  #deliver(event: EventEnvelope): void {
    if (event.seq !== undefined && event.seq > this.#lastSeq) this.#lastSeq = event.seq;
    for (const listener of this.#listeners) listener(event);
  }

  #answer(response: ResponseEnvelope): void {
    if (response.request_id === null) {
      if (!response.ok) this.#goodbye = new HostCallError(response.error);
      return;
    }
    const pending = this.#inFlight.get(response.request_id);
    if (pending === undefined) return;
    this.#inFlight.delete(response.request_id);
    pending.release();
    if (response.ok) pending.resolve(response.payload);
    else pending.reject(new HostCallError(response.error));
    for (const [id, next] of this.#waiting) {
      this.#waiting.delete(id);
      this.#send(id, next);
      break;
    }
  }

  #end(failure: Error | null): Error | null {
    const reason = failure === null ? null : (this.#goodbye ?? failure);
    this.#ended = reason ?? new LinkError('link_closed');
    for (const pending of [...this.#inFlight.values(), ...this.#waiting.values()]) {
      pending.release();
      pending.reject(this.#ended);
    }
    this.#deadlines.stop();
    this.#inFlight.clear();
    this.#waiting.clear();
    return reason;
  }
}

function waitOf(payload: object): number {
  const wait = (payload as { wait_ms?: unknown }).wait_ms;
  // Commands that wait have defaults up to 45 s.
  return typeof wait === 'number' ? wait : 45_000;
}

const abandoned: Pending = {
  frame: '',
  deadline: Infinity,
  resolve: nothing,
  reject: nothing,
  release: nothing,
};

/**
 * One timer for the deadlines of all requests, set to the earliest and left alone when that one is
 * answered in time: a timer for each request cost as much as its JSON.
 */
class Deadlines {
  readonly #sweep: (now: number) => number;
  #timer: NodeJS.Timeout | null = null;
  #next = Infinity;

  /** `sweep` handles what is late and returns the next deadline. */
  constructor(sweep: (now: number) => number) {
    this.#sweep = sweep;
  }

  watch(deadline: number): void {
    if (deadline >= this.#next) return;
    this.stop();
    this.#next = deadline;
    const delay = Math.min(Math.max(0, deadline - performance.now()), MAX_DELAY_MS);
    this.#timer = setTimeout(() => {
      this.#next = Infinity;
      this.watch(this.#sweep(performance.now()));
    }, Math.ceil(delay));
    // The connection keeps the process alive, not the watch over it.
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#next = Infinity;
  }
}

/** Longest delay that setTimeout takes. */
const MAX_DELAY_MS = 2 ** 31 - 1;
