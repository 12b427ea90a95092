import { randomBytes, randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Role } from '#schema/envelope/principal.ts';
import { decodeFrame, encodeFrame, FrameDecoder } from '#schema/wire/framing.ts';
import { clientProof } from '#schema/wire/handshake.ts';
import type { Shell } from './shells.ts';

export type Frame = Record<string, unknown>;

/** A client that sends whatever it is told, frame by frame or byte by byte, and shows what comes back. */
export class RawClient {
  readonly stream: Duplex;
  readonly ended: Promise<void>;
  #frames: Frame[] = [];
  #waiting: (() => void)[] = [];
  #isOver = false;

  constructor(stream: Duplex) {
    this.stream = stream;
    const decoder = new FrameDecoder(2 ** 26);
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => {
      decoder.push(chunk, (frame) => {
        const decoded = decodeFrame(frame);
        if (decoded.ok) this.#frames.push(decoded.value as Frame);
      });
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      const over = (): void => {
        this.#isOver = true;
        this.#wake();
        resolve();
      };
      stream.once('end', () => {
        over();
        stream.end();
      });
      stream.once('close', over);
    });
  }

  bytes(bytes: Uint8Array): void {
    this.stream.write(bytes);
  }

  text(json: string): void {
    this.bytes(encodeFrame(json));
  }

  send(frame: unknown): void {
    this.text(JSON.stringify(frame));
  }

  /** The next frame; null when the host closed the connection instead. */
  async next(): Promise<Frame | null> {
    while (this.#frames.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#frames.shift() ?? null;
  }

  /** Sends a request and gives its response; events in between are dropped. */
  async ask(command: string, payload: unknown, more: Frame = {}): Promise<Frame | null> {
    const id = randomUUID();
    this.send({ v: 1, request_id: id, command, payload, ...more });
    for (;;) {
      const frame = await this.next();
      if (frame === null || frame['request_id'] === id) return frame;
    }
  }

  close(): void {
    this.stream.destroy();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

export interface Hello {
  frame: Frame;
  clientNonce: Buffer;
}

export function hello(role: Role = 'cli', more: Frame = {}): Hello {
  const clientNonce = randomBytes(32);
  return {
    clientNonce,
    frame: { v: 1, type: 'hello', role, client_nonce: encoded(clientNonce), ...more },
  };
}

/** The auth frame that answers a challenge. */
export function auth(
  key: Uint8Array,
  { frame, clientNonce }: Hello,
  challenge: Frame | null,
  hint = 'raw',
  token?: string,
): Frame {
  const terms = {
    role: String(frame['role']),
    channel: String(frame['channel'] ?? 'envelope'),
    instanceId: String(challenge?.['instance_id']),
    clientNonce,
    hostNonce: Buffer.from(String(challenge?.['host_nonce']), 'base64url'),
  };
  return {
    type: 'auth',
    proof: encoded(clientProof(key, terms, hint, token ?? '')),
    principal_hint: hint,
    ...(token === undefined ? {} : { token }),
  };
}

/** A connection after a good handshake. */
export async function welcomed(shell: Shell, role: Role = 'cli'): Promise<RawClient> {
  const client = new RawClient(shell.open());
  const greeting = hello(role);
  client.send(greeting.frame);
  client.send(auth(shell.key, greeting, await client.next()));
  const welcome = await client.next();
  if (welcome?.['type'] !== 'welcome') throw new Error(`not welcome: ${JSON.stringify(welcome)}`);
  return client;
}
