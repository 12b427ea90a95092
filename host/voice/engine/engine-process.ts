import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '#host/kernel/clock.ts';
import type { Log } from '#host/kernel/log.ts';
import {
  EngineFailure,
  PROCESS_ENDED,
  type EngineMessage,
  type EngineRequest,
} from './messages.ts';

export interface EngineProcessOptions {
  /** For the log and for people, e.g. `sound input`. */
  name: string;
  /** Module that calls `serveEngine`. */
  module: URL;
  clock: Clock;
  log: Log;
  /** How long it lives without use. */
  idleMs: number;
  /** Besides that of this process. */
  env?: Readonly<Record<string, string>>;
  onNotice?(notice: string, body: unknown): void;
  /** It ended without being told to. `why` holds the last lines it wrote. */
  onCrash?(why: string): void;
}

/** How much of what a dying library wrote is kept. */
const TAIL_CHARS = 600;
/** After this long a process that was told to end is killed. */
const END_MS = 1_000;

interface Running {
  child: ChildProcess;
  pending: Map<number, PromiseWithResolvers<unknown>>;
  tail: string;
  stopped: boolean;
  gone: Promise<void>;
  /** Answers everybody who waits, once. */
  ended(how: string): void;
}

/**
 * A child process for native code: what blocks or crashes in it does neither here. Started by the first
 * request, ended when idle; after a crash the next request starts another.
 */
export class EngineProcess {
  readonly #o: EngineProcessOptions;
  #running: Running | null = null;
  #nextId = 1;
  #holds = 0;
  #cancelIdle: () => void = () => undefined;

  constructor(options: EngineProcessOptions) {
    this.#o = options;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /**
   * Rejects with EngineFailure: the other side's code, or `process_ended`. A process that has not answered within
   * that time is ended, as if it had crashed.
   */
  async request(op: string, args: unknown, withinMs?: number): Promise<unknown> {
    this.#running ??= this.#start();
    const running = this.#running;
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    running.pending.set(id, answer);
    const release = this.hold();
    const cancel = withinMs === undefined ? undefined : this.#endAfter(withinMs, running);
    try {
      // Throws where something in it cannot be sent.
      this.#post(running, { id, op, args });
      return await answer.promise;
    } finally {
      running.pending.delete(id);
      cancel?.();
      release();
    }
  }

  /** Something that needs no answer. Lost when the process is not there. */
  tell(op: string, args: unknown): void {
    if (this.#running !== null) this.#post(this.#running, { id: 0, op, args });
  }

  /** Keeps the process until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    this.#cancelIdle();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      if (this.#holds === 0 && this.#running !== null) {
        this.#cancelIdle();
        this.#cancelIdle = this.#o.clock.timer(this.#o.idleMs, () => void this.stop());
      }
    };
  }

  /** Ends it now. Resolves when it is gone; the next request starts another. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#cancelIdle();
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.stopped = true;
    running.child.kill(signal);
    const cancel = this.#o.clock.timer(END_MS, () => running.child.kill('SIGKILL'));
    await running.gone;
    cancel();
  }

  #endAfter(ms: number, running: Running): () => void {
    return this.#o.clock.timer(ms, () => {
      running.child.kill('SIGKILL');
      running.ended(`no answer for ${Math.round(ms / 1_000)} s`);
    });
  }

  #post(running: Running, request: EngineRequest): void {
    running.child.send(request, (failure) => {
      // A closed channel is followed by `exit`, which says so to everybody who waits.
      if (failure !== null) this.#o.log.info(`${this.#o.name}: not sent`, { op: request.op });
    });
  }

  #start(): Running {
    const child = fork(fileURLToPath(this.#o.module), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // In desktop VS Code the executable is Electron.
      env: { ...process.env, ...this.#o.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
    });
    const gone = Promise.withResolvers<void>();
    let over = false;
    const running: Running = {
      child,
      pending: new Map(),
      tail: '',
      stopped: false,
      gone: gone.promise,
      ended: (how) => {
        if (over) return;
        over = true;
        this.#ended(running, how);
        gone.resolve();
      },
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      running.tail = (running.tail + text).slice(-TAIL_CHARS);
    });
    child.on('message', (message) => this.#received(running, message as EngineMessage));
    child.once('error', (failure) => running.ended(failure.message));
    child.once('exit', (code, signal) => running.ended(signal ?? `exit code ${code}`));
    // It must not keep the host alive.
    child.unref();
    child.channel?.unref();
    return running;
  }

  #received(running: Running, message: EngineMessage): void {
    if ('notice' in message) {
      if (!running.stopped) this.#o.onNotice?.(message.notice, message.body);
      return;
    }
    const waiting = running.pending.get(message.id);
    if (message.ok) waiting?.resolve(message.value);
    else waiting?.reject(new EngineFailure(message.code, message.message));
  }

  #ended(running: Running, how: string): void {
    const text = running.tail.trim();
    const why = text === '' ? how : `${how}: ${text}`;
    if (this.#running === running) this.#running = null;
    for (const waiting of running.pending.values())
      waiting.reject(new EngineFailure(PROCESS_ENDED, `${this.#o.name} ended (${how})`));
    running.pending.clear();
    if (running.stopped) return;
    this.#o.log.warn(`${this.#o.name} ended by itself`, { how });
    this.#o.onCrash?.(why);
  }
}
