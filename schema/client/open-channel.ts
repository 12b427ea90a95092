import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Role } from '../envelope/principal.ts';
import { CONTRACT_VERSION } from '../envelope/version.ts';
import { limits } from '../envelope/limits.ts';
import { isObject } from '../wire/check-envelope.ts';
import { decodeFrame, FrameReader, FrameWriter } from '../wire/framing.ts';
import { clientProof, hostProof, NONCE_BYTES, proofMatches } from '../wire/handshake.ts';
import type { Channel as ChannelKind } from '../wire/handshake-frames.ts';
import type { WireError } from '../envelope/errors.ts';
import { HostCallError, LinkError } from './errors.ts';

export interface OpenOptions {
  /** Path of the socket or pipe, or a stream that is connected already (in-process host). */
  address: string | Duplex;
  /** The 32 bytes of the host's key file. */
  key: Uint8Array;
  role: Role;
  /** What this client calls itself, e.g. an agent's name. */
  principalHint?: string;
  /** Proves an agent's name. */
  token?: string;
  /** Refuse a host other than this one. */
  instanceId?: string;
  /** For connecting and the whole handshake; 5 s. */
  timeoutMs?: number;
}

/** Takes a decoded frame, and the bytes of the JSON that it was. */
type Receive = (value: unknown, json: Buffer) => void;
/** What of a long frame is enough, read without decoding the rest; null = decode it. */
type ReadHead = (json: Buffer) => unknown;

/** Frames in both directions after the handshake. */
export interface OpenChannel {
  readonly sessionId: string;
  readonly instanceId: string;
  /** Queues one JSON text as a frame. False when the stream holds more than it wants to. */
  send(json: string): boolean;
  /** The one receiver of decoded frames. What came before it was set is handed over at once. */
  onFrame(receive: Receive, head?: ReadHead): void;
  /** Resolves when the stream has ended, with why (null: closed on this side). */
  readonly closed: Promise<Error | null>;
  /** Ends the stream after what was queued; harmless when repeated. */
  close(): Promise<void>;
}

/** Connects, proves both sides and resolves after the welcome. Rejects with HostCallError or LinkError. */
export async function openChannel(options: OpenOptions, kind: ChannelKind): Promise<OpenChannel> {
  const { address, timeoutMs = limits.handshakeMs } = options;
  const deadline = performance.now() + timeoutMs;
  const stream = typeof address === 'string' ? await connected(address, deadline) : address;
  const channel = new StreamChannel(stream);
  const timer = setTimeout(
    () =>
      channel.fail(
        new LinkError('host_unreachable', {
          message: 'The host did not finish the handshake in time.',
        }),
      ),
    deadline - performance.now(),
  );
  try {
    await shakeHands(channel, options, kind);
    return channel;
  } catch (failure) {
    channel.fail(failure instanceof Error ? failure : new LinkError('bad_reply'));
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}

const BACKLOG_RETRY_MS = 20;

/**
 * A socket that is connected. Where hundreds knock in the same moment the system turns some away with
 * EAGAIN (511 may wait); that says nothing about the host, so those knock again until `deadline`.
 */
async function connected(path: string, deadline: number): Promise<net.Socket> {
  for (;;) {
    const socket = net.connect(path);
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.once('error', resolve);
    });
    if (failure === null) return socket;
    if (failure.code !== 'EAGAIN' || performance.now() > deadline) throw connectFailure(failure);
    await new Promise((resolve) => setTimeout(resolve, BACKLOG_RETRY_MS));
  }
}

async function shakeHands(
  channel: StreamChannel,
  options: OpenOptions,
  kind: ChannelKind,
): Promise<void> {
  const clientNonce = randomBytes(NONCE_BYTES);
  const { role, key } = options;
  const hello = {
    v: CONTRACT_VERSION,
    type: 'hello',
    role,
    client_nonce: clientNonce.toString('base64url'),
    channel: kind,
  };
  const challenge = await channel.ask(hello, 'challenge', ['instance_id', 'host_nonce', 'proof']);
  const instanceId = challenge['instance_id'] ?? '';
  const hostNonce = Buffer.from(challenge['host_nonce'] ?? '', 'base64url');
  const terms = { role, channel: kind, instanceId, clientNonce, hostNonce };
  const isExpected = options.instanceId === undefined || options.instanceId === instanceId;
  if (!isExpected || !proofMatches(hostProof(key, terms), challenge['proof'] ?? '')) {
    throw new LinkError('host_not_proven');
  }
  const hint = options.principalHint ?? '';
  const proof = clientProof(key, terms, hint, options.token ?? '').toString('base64url');
  const token = options.token === undefined ? {} : { token: options.token };
  const welcome = await channel.ask(
    { type: 'auth', proof, principal_hint: hint, ...token },
    'welcome',
    ['session_id'],
  );
  channel.opened(instanceId, welcome['session_id'] ?? '');
}

