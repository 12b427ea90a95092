import type { AudioOutput, OpenSpeaker } from '#host/voice/ports.ts';

/**
 * A speaker that keeps what it is given. `drained` answers when the test calls `heard()`, or at once with
 * `instant`; a stop forgets what was not heard.
 */
export class RecordingSpeaker implements AudioOutput {
  readonly opened: { device: string | null; sampleRate: number; signal: AbortSignal }[] = [];
  /** Everything that became audible, in order. */
  readonly samples: number[] = [];
  stops = 0;
  failure: Error | null = null;
  readonly #instant: boolean;
  #waiting: (() => void)[] = [];
  #buffered: number[] = [];
  #written: (() => void)[] = [];
  #opening: Promise<void> | null = null;

  constructor({ instant = false } = {}) {
    this.#instant = instant;
  }

  warm(): void {}

  async open(device: string | null, sampleRate: number, signal: AbortSignal): Promise<OpenSpeaker> {
    if (this.failure !== null) throw this.failure;
    this.opened.push({ device, sampleRate, signal });
    await this.#opening;
    return {
      write: async (samples) => {
        if (this.failure !== null) throw this.failure;
        this.#buffered.push(...samples);
        for (const wake of this.#written.splice(0)) wake();
      },
      drained: () =>
        this.#instant
          ? Promise.resolve(this.#play())
          : new Promise((resolve) => this.#waiting.push(resolve)),
      stop: async () => {
        this.stops += 1;
        this.#buffered = [];
        this.#waiting = [];
      },
    };
  }

  /** From now on it opens only when the returned function is called. */
  opensLater(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#opening = promise;
    return resolve;
  }

  /** Resolves when something was written that is not heard yet. */
  async written(): Promise<void> {
    if (this.#buffered.length === 0)
      await new Promise<void>((resolve) => this.#written.push(resolve));
    // What is written is followed by waiting for its end.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** What was written until now has been heard. */
  heard(): void {
    this.#play();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #play(): void {
    this.samples.push(...this.#buffered);
    this.#buffered = [];
  }
}
