import type { CommandInput, CommandName, CommandResult } from '../commands/registry.ts';
import type { EventEnvelope } from '../envelope/envelope.ts';
import { HostCallError, LinkError } from './errors.ts';
import type { HostClient, RequestOptions, Subscription } from './host-client.ts';

/** What a link is doing. `fatal` waits for `retry()`: trying again by itself has not helped. */
export type LinkState =
  | { state: 'connecting'; attempt: number }
  | { state: 'connected'; client: HostClient }
  | { state: 'waiting'; attempt: number; delayMs: number; failure: Error }
  | { state: 'fatal'; failure: Error }
  | { state: 'closed' };

export interface HostLinkOptions {
  /** Finds, starts and connects; called for every attempt. */
  open: (signal: AbortSignal) => Promise<HostClient>;
  /** Kept over reconnects: it resumes after the last `seq` that came. */
  subscription?: Subscription;
  onEvent?: (event: EventEnvelope) => void;
  onState?: (state: LinkState) => void;
  /** Before the first event and request of each connection, e.g. to say what this window is. */
  prepare?: (client: HostClient) => Promise<void>;
  /** Calls `run` once after `ms`; returns how to cancel. */
  timer?: (ms: number, run: () => void) => () => void;
}

/** Waiting times before the attempts after the first: 1 s → 30 s, five tries in all. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 4_000, 12_000, 30_000];

const systemTimer = (ms: number, run: () => void): (() => void) => {
  const handle = setTimeout(run, ms);
  return () => clearTimeout(handle);
};

/** A connection that is made again when it breaks. Nothing that was subscribed to is lost or seen twice. */
export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #abort = new AbortController();
  #state: LinkState = { state: 'closed' };
  #cancelTimer: () => void = () => {};
  #lastSeq: number | undefined;
  /** Failed attempts since the last connection that worked. */
  #failures = 0;
  #connectedAt = 0;
  #hadConnection = false;

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.#lastSeq = options.subscription?.from_seq;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Starts connecting; harmless while it is under way. */
  start(): void {
    if (this.#state.state === 'closed' && !this.#abort.signal.aborted) void this.#attempt();
  }

  /** From `fatal` or `waiting`: tries again now, with a new count. */
  retry(): void {
    if (this.#state.state !== 'fatal' && this.#state.state !== 'waiting') return;
    this.#cancelTimer();
    this.#failures = 0;
    void this.#attempt();
  }

  /** Rejects at once with LinkError `link_closed` while there is no connection. */
  request<N extends CommandName>(
    command: N,
    payload: CommandInput<N>,
    options?: RequestOptions,
  ): Promise<CommandResult<N>> {
    if (this.#state.state !== 'connected') {
      return Promise.reject(
        new LinkError('link_closed', {
          message: 'There is no connection to the host at the moment.',
        }),
      );
    }
    return this.#state.client.request(command, payload, options);
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer();
    const before = this.#state;
    this.#become({ state: 'closed' });
    if (before.state === 'connected') await before.client.close();
  }

  #become(state: LinkState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }

  async #attempt(): Promise<void> {
    this.#become({ state: 'connecting', attempt: this.#failures + 1 });
    let client: HostClient | null = null;
    try {
      client = await this.#options.open(this.#abort.signal);
      if (this.#abort.signal.aborted) return await client.close();
      await this.#enter(client);
    } catch (failure) {
      await client?.close();
      this.#failed(failure instanceof Error ? failure : new Error(String(failure)));
      return;
    }
    const reason = await client.closed;
    this.#hadConnection = true;
    if (performance.now() - this.#connectedAt >= STABLE_MS) this.#failures = 0;
    this.#failed(reason ?? new LinkError('link_closed'));
  }

  async #enter(client: HostClient): Promise<void> {
    client.onEvent((event) => {
      if (event.seq !== undefined) this.#lastSeq = Math.max(event.seq, this.#lastSeq ?? 0);
      this.#options.onEvent?.(event);
    });
    await this.#options.prepare?.(client);
    if (this.#options.subscription !== undefined) {
      const fromSeq = this.#lastSeq === undefined ? {} : { from_seq: this.#lastSeq };
      const { head_seq: head } = await client.subscribe({
        ...this.#options.subscription,
        ...fromSeq,
      });
      // Without from_seq everything up to head is the past; a reconnect must not skip what follows it.
      this.#lastSeq ??= head;
    }
    this.#connectedAt = performance.now();
    this.#become({ state: 'connected', client });
  }

  #failed(failure: Error): void {
    if (this.#abort.signal.aborted) return;
    this.#failures += 1;
    const delayMs =
      this.#failures === 1 && this.#hadConnection
        ? FIRST_RETRY_MS
        : RETRY_DELAYS_MS[this.#failures - 1];
    if (delayMs === undefined || !canRetry(failure))
      return this.#become({ state: 'fatal', failure });
    this.#become({ state: 'waiting', attempt: this.#failures, delayMs, failure });
    this.#cancelTimer =
      this.#options.timer?.(delayMs, () => void this.#attempt()) ??
      systemTimer(delayMs, () => void this.#attempt());
  }
}

/** A connection that lived shorter counts as a failed attempt: a host that dies at once is not up. */
const STABLE_MS = 5_000;
/** A connection that broke after it had worked is usually a host that was replaced: look at once. */
const FIRST_RETRY_MS = 100;

function canRetry(failure: Error): boolean {
  if (failure instanceof LinkError)
    return failure.retryable || failure.code === 'host_start_failed';
  // host_draining, slow_consumer, handshake_timeout, too_many_connections …
  if (failure instanceof HostCallError)
    return failure.retryable || failure.code === 'host_restarted';
  return true;
}
