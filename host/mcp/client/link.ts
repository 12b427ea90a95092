import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { ServerHealth } from '#schema/views/server.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { nextTryMs, restartPolicy } from './core/backoff.ts';
import type { ServerConnection } from './ports.ts';

export interface LinkOptions {
  server_id: string;
  /** Its name. */
  server: string;
  clock: Clock;
  /** Throws why nothing may be started now. */
  mayStart(): Promise<void>;
  connect(signal: AbortSignal): Promise<ServerConnection>;
  /** Called with every new session before anybody may use it; the session ends when it throws. */
  opened(connection: ServerConnection): Promise<void>;
  /** Keeps what happened. Never throws. */
  note(event: DomainEvent): void;
}

type State =
  | { kind: 'stopped' }
  | { kind: 'starting'; ready: Promise<ServerConnection>; abort: AbortController }
  | { kind: 'ready'; connection: ServerConnection; since: number }
  | { kind: 'waiting'; nextTry: number; cancel: () => void }
  /** `why`: as it was thrown, where only a person can mend it. */
  | { kind: 'failed'; why: HobError | null };

/** From the start of the program to its list of tools. Longer than anybody waits: `npx` may have to install it. */
const START_MS = 30_000;

/** Trying again by itself would change nothing. */
const needsPerson = (failure: unknown): HobError | null =>
  failure instanceof HobError && failure.code === 'server_needs_login' ? failure : null;

/** One server's session: started when it is needed, started again when it ends, given up after some tries. */
export class ServerLink {
  readonly #o: LinkOptions;
  #state: State = { kind: 'stopped' };
  #since: number;
  #problem: string | null = null;
  /** In a row. */
  #failures = 0;
  #restarts = 0;

  constructor(options: LinkOptions) {
    this.#o = options;
    this.#since = options.clock.now();
  }

  get health(): ServerHealth {
    const state = this.#state;
    const connection = state.kind === 'ready' ? state.connection : null;
    return {
      state: state.kind,
      since: isoTime(this.#since),
      problem: this.#problem,
      restarts: this.#restarts,
      next_try_at: state.kind === 'waiting' ? isoTime(state.nextTry) : null,
      isolation: connection?.isolation ?? null,
      pid: connection?.pid ?? null,
      protocol: connection?.protocol ?? null,
      calls_itself: connection?.callsItself ?? null,
    };
  }

  /**
   * The open session, which is started when there is none. A caller waits `waitMs` at most: a dead
   * server delays nobody for longer. Throws `server_starting`, `server_unavailable` and why it did not start.
   */
  async ready(waitMs: number): Promise<ServerConnection> {
    if (this.#state.kind === 'stopped') this.#start();
    const state = this.#state;
    if (state.kind === 'ready') return state.connection;
    if (state.kind === 'starting') return this.#within(state.ready, waitMs);
    if (state.kind === 'failed' && state.why !== null) throw state.why;
    throw new HobError('server_unavailable', {
      message: `The server does not run: ${this.#problem ?? 'it ended'}. ${state.kind === 'waiting' ? 'Hob tries again soon.' : 'Restart it when that is mended.'}`,
      ...(state.kind === 'waiting'
        ? { retryAfterMs: Math.max(0, state.nextTry - this.#o.clock.now()) }
        : {}),
    });
  }

  /** Ends it and starts it at once, whatever went wrong before. */
  async restart(): Promise<void> {
    await this.stop('restarted');
    this.#failures = 0;
    if (this.#state.kind === 'stopped') this.#start();
  }

  /** Ends it. The next `ready` starts it anew. */
  async stop(reason: string): Promise<void> {
    const state = this.#state;
    this.#become({ kind: 'stopped' });
    this.#problem = null;
    if (state.kind === 'waiting') state.cancel();
    if (state.kind === 'starting') {
      state.abort.abort(reason);
      await state.ready.catch(() => {});
    }
    if (state.kind !== 'ready') return;
    const { server_id, server, note } = this.#o;
    note({ type: 'server.stopped', data: { server_id, server, reason } });
    await state.connection.close();
  }

  #become(state: State): void {
    this.#state = state;
    this.#since = this.#o.clock.now();
  }

  #start(): void {
    const abort = new AbortController();
    const ready = this.#open(abort);
    // Whoever waits hears of it; nobody may be waiting.
    ready.catch(() => {});
    this.#become({ kind: 'starting', ready, abort });
  }

  async #open(abort: AbortController): Promise<ServerConnection> {
    // The state that names this start is set after the first await.
    await Promise.resolve();
    const cancel = this.#o.clock.timer(START_MS, () => abort.abort('it took longer than 30 s'));
    try {
      const connection = await this.#connected(abort.signal);
      this.#opened(connection);
      return connection;
    } catch (failure) {
      const problem = failure instanceof Error ? failure.message : String(failure);
      if (this.#isStarting(abort)) this.#failed(problem, needsPerson(failure));
      throw failure instanceof HobError
        ? failure
        : new HobError('server_unavailable', { cause: failure });
    } finally {
      cancel();
    }
  }

  async #connected(signal: AbortSignal): Promise<ServerConnection> {
    await this.#o.mayStart();
    signal.throwIfAborted();
    const connection = await this.#o.connect(signal);
    const close = (): void => void connection.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      await this.#o.opened(connection);
      if (signal.aborted)
        throw new HobError('server_unavailable', { message: String(signal.reason) });
      return connection;
    } catch (failure) {
      await connection.close();
      throw failure;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  #isStarting = (abort: AbortController): boolean =>
    this.#state.kind === 'starting' && this.#state.abort === abort;

  #opened(connection: ServerConnection): void {
    const { server_id, server, clock, note } = this.#o;
    this.#become({ kind: 'ready', connection, since: clock.monotonic() });
    this.#problem = null;
    const { pid, protocol, isolation } = connection;
    note({ type: 'server.started', data: { server_id, server, pid, protocol, isolation } });
    void connection.closed.then((reason) => this.#ended(connection, reason));
  }

  #ended(connection: ServerConnection, reason: string): void {
    const state = this.#state;
    if (state.kind !== 'ready' || state.connection !== connection) return;
    if (this.#o.clock.monotonic() - state.since >= restartPolicy.steadyMs) this.#failures = 0;
    this.#failed(reason);
  }

  #failed(problem: string, why: HobError | null = null): void {
    const { server_id, server, clock, note } = this.#o;
    this.#problem = problem.slice(0, 500);
    this.#failures += 1;
    const next_try_ms = why === null ? nextTryMs(this.#failures) : null;
    note({
      type: 'server.failed',
      data: { server_id, server, problem: this.#problem, next_try_ms },
    });
    if (next_try_ms === null) return this.#become({ kind: 'failed', why });
    const cancel = clock.timer(next_try_ms, () => {
      this.#restarts += 1;
      this.#start();
    });
    this.#become({ kind: 'waiting', nextTry: clock.now() + next_try_ms, cancel });
  }

  #within(ready: Promise<ServerConnection>, waitMs: number): Promise<ServerConnection> {
    return new Promise((resolve, reject) => {
      const cancel = this.#o.clock.timer(waitMs, () => reject(new HobError('server_starting')));
      ready.then(
        (connection) => {
          cancel();
          resolve(connection);
        },
        (failure: unknown) => {
          cancel();
          reject(failure instanceof Error ? failure : new Error(String(failure)));
        },
      );
    });
  }
}
