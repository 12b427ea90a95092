import type { WireError, WireErrorCode } from '#schema/envelope/errors.ts';
import type { ResponseEnvelope } from '#schema/envelope/envelope.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import type { Principal, Role } from '#schema/envelope/principal.ts';
import { CONTRACT_VERSION } from '#schema/envelope/version.ts';
import type { WireEventName } from '#schema/events/runtime-events.ts';
import { isObject, isUuid } from '#schema/wire/check-envelope.ts';
import { decodeFrame, encodeFrame, holdsHalfCharacters } from '#schema/wire/framing.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Dispatch } from '#host/router/dispatch.ts';
import type { FeedTarget } from '#host/router/event-feed.ts';
import type { Caller } from '#host/router/ports.ts';
import type { FramedConnection } from './framed-connection.ts';
import type { Connection } from './ports.ts';

export interface EnvelopeSessionOptions {
  id: string;
  role: Role;
  principal: Principal;
  connection: FramedConnection;
  dispatch: Dispatch;
  eventId: () => string;
  log: Log;
}

/** Requests in, responses and events out, for one authenticated connection. */
export class EnvelopeSession implements Connection, FeedTarget {
  readonly id: string;
  readonly role: Role;
  readonly principal: Principal;
  readonly closed: AbortSignal;
  readonly #options: EnvelopeSessionOptions;
  readonly #connection: FramedConnection;
  readonly #caller: Caller;
  #inFlight = 0;

  constructor(options: EnvelopeSessionOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.id = options.id;
    this.role = options.role;
    this.principal = options.principal;
    this.closed = options.connection.closed;
    this.#caller = {
      connection_id: this.id,
      role: this.role,
      principal: this.principal,
      closed: this.closed,
    };
  }

  /** Takes the connection's frames from now on. */
  start(): void {
    this.#connection.liftLimit();
    this.#connection.receive({
      frame: (bytes) => this.#request(bytes),
      lastWord: (error) => failure(null, error.toWire()) as JsonObject,
    });
  }

  sendEvent(event: WireEventName, payload: JsonObject, seq?: number): boolean {
    if (this.closed.aborted) return false;
    const frame = this.#eventFrame(event, payload, seq);
    const taken = this.#connection.outbox.event(frame, seq ?? null);
    if (!taken) this.overflow();
    return taken;
  }

  sendNewest(event: WireEventName, payload: JsonObject): void {
    // One that finds no room is not missed: the next follows at once.
    if (!this.closed.aborted)
      this.#connection.outbox.event(this.#eventFrame(event, payload), null, event);
  }

  deliver(frame: Buffer, seq: number): boolean {
    return this.closed.aborted || this.#connection.outbox.event(frame, seq);
  }

  whenEmpty(resume: () => void): void {
    this.#connection.outbox.whenEmpty(resume);
  }

  overflow(): void {
    const resumeFrom = this.#connection.outbox.lastWrittenSeq;
    this.#options.log.warn('a client does not read its events; it is disconnected', {
      role: this.role,
      resume_from: resumeFrom,
    });
    this.#connection.fail(
      'slow_consumer',
      resumeFrom === null ? {} : { details: { resume_from: resumeFrom } },
    );
  }

  close(code: WireErrorCode, message?: string): void {
    this.#connection.fail(code, message === undefined ? {} : { message });
  }

  #eventFrame(event: WireEventName, payload: JsonObject, seq?: number): Buffer {
    const stored = seq === undefined ? {} : { seq };
    const event_id = this.#options.eventId();
    return encodeFrame(
      JSON.stringify({ v: CONTRACT_VERSION, event_id, event, payload, ...stored }),
    );
  }

  #request(bytes: Buffer): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return this.#reply(failure(null, new HobError(decoded.code).toWire()));
    if (holdsHalfCharacters(decoded)) return this.#reply(halfCharacters(decoded.value));
    if (isHandshake(decoded.value)) {
      return this.close(
        'handshake_failed',
        'The handshake of this connection is over; a second hello is refused.',
      );
    }
    if (this.#inFlight >= limits.requestsInFlight) return this.#tooMany(decoded.value);
    this.#inFlight += 1;
    void this.#options.dispatch(decoded.value, bytes.length, this.#caller).then((response) => {
      this.#inFlight -= 1;
      this.#reply(response);
    });
  }

  #tooMany(value: unknown): void {
    this.#options.log.error('the request queue of a connection is full', undefined, {
      role: this.role,
      in_flight: this.#inFlight,
    });
    const id = requestIdOf(value);
    this.#reply(
      failure(
        id,
        new HobError('too_many_requests', { details: { limit: limits.requestsInFlight } }).toWire(),
      ),
    );
  }

  #reply(response: ResponseEnvelope): void {
    if (!this.closed.aborted) this.#connection.outbox.reply(() => encodeResponse(response));
  }
}

const isHandshake = (value: unknown): boolean =>
  isObject(value) &&
  (value['type'] === 'hello' || value['type'] === 'auth') &&
  value['command'] === undefined;

function halfCharacters(value: unknown): ResponseEnvelope {
  const message = 'A text of the request holds half a surrogate pair, which is no character.';
  return failure(requestIdOf(value), new HobError('bad_request', { message }).toWire());
}

const requestIdOf = (value: unknown): string | null =>
  isObject(value) && isUuid(value['request_id']) ? value['request_id'] : null;

const failure = (requestId: string | null, error: WireError): ResponseEnvelope => ({
  v: CONTRACT_VERSION,
  request_id: requestId,
  ok: false,
  error,
});

function encodeResponse(response: ResponseEnvelope): string {
  const json = JSON.stringify(response);
  // A UTF-16 unit has at most three bytes.
  if (json.length * 3 <= limits.frameBytes || Buffer.byteLength(json) <= limits.frameBytes)
    return json;
  const error = new HobError('payload_too_large', {
    message: 'The answer is over 16 MiB; ask for less.',
  });
  return JSON.stringify(failure(response.request_id, error.toWire()));
}
