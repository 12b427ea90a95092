import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { describeFailure, HostCallError, LinkError } from '#schema/client/errors.ts';
import type { McpChannel } from '#schema/client/mcp-channel.ts';
import { openMcp } from '#schema/client/open-host.ts';
import type { HostProgram } from '#schema/client/spawn-host.ts';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import { limits } from '#schema/envelope/limits.ts';
import { Bridge } from '#host/mcp/core/bridge.ts';

export interface McpBridgeOptions {
  dataDir: string;
  /** What the agent calls itself (`--as`). */
  name: string;
  /** Proves the name; from the environment, never from the command line, which everybody can read. */
  token?: string;
  /** Tools that the agent has by another way, not to be listed. */
  without?: readonly string[];
  /** Started when no host runs. */
  program: HostProgram;
  /** The agent's working folder. */
  cwd: string;
  stdin: Readable;
  stdout: Writable;
  /** For people; never goes to stdout. */
  log(line: string): void;
}

/** How long a request waits for a host before it is answered with why there is none. */
const GIVE_UP_MS = 20_000;
/** A connection that ended sooner than this, with nothing answered on it, counts as dropped at once. */
const SHORT_LIFE_MS = 500;
const RETRY_MS = { first: 25, most: 500 };
/** After the agent has closed its end: what is under way may still be answered, then this ends. */
const LAST_ANSWERS_MS = 300;
/** Room in a frame for what the bridge adds to a message. */
const LARGEST_LINE = limits.frameBytes - 4_096;

/**
 * `hob mcp`: MCP on stdin and stdout for an agent, carried to the host's socket. Writes nothing but
 * MCP messages to stdout. Resolves with the exit status when the agent has closed stdin or stdout.
 */
export function runMcpBridge(options: McpBridgeOptions): Promise<number> {
  return new McpBridge(options).run();
}

class McpBridge {
  readonly #o: McpBridgeOptions;
  readonly #bridge: Bridge;
  readonly #stop = new AbortController();
  #channel: McpChannel | null = null;
  #isConnecting = false;
  /** Connections in a row that ended soon after they began. */
  #shortLived = 0;

