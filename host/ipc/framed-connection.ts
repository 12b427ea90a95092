import { setMaxListeners } from 'node:events';
import type { Duplex } from 'node:stream';
import type { WireErrorCode } from '#schema/envelope/errors.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import { FrameReader } from '#schema/wire/framing.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { Outbox } from './outbox.ts';

/** After the last word, how long a client may take to read it. */
const LINGER_MS = 2_000;

export interface FrameReceiver {
  frame(bytes: Buffer): void;
  /** The error in the form of the protocol that is spoken at the moment. */
  lastWord(error: HobError): JsonObject;
}

/** A stream cut into frames, with an outbox, that closes once: by the client, by us, or by a frame that cannot be. */
export class FramedConnection {
  readonly outbox: Outbox;
  readonly closed: AbortSignal;
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #reader = new FrameReader(
    limits.preAuthFrameBytes,
    (frame) => this.#frame(frame),
    ({ bytes, limit }) => this.fail('frame_too_large', { details: { bytes, limit } }),
  );
  readonly #abort = new AbortController();
  #receiver: FrameReceiver | null = null;
  #ending = false;

  constructor(stream: Duplex, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
    this.outbox = new Outbox(stream, () => stream.resume());
    this.closed = this.#abort.signal;
    // Every request in flight may listen to it.
    setMaxListeners(0, this.closed);
    stream.on('error', () => {});
    stream.once('close', () => this.#abort.abort());
    stream.once('end', () => this.#ended());
  }

  /** From now on frames go here; the first call starts reading. */
  receive(receiver: FrameReceiver): void {
    const isFirst = this.#receiver === null;
    this.#receiver = receiver;
    if (isFirst) this.#stream.on('data', (chunk: Buffer) => this.#reader.read(chunk));
  }

  /** After the welcome frames may have their full size. */
  liftLimit(): void {
    this.#reader.limit = limits.frameBytes;
  }

  send(message: JsonObject): void {
    if (!this.#ending) this.outbox.reply(() => JSON.stringify(message));
  }

  /** Says why in the protocol that is spoken, then closes. */
  fail(code: WireErrorCode, options: { message?: string; details?: JsonObject } = {}): void {
    if (this.#ending) return;
    const word = this.#receiver?.lastWord(new HobError(code, options));
    this.outbox.dropEvents();
    if (word !== undefined) this.send(word);
    this.end();
  }

  /** Closes after what is queued; the stream is destroyed when the client does not read it. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#abort.abort();
    this.outbox.whenEmpty(() => {
      this.outbox.flush();
      this.#stream.end();
    });
    const cancel = this.#clock.timer(LINGER_MS, () => this.#stream.destroy());
    this.#stream.once('close', cancel);
  }

  #frame(frame: Buffer): void {
    if (this.#ending) return;
    this.#receiver?.frame(frame);
    // Who does not read our answers gets no further questions in.
    if (this.outbox.blocked) this.#stream.pause();
  }

  #ended(): void {
    this.#reader.finish();
    if (this.#reader.held > 0)
      this.fail('bad_frame', { message: 'The stream ended inside a frame.' });
    this.end();
  }
}
