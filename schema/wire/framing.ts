/*
 * One message on the wire: 4 bytes, big-endian, the length of what follows; then that many bytes of
 * UTF-8 JSON. The same on Unix sockets, named pipes and in memory.
 */
import { isUtf8 } from 'node:buffer';
import type { Writable } from 'node:stream';
import { limits } from '../envelope/limits.ts';
import { nestsDeeperThan } from './json-depth.ts';

const HEADER_BYTES = 4;

/** A header that announces more than the limit. The rest of the stream means nothing any more. */
export class FrameTooLargeError extends Error {
  readonly bytes: number;
  readonly limit: number;

  constructor(bytes: number, limit: number) {
    super(`a frame of ${bytes} bytes is over the limit of ${limit}`);
    this.name = 'FrameTooLargeError';
    this.bytes = bytes;
    this.limit = limit;
  }
}

/**
 * Cuts a byte stream into frames. Holds at most one frame: bytes are kept as they came and joined
 * once, and nothing is allocated for bytes that were only announced.
 */
export class FrameDecoder {
  /** Bytes a frame may have from now on; checked when its header is there. */
  limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Bytes that the frame under way needs with its header, or 0 while its header is incomplete. */
  #needed = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes of an incomplete frame: over 0 when the stream ends means that it was cut. */
  get held(): number {
    return this.#held;
  }

  /**
   * Hands over the frames that `chunk` completes, in order, until they are `most` bytes. Returns what is
   * left of the chunk then, to be pushed next, or null when it was used up. Throws FrameTooLargeError.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void, most = Infinity): Buffer | null {
    let rest = this.#held === 0 ? chunk : this.#join(chunk);
    let handed = 0;
    while (rest !== null && rest.length >= HEADER_BYTES) {
      if (handed >= most) return rest;
      const bytes = rest.readUInt32BE(0);
      if (bytes > this.limit) throw new FrameTooLargeError(bytes, this.limit);
      const end = HEADER_BYTES + bytes;
      this.#needed = end;
      if (rest.length < end) break;
      this.#needed = 0;
      handed += end;
      onFrame(rest.subarray(HEADER_BYTES, end));
      rest = rest.length === end ? null : rest.subarray(end);
    }
    if (rest !== null) this.#hold(rest);
    return null;
  }

  /** Everything held with `chunk`, or null while that cannot complete the frame under way. */
  #join(chunk: Buffer): Buffer | null {
    this.#hold(chunk);
    if (this.#held < (this.#needed || HEADER_BYTES)) return null;
    const all = Buffer.concat(this.#chunks, this.#held);
    this.#chunks = [];
    this.#held = 0;
    return all;
  }

  #hold(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }
}

/** What is read or written in one go: with more, the two sides work in turns instead of at once. */
const PIECE_BYTES = 32 * 1024;

/**
 * Cuts what a stream brings into frames, a piece at a time: what a piece leads to (answers, further
 * requests) leaves before the next one is looked at, so that the other side has work meanwhile. A read
 * brings up to 64 KiB; handled in one go, 100 requests in flight went to and fro as one clump, with one
 * side always waiting.
 */
export class FrameReader {
  readonly #decoder: FrameDecoder;
  readonly #onFrame: (frame: Buffer) => void;
  readonly #onTooLarge: (failure: FrameTooLargeError) => void;
  /** What was read and not looked at yet. */
  #waiting: Buffer[] = [];

  constructor(
    limit: number,
    onFrame: (frame: Buffer) => void,
    onTooLarge: (failure: FrameTooLargeError) => void,
  ) {
    this.#decoder = new FrameDecoder(limit);
    this.#onFrame = onFrame;
    this.#onTooLarge = onTooLarge;
  }

  /** Bytes a frame may have from now on. */
  set limit(bytes: number) {
    this.#decoder.limit = bytes;
  }

  /** Bytes of an incomplete frame, once `finish` was called: the stream was cut. */
  get held(): number {
    return this.#decoder.held;
  }

