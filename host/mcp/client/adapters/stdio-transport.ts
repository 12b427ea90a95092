import { spawn, type ChildProcess } from 'node:child_process';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/client';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import type { Clock } from '#host/kernel/clock.ts';

export interface ProgramSpec {
  file: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

export interface ProgramHooks {
  clock: Clock;
  /** A line on stderr, at most LINE characters of it. */
  log(line: string): void;
}

/** One message of a server: what is longer ends it. */
export const FRAME_BYTES = 4 * 1024 * 1024;
const LINE = 2_000;
/** After its stdin was closed, and again after SIGTERM. */
const GRACE_MS = 500;

/**
 * MCP over the stdin and stdout of a program in a process group of its own: closing it leaves no child
 * behind that stayed in the group. `ended` has why.
 */
export class ProgramTransport implements Transport {
  /**
   * Read from here, and there: the SDK takes a transport with `pid` and `stderr` for one over stdio, where
   * silence after `server/discover` means the older era instead of an outage.
   */
  readonly stderr = null;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #spec: ProgramSpec;
  readonly #hooks: ProgramHooks;
  readonly #buffer = new ReadBuffer({ maxBufferSize: FRAME_BYTES });
  #child: ChildProcess | null = null;
  #reason: string | null = null;
  #isOver = false;

  constructor(spec: ProgramSpec, hooks: ProgramHooks) {
    this.#spec = spec;
    this.#hooks = hooks;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Why it ended, in words; null while it runs. */
  get reason(): string | null {
    return this.#reason;
  }

  start(): Promise<void> {
    const { file, args, cwd, env } = this.#spec;
    return new Promise((resolve, reject) => {
      const child = spawn(file, args, {
        cwd,
        env,
        detached: process.platform !== 'win32',
        shell: false,
        windowsHide: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      this.#child = child;
      child.once('spawn', resolve);
      child.once('error', (failure) => {
        this.#end(`it could not be started (${codeOf(failure)})`);
        reject(failure);
      });
      // `exit` and not `close`: a child that kept the pipes must not keep the session.
      child.once('exit', (code, signal) =>
        this.#end(
          signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`,
        ),
      );
      child.stdin.on('error', () => {});
      child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
      child.stdout.on('error', () => {});
      readLines(child, this.#hooks.log);
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (this.#isOver || stdin === null || stdin === undefined || !stdin.writable)
      return Promise.reject(new Error('the server has ended'));
    return new Promise((resolve) => {
      if (stdin.write(serializeMessage(message))) resolve();
      else {
        // Not `drain` alone: a server that stops reading and then dies never drains.
        stdin.once('drain', resolve);
        stdin.once('close', resolve);
      }
    });
  }

  /** Closes stdin, then asks, then kills: the whole group. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === null || this.#isOver) return;
    this.#reason ??= 'it was stopped';
    child.stdin?.end();
    if (!(await this.#endsWithin(child, GRACE_MS))) {
      signalGroup(child, 'SIGTERM');
      await this.#endsWithin(child, GRACE_MS);
    }
    this.#end('it was stopped');
  }

  #receive(chunk: Buffer): void {
    if (this.#isOver) return;
    try {
      this.#buffer.append(chunk);
    } catch {
      return this.#end(`it sent a message of more than ${FRAME_BYTES / 1024 / 1024} MiB`);
    }
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (failure) {
        this.onerror?.(failure instanceof Error ? failure : new Error(String(failure)));
      }
    }
  }

  #endsWithin(child: ChildProcess, ms: number): Promise<boolean> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#hooks.clock.timer(ms, () => resolve(false));
      child.once('exit', () => {
        cancel();
        resolve(true);
      });
    });
  }

  /** Once: whatever is left of the group is killed, and the session is told. */
  #end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reason ??= reason;
    if (this.#child !== null) {
      signalGroup(this.#child, 'SIGKILL');
      this.#child.stdin?.destroy();
      this.#child.stdout?.destroy();
    }
    this.#buffer.clear();
    this.onclose?.();
  }
}

const codeOf = (failure: Error): string => (failure as NodeJS.ErrnoException).code ?? failure.name;

function readLines(child: ChildProcess, log: (line: string) => void): void {
  let held = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('error', () => {});
  child.stderr?.on('data', (text: string) => {
    const lines = (held + text).split('\n');
    held = (lines.pop() ?? '').slice(0, LINE);
    for (const line of lines.slice(-200)) log(line.slice(0, LINE));
  });
}

/** A negative pid names the group, which outlives its leader as long as it has a member. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: nobody is left in it.
  }
}
