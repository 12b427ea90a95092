import type { Clock } from '#host/kernel/clock.ts';
import type { AudioOutput, OpenSpeaker, Pcm } from '../ports.ts';
import { PlayedLevel } from './played-level.ts';

/** An idle speaker is given back to the system after this long. */
const IDLE_MS = 10_000;
/** Every voice has this rate. */
const USUAL_RATE = 16_000;
/** So much of nothing opens a device, which its library does with the first sound only. */
const NOTHING_MS = 50;

interface Opened {
  readonly key: string;
  readonly opening: Promise<OpenSpeaker>;
  /** Null while it opens. */
  speaker: OpenSpeaker | null;
  readonly close: AbortController;
}

/** The speaker that sentences go to: opened with the first sound, closed when idle. */
export class Loudspeaker {
  readonly #output: AudioOutput;
  readonly #device: () => string | null;
  readonly #clock: Clock;
  readonly #level: PlayedLevel;
  #open: Opened | null = null;
  #cancelIdle: () => void = () => undefined;
  #preparing: Promise<void> = Promise.resolve();

  /** `onLevel`: RMS 0..1 of what sounds now, 20 times a second, and 0 at its end. */
  constructor(
    output: AudioOutput,
    device: () => string | null,
    clock: Clock,
    onLevel: (level: number) => void,
  ) {
    this.#output = output;
    this.#device = device;
    this.#clock = clock;
    this.#level = new PlayedLevel(clock, onLevel);
  }

  /**
   * Has the speaker play a moment of nothing, so that the next sound finds it awake: the first opening takes longer
   * than all that come after it. Never rejects: what is wrong with a speaker shows when something is to be heard.
   */
  prepare(): Promise<void> {
    if (this.#open !== null) return this.#preparing;
    this.#preparing = this.#speaker(USUAL_RATE)
      .then(async (speaker) => {
        await speaker.write(new Float32Array((USUAL_RATE * NOTHING_MS) / 1_000));
        await speaker.drained();
        this.#closeLater();
      })
      .catch(() => this.close());
    return this.#preparing;
  }

  /**
   * Resolves when there is room for more, or the signal aborted; then nothing of it is heard that was not
   * yet. Rejects when there is no speaker, or it was lost.
   */
  async write({ sampleRate, samples }: Pcm, signal: AbortSignal): Promise<void> {
    await untilAborted(this.#preparing, signal);
    if (signal.aborted) return;
    this.#cancelIdle();
    const speaker = await untilAborted(this.#speaker(sampleRate), signal);
    if (speaker === undefined || signal.aborted) return;
    this.#level.written({ sampleRate, samples });
    await this.#orClose(untilAborted(speaker.write(samples), signal));
  }

  /** Resolves when everything written was heard, or the signal aborted. */
  async drained(signal: AbortSignal): Promise<void> {
    const speaker = this.#open?.speaker;
    if (speaker) await this.#orClose(untilAborted(speaker.drained(), signal));
    this.#closeLater();
  }

  /** Silence. Never rejects: a speaker that cannot be stopped is closed, and one that is opening as soon as it is open. */
  async stop(): Promise<void> {
    this.#level.silent();
    if (this.#open?.speaker === null) return this.close();
    await this.#open?.speaker.stop().catch(() => this.close());
    this.#closeLater();
  }

  close(): void {
    this.#cancelIdle();
    this.#level.silent();
    this.#open?.close.abort();
    this.#open = null;
  }

  async #speaker(sampleRate: number): Promise<OpenSpeaker> {
    const device = this.#device();
    const key = `${sampleRate} ${device ?? ''}`;
    if (this.#open?.key === key) return this.#open.opening;
    this.close();
    const close = new AbortController();
    const opening = this.#output.open(device, sampleRate, close.signal);
    const opened: Opened = { key, opening, speaker: null, close };
    this.#open = opened;
    try {
      opened.speaker = await opening;
    } catch (failure) {
      if (this.#open === opened) this.#open = null;
      throw failure;
    }
    return opened.speaker;
  }

  #closeLater(): void {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.timer(IDLE_MS, () => this.close());
  }

  /** A speaker that failed is opened anew for the next sentence. */
  async #orClose(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (failure) {
      this.close();
      throw failure;
    }
  }
}

/** Undefined once aborted: a speaker that is stopped may never answer what it was asked before. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
  });
}