/** After the host has closed its side, how long our last bytes may take. */
const LINGER_MS = 1_000;

class StreamChannel implements OpenChannel {
  sessionId = '';
  instanceId = '';
  readonly closed: Promise<Error | null>;
  readonly #stream: Duplex;
  readonly #reader = new FrameReader(
    limits.frameBytes,
    (frame) => this.#frame(frame),
    (cause) => this.fail(new LinkError('bad_reply', { cause })),
  );
  readonly #writer: FrameWriter;
  #receive: Receive | null = null;
  #head: ReadHead | null = null;
  #early: { value: unknown; frame: Buffer }[] = [];
  #failure: Error | null = null;
  #closing = false;
  #rejectAsk: ((failure: Error) => void) | null = null;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#writer = new FrameWriter(stream);
    this.closed = new Promise((resolve) => {
      stream.once('close', () => {
        const failure = this.#failure ?? (this.#closing ? null : new LinkError('link_closed'));
        this.#rejectAsk?.(failure ?? new LinkError('link_closed'));
        resolve(failure);
      });
    });
    stream.on('error', (cause) => (this.#failure ??= connectFailure(cause)));
    stream.on('end', () => {
      this.#reader.finish();
      stream.end();
    });
    stream.on('data', (chunk: Buffer) => this.#reader.read(chunk));
  }

  opened(instanceId: string, sessionId: string): void {
    this.instanceId = instanceId;
    this.sessionId = sessionId;
  }

  send(json: string): boolean {
    if (this.#stream.destroyed || this.#closing) return false;
    return this.#writer.write(json);
  }

  onFrame(receive: Receive, head: ReadHead | null = null): void {
    this.#receive = receive;
    this.#head = head;
    for (const { value, frame } of this.#early.splice(0)) receive(value, frame);
  }

  /** Sends a frame of the handshake; resolves with the text fields of the answer of type `type`. */
  ask(frame: object, type: string, fields: readonly string[]): Promise<Record<string, string>> {
    return new Promise((resolve, reject) => {
      this.#rejectAsk = reject;
      this.onFrame((value) => {
        this.#rejectAsk = null;
        this.#receive = null;
        const answer = isObject(value) ? value : {};
        if (answer['type'] === 'refused' && isObject(answer['error'])) {
          reject(new HostCallError(answer['error'] as unknown as WireError));
        } else if (
          answer['type'] !== type ||
          fields.some((name) => typeof answer[name] !== 'string')
        ) {
          reject(new LinkError('bad_reply', { message: 'What answers here is not a Hob host.' }));
        } else resolve(answer as Record<string, string>);
      });
      this.send(JSON.stringify(frame));
    });
  }

  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#stream.destroy();
  }

  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#writer.flush();
      this.#stream.end();
      setTimeout(() => this.#stream.destroy(), LINGER_MS).unref();
    }
    await this.closed;
  }

  #frame(frame: Buffer): void {
    if (this.#failure !== null) return;
    if (this.#head !== null && frame.length >= LONG_FRAME && this.#receiveHead(frame)) return;
    const decoded = decodeFrame(frame);
    if (!decoded.ok) this.fail(new LinkError('bad_reply'));
    else if (this.#receive === null) this.#early.push({ value: decoded.value, frame });
    else this.#receive(decoded.value, frame);
  }

  #receiveHead(frame: Buffer): boolean {
    const head = this.#head?.(frame) ?? null;
    if (head === null) return false;
    this.#receive?.(head, frame);
    return true;
  }
}

/** Shorter ones are decoded in less time than it takes to look at their head. */
const LONG_FRAME = 8 * 1024;

function connectFailure(cause: Error): LinkError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const nobody = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'EACCES'].includes(code);
  return new LinkError(nobody ? 'host_unreachable' : 'link_closed', { cause });
}