  /** Takes a chunk as the stream read it. */
  read(chunk: Buffer): void {
    this.#waiting.push(chunk);
    if (this.#waiting.length === 1) this.#next(PIECE_BYTES);
  }

  /** Looks at everything now: the stream has ended. */
  finish(): void {
    while (this.#waiting.length > 0) this.#next(Infinity);
  }

  #next(most: number): void {
    const [chunk] = this.#waiting;
    if (chunk === undefined) return;
    let rest: Buffer | null;
    try {
      rest = this.#decoder.push(chunk, this.#onFrame, most);
    } catch (failure) {
      this.#waiting = [];
      if (!(failure instanceof FrameTooLargeError)) throw failure;
      return this.#onTooLarge(failure);
    }
    if (rest === null) this.#waiting.shift();
    else this.#waiting[0] = rest;
    // Promises settle before ticks come, and those that were settled here come first.
    if (this.#waiting.length > 0 && most !== Infinity)
      queueMicrotask(() => process.nextTick(() => this.#next(PIECE_BYTES)));
  }
}

/** A frame from the text of its JSON. */
export function encodeFrame(json: string): Buffer {
  const bytes = Buffer.byteLength(json);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  frame.writeUInt32BE(bytes, 0);
  frame.write(json, HEADER_BYTES, 'utf8');
  return frame;
}

export type DecodedFrame =
  | { ok: true; value: unknown; text: string }
  | { ok: false; code: 'bad_frame' | 'json_too_deep' };

/** The JSON of one frame. UTF-8 is strict: a broken sequence is refused, never replaced. */
export function decodeFrame(frame: Buffer): DecodedFrame {
  if (!isUtf8(frame)) return { ok: false, code: 'bad_frame' };
  const text = frame.toString('utf8');
  if (nestsDeeperThan(text, limits.jsonDepth)) return { ok: false, code: 'json_too_deep' };
  try {
    return { ok: true, value: JSON.parse(text) as unknown, text };
  } catch {
    return { ok: false, code: 'bad_frame' };
  }
}

/** Only an escape can smuggle half a surrogate pair into valid UTF-8. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * True when a string or a name in it holds half a surrogate pair. Such text has no UTF-8 and so no
 * RFC 8785 form (RFC 7493): it could be neither hashed nor signed, and the host takes none.
 */
export function holdsHalfCharacters({ text, value }: { text: string; value: unknown }): boolean {
  return text.includes('\\u') && SURROGATE_ESCAPE.test(text) && !isWellFormed(value);
}

/** Recursion is bounded: the value has at most 64 levels. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, field]) => name.isWellFormed() && isWellFormed(field));
}

/**
 * Gathers the frames of one tick and writes them as one: a system call and a trip through the stream
 * for each tick and not for each frame. With 100 requests in flight that halves what a frame costs;
 * cork() saves the calls, but not the trips. A text is the JSON of a frame and becomes bytes only then,
 * in the one buffer that is written; a Buffer is a frame already.
 */
export class FrameWriter {
  readonly #stream: Writable;
  readonly #onDrain: () => void;
  #frames: (Buffer | string)[] = [];
  #bytes = 0;
  #isBlocked = false;

  /** `onDrain` is called once the other side has taken what made `write` return false. */
  constructor(stream: Writable, onDrain: () => void = () => {}) {
    this.#stream = stream;
    this.#onDrain = onDrain;
    stream.on('drain', () => this.#release());
  }

  /** Bytes that the other side has not taken yet: gathered here, or in the stream. */
  get held(): number {
    return this.#bytes + this.#stream.writableLength;
  }

  /** False when more is held than the stream wants to. */
  write(frame: Buffer | string): boolean {
    if (this.#frames.length === 0) process.nextTick(() => this.flush());
    this.#frames.push(frame);
    this.#bytes +=
      typeof frame === 'string' ? HEADER_BYTES + Buffer.byteLength(frame) : frame.length;
    if (this.#bytes >= PIECE_BYTES) this.flush();
    else if (this.held >= this.#stream.writableHighWaterMark) this.#isBlocked = true;
    return !this.#isBlocked;
  }

  /** Writes what was gathered, e.g. before the stream ends. */
  flush(): void {
    if (this.#frames.length === 0) return;
    const all = joined(this.#frames, this.#bytes);
    this.#frames = [];
    this.#bytes = 0;
    if (!this.#stream.writable) return;
    // A write that the system took at once needs no `drain`, and the stream sends none.
    if (this.#stream.write(all)) this.#release();
    else this.#isBlocked = true;
  }

  #release(): void {
    if (!this.#isBlocked) return;
    this.#isBlocked = false;
    this.#onDrain();
  }
}

/** Texts become frames in place: one buffer for all of them. */
function joined(frames: readonly (Buffer | string)[], bytes: number): Buffer {
  const all = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const frame of frames) {
    if (typeof frame === 'string') {
      const length = all.write(frame, at + HEADER_BYTES, 'utf8');
      all.writeUInt32BE(length, at);
      at += HEADER_BYTES + length;
    } else at += frame.copy(all, at);
  }
  return all;
}
