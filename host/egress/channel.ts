import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { mayReach, permissionFor, type AllowedOrigin } from './core/allowed.ts';
import { explainFailure } from './core/failures.ts';
import { Meter } from './core/meter.ts';
import { Exchange } from './exchange.ts';
import type { Address, Incoming, Question, RequestEnded, Resolve, Send } from './ports.ts';

export interface ChannelLimits {
  /** Until the connection stands, TLS included. */
  connectMs: number;
  /** Until the head of the answer is there. */
  answerMs: number;
  /** Between two pieces of a body; an event stream may be silent for as long as it wants. */
  idleMs: number;
  /** Of a body, or of one event of an event stream. */
  bytes: number;
}

export interface ChannelOptions {
  /** On whose behalf. */
  server_id: string;
  allow: readonly AllowedOrigin[];
  limits: ChannelLimits;
  /** Called when a request or the body of its answer failed, beside the failure itself. */
  failed?(problem: HobError, at: 'head' | 'body'): void;
}

export interface ChannelParts {
  resolve: Resolve;
  send: Send;
  clock: Clock;
  /** Throws while nothing may leave. */
  mayLeave(): Promise<void>;
  /** Uses up one request to this origin; for how many ms to wait when there is none left. */
  spend(origin: string): number;
  tell(ended: RequestEnded): void;
}

/** The way out for one server: to what was allowed for it, and to nothing else. */
export class EgressChannel {
  readonly #o: ChannelOptions;
  readonly #parts: ChannelParts;
  readonly #closing = new AbortController();

  constructor(options: ChannelOptions, parts: ChannelParts) {
    this.#o = options;
    this.#parts = parts;
  }

  /**
   * As `fetch`, but a redirect is an answer like any other: who follows it asks again here. Throws
   * `egress_refused`, `egress_limited`, `egress_unreachable`, `egress_untrusted`, `egress_too_large` and
   * whatever `mayLeave` throws; the body fails with the same.
   */
  readonly fetch = (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const signals = [this.#closing.signal, ...(init.signal ? [init.signal] : [])];
    return this.#exchange(questionOf(input, init), AbortSignal.any(signals));
  };

  /** Ends what is on its way, event streams too. */
  close(): void {
    this.#closing.abort(new HobError('egress_refused', { message: 'The connection was closed.' }));
  }

  async #exchange(question: Question, signal: AbortSignal): Promise<Response> {
    const exchange = new Exchange(this.#o.server_id, question, this.#parts.clock, this.#parts.tell);
    try {
      signal.throwIfAborted();
      const addresses = await this.#judged(question);
      exchange.address = addresses[0]?.address ?? null;
      signal.throwIfAborted();
      exchange.left = true;
      return this.#response(await this.#sent(question, addresses, signal), exchange, signal);
    } catch (cause) {
      throw this.#ended(exchange, signal, cause, 'head');
    }
  }

  /** The addresses that this may go to. Throws when it may not go anywhere. */
  async #judged({ url }: Question): Promise<readonly Address[]> {
    const permission = permissionFor(url, this.#o.allow);
    if (permission === null)
      throw new HobError('egress_refused', {
        message: `Nobody allowed a connection to ${url.origin}.`,
      });
    await this.#parts.mayLeave();
    const wait = this.#parts.spend(url.origin);
    if (wait > 0) throw new HobError('egress_limited', { retryAfterMs: wait });
    const addresses = await this.#within(
      this.#o.limits.connectMs,
      this.#parts.resolve(url.hostname),
    );
    const wrong = addresses.find(({ kind }) => !mayReach(permission.reach, kind));
    if (wrong !== undefined)
      throw new HobError('egress_refused', {
        message: `${url.host} leads to ${wrong.address}, which is not a ${permission.reach} address.`,
      });
    return addresses;
  }

  async #sent(
    question: Question,
    addresses: readonly Address[],
    outer: AbortSignal,
  ): Promise<Incoming> {
    const late = new AbortController();
    const { connectMs, answerMs } = this.#o.limits;
    const cancel = this.#parts.clock.timer(answerMs, () =>
      late.abort(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })),
    );
    try {
      const signal = AbortSignal.any([outer, late.signal]);
      return await this.#parts.send({ ...question, addresses, connectMs, signal });
    } catch (cause) {
      throw late.signal.aborted ? late.signal.reason : cause;
    } finally {
      cancel();
    }
  }

  #response(incoming: Incoming, exchange: Exchange, signal: AbortSignal): Response {
    const { status, headers } = incoming;
    exchange.status = status;
    const encoding = headers.get('content-encoding');
    if (encoding !== null && encoding !== 'identity') {
      incoming.cancel();
      throw new HobError('egress_too_large', {
        message:
          'The answer is packed although it was asked not to be, so its size cannot be known.',
      });
    }
    const isEmpty = status === 204 || status === 205 || status === 304 || status < 200;
    if (isEmpty) {
      incoming.cancel();
      exchange.end({ outcome: 'answered', code: null });
      return new Response(null, { status: status < 200 ? 204 : status, headers });
    }
    const body = ReadableStream.from(this.#metered(incoming, exchange, signal));
    return new Response(body, { status, headers });
  }

  async *#metered(
    incoming: Incoming,
    exchange: Exchange,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const isStream = (incoming.headers.get('content-type') ?? '').startsWith('text/event-stream');
    const meter = new Meter(this.#o.limits.bytes, isStream);
    const pieces = incoming.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = pieces.next();
        const { done, value } = await (isStream ? next : this.#within(this.#o.limits.idleMs, next));
        if (done === true) break;
        const fits = meter.add(value);
        exchange.receivedBytes = meter.total;
        if (!fits) throw new HobError('egress_too_large');
        yield value;
      }
      exchange.end({ outcome: 'answered', code: null });
    } catch (cause) {
      throw this.#ended(exchange, signal, cause, 'body');
    } finally {
      incoming.cancel();
      // Whoever reads may stop before the end.
      exchange.end({ outcome: 'cut', code: null });
    }
  }

  /** Why it went wrong, told to everybody who has to know. */
  #ended(exchange: Exchange, signal: AbortSignal, cause: unknown, at: 'head' | 'body'): unknown {
    if (signal.aborted) {
      exchange.failed(signal.reason);
      return signal.reason;
    }
    const problem = explainFailure(cause, exchange.host);
    exchange.failed(problem);
    this.#o.failed?.(problem, at);
    return problem;
  }

  #within<T>(ms: number, work: Promise<T>): Promise<T> {
    let cancel = (): void => {};
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.#parts.clock.timer(ms, () =>
        reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })),
      );
    });
    return Promise.race([work, late]).finally(() => cancel());
  }
}

function questionOf(input: string | URL, init: RequestInit): Question {
  const headers = new Headers(init.headers);
  const { body } = init;
  if (body instanceof URLSearchParams && !headers.has('content-type'))
    headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  if (
    body !== null &&
    body !== undefined &&
    typeof body !== 'string' &&
    !(body instanceof URLSearchParams)
  )
    throw new TypeError('only text leaves through here');
  return {
    url: new URL(input),
    method: (init.method ?? 'GET').toUpperCase(),
    headers,
    body: body?.toString() ?? null,
  };
}
