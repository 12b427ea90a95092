import type { Clock } from '#host/kernel/clock.ts';
import type { HostPhase } from './ports.ts';

/** How long a draining host waits for runs that execute. */
export const DRAIN_MS = 30_000;
/** How long a host that nobody is connected to stays. */
export const IDLE_MS = 30_000;
const LOOK_AGAIN_MS = 50;

export interface StopRequest {
  /** Let runs that execute end first. */
  drain: boolean;
  reason: string;
}

export interface LifecycleOptions {
  clock: Clock;
  /** Effects that execute now. */
  executing(): number;
  /** Something is to be done later that the host stays for. */
  isNeeded?(): boolean;
  /** Null: never by itself, e.g. inside another process. */
  idleMs: number | null;
  /** Does what stopping takes; called once. */
  stop(request: StopRequest): Promise<void>;
}

/** When a host ends: because it was asked, or because nobody has been there for a while. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #ended = Promise.withResolvers<string>();
  #phase: HostPhase = 'starting';
  #clients = 0;
  #cancelIdle: () => void = () => {};
  #hurry: () => void = () => {};

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  get phase(): HostPhase {
    return this.#phase;
  }

  /** Resolves with the reason when everything has stopped; rejects with what failed on the way. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  running(): void {
    this.#phase = 'running';
    this.#watchIdle();
  }

  /** The number of clients changed. */
  clients(count: number): void {
    this.#clients = count;
    this.#watchIdle();
  }

  /** Begins to stop; again without `drain`: stops waiting for what executes. */
  stop(request: StopRequest): Promise<string> {
    if (!request.drain) this.#hurry();
    if (this.#phase === 'starting' || this.#phase === 'running') void this.#run(request);
    return this.ended;
  }

  async #run(request: StopRequest): Promise<void> {
    this.#phase = 'draining';
    this.#cancelIdle();
    try {
      await this.#options.stop(request);
      this.#ended.resolve(request.reason);
    } catch (failure) {
      this.#ended.reject(failure instanceof Error ? failure : new Error(String(failure)));
    } finally {
      this.#phase = 'stopped';
    }
  }

  /** Resolves when nothing executes, after 30 s, or when somebody is in a hurry. */
  async drained(): Promise<void> {
    const deadline = this.#options.clock.monotonic() + DRAIN_MS;
    let isHurried = false;
    while (
      this.#options.executing() > 0 &&
      this.#options.clock.monotonic() < deadline &&
      !isHurried
    ) {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.clock.timer(LOOK_AGAIN_MS, resolve);
        this.#hurry = () => {
          isHurried = true;
          cancel();
          resolve();
        };
      });
    }
  }

  #watchIdle(): void {
    this.#cancelIdle();
    const { idleMs, clock, executing, isNeeded } = this.#options;
    if (this.#phase !== 'running' || this.#clients > 0 || idleMs === null) return;
    this.#cancelIdle = clock.timer(idleMs, () => {
      if (executing() > 0 || isNeeded?.() === true) this.#watchIdle();
      else void this.stop({ drain: true, reason: 'nobody was connected' });
    });
  }
}