  constructor(options: McpBridgeOptions) {
    this.#o = options;
    this.#bridge = new Bridge({
      toAgent: (message, json) => void options.stdout.write(lineOf(message, json)),
      connect: () => void this.#connect(),
      now: () => performance.now(),
      newId: callIds(),
      hello: { cwd: options.cwd, pid: process.pid, without: [...(options.without ?? [])] },
    });
  }

  run(): Promise<number> {
    const { stdin, stdout } = this.#o;
    return new Promise((resolve) => {
      const end = (): void => {
        if (this.#stop.signal.aborted) return;
        this.#stop.abort();
        void this.#channel?.close();
        resolve(0);
      };
      stdout.on('error', end);
      stdin.on(
        'data',
        lineReader((line) => this.#line(line)),
      );
      stdin.on('error', end);
      stdin.once('end', () => void this.#lastAnswers().then(end));
      stdin.once('close', () => void this.#lastAnswers().then(end));
    });
  }

  #line(line: Buffer): void {
    if (line.length > LARGEST_LINE) return this.#refuse('The message is over 16 MiB.');
    const text = line.toString('utf8').trim();
    if (text === '') return;
    try {
      this.#bridge.fromAgent(JSON.parse(text) as JsonValue);
    } catch {
      this.#refuse('The line is not JSON.');
    }
  }

  #refuse(message: string): void {
    this.#o.stdout.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_700, message } })}\n`,
    );
  }

  async #lastAnswers(): Promise<void> {
    const deadline = performance.now() + LAST_ANSWERS_MS;
    while (this.#bridge.pending > 0 && this.#channel !== null && performance.now() < deadline)
      await pause(10);
  }

  /** One attempt after the other until there is a connection, or nobody waits for one any more. */
  async #connect(): Promise<void> {
    if (this.#isConnecting || this.#channel !== null || this.#stop.signal.aborted) return;
    this.#isConnecting = true;
    const began = performance.now();
    let wait = RETRY_MS.first;
    // A host that takes connections and drops them at once must not be asked in a tight loop.
    if (this.#shortLived > 0)
      await pause(Math.min(RETRY_MS.first * 2 ** this.#shortLived, RETRY_MS.most));
    while (this.#channel === null && !this.#stop.signal.aborted) {
      const failure = await this.#attempt();
      if (failure === null) break;
      if (!mayPass(failure) || performance.now() - began > GIVE_UP_MS) {
        this.#giveUp(failure);
        break;
      }
      await pause(wait);
      wait = Math.min(wait * 2, RETRY_MS.most);
    }
    this.#isConnecting = false;
    // A connection that ended at once has asked for the next one while this was still running.
    if (this.#channel === null && this.#bridge.pending > 0) void this.#connect();
  }

  async #attempt(): Promise<unknown> {
    const { dataDir, name, token, program } = this.#o;
    const { signal } = this.#stop;
    try {
      const proof = token === undefined ? {} : { token };
      const channel = await openMcp({
        dataDir,
        role: 'agent',
        principalHint: name,
        program,
        signal,
        ...proof,
      });
      this.#take(channel);
      return null;
    } catch (failure) {
      return failure;
    }
  }

  #take(channel: McpChannel): void {
    if (this.#stop.signal.aborted) return void channel.close();
    this.#channel = channel;
    const began = performance.now();
    let hasAnswered = false;
    channel.onMessageHead((message, json) => {
      const { pending } = this.#bridge;
      this.#bridge.fromHost(message, json);
      hasAnswered ||= this.#bridge.pending < pending;
    });
    void channel.closed.then((failure) => {
      this.#channel = null;
      if (this.#stop.signal.aborted) return;
      const isShort = !hasAnswered && performance.now() - began < SHORT_LIFE_MS;
      this.#shortLived = isShort ? this.#shortLived + 1 : 0;
      this.#o.log(
        `the connection to the host ended${failure === null ? '' : `: ${failure.message}`}; ${this.#bridge.pending} calls wait`,
      );
      this.#bridge.down();
    });
    this.#bridge.up({ send: (message) => void channel.send(message) });
  }

  #giveUp(failure: unknown): void {
    const { code, message, retryable } = describeFailure(failure);
    this.#o.log(`${code}: ${message}`);
    this.#bridge.unreachable({ code, message, retryable });
  }
}

/** Failures that may be over in a moment: a host that restarts, drains or is full. */
const mayPass = (failure: unknown): boolean =>
  (failure instanceof LinkError || failure instanceof HostCallError) && failure.retryable;

/** Names that no other bridge gives: one random part, and a number. */
function callIds(): () => string {
  const mine = randomUUID();
  let last = 0;
  return () => `${mine}/${(last += 1)}`;
}

/** The JSON as the host sent it, but on one line. */
function lineOf(message: JsonObject, json: Uint8Array | undefined): string | Buffer {
  if (json === undefined) return `${JSON.stringify(message)}\n`;
  if (json.includes(LINE_END))
    return `${JSON.stringify(JSON.parse(Buffer.from(json).toString()))}\n`;
  const line = Buffer.allocUnsafe(json.length + 1);
  line.set(json);
  line[json.length] = LINE_END;
  return line;
}

const LINE_END = 10;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Cuts chunks into lines; what comes without a line end at the very end is not a message. */
function lineReader(onLine: (line: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(LINE_END); at !== -1; at = chunk.indexOf(LINE_END, from)) {
      const last = chunk.subarray(from, at);
      onLine(held.length === 0 ? last : Buffer.concat([...held, last]));
      held = [];
      from = at + 1;
    }
    if (from < chunk.length) held.push(chunk.subarray(from));
  };
}
