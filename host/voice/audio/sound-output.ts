import type { Clock } from '#host/kernel/clock.ts';
import { EngineProcess } from '../engine/engine-process.ts';
import type { AudioOutput, OpenSpeaker } from '../ports.ts';
import type { AudioLibraryName } from './library.ts';
import { orAfresh } from './or-afresh.ts';
import type { SoundOptions } from './sound-input.ts';

/** So much may wait in the library: enough for a busy machine, little enough to stop at once. */
const AHEAD_MS = 400;
/** A library that is not silent after this long is ended with its process. */
const STOP_MS = 60;
/** Part of a write that goes at once: more than a device asks for first, or it begins with a hole. */
const CHUNK_MS = 200;
/** Silence after the last sound: a library gives up a stream with what is still on its way to the ear. */
const TAIL_MS = 150;
/** A library that does not answer for so long has lost its device, or never had it. */
const ANSWER_MS = 10_000;
/** How soon a write that waits sees that it was stopped. */
const LOOK_MS = 50;

/** Speakers through a sound process. */
export class SoundOutput implements AudioOutput {
  readonly #o: SoundOptions;
  readonly #process: EngineProcess;

  constructor(options: SoundOptions) {
    this.#o = options;
    this.#process = new EngineProcess({ ...options, name: 'sound output', module: options.worker });
  }

  /** Starts the process and loads its library, which takes 200 ms and more. What is wrong shows at opening. */
  warm(): void {
    this.#process.request('load', { library: this.#o.library() }).catch(() => undefined);
  }

  /** Closed by the signal. */
  async open(device: string | null, sampleRate: number, signal: AbortSignal): Promise<OpenSpeaker> {
    signal.throwIfAborted();
    const speaker = new SoundSpeaker(this.#process, this.#o.clock, {
      library: this.#o.library(),
      device,
      sampleRate,
    });
    await speaker.start();
    signal.addEventListener('abort', () => void speaker.close(), { once: true });
    if (signal.aborted) await speaker.close();
    return speaker;
  }

  /** Resolves when the process is gone. */
  async dispose(): Promise<void> {
    await this.#process.stop();
  }
}

interface SpeakerArgs {
  library: AudioLibraryName;
  device: string | null;
  sampleRate: number;
}

class SoundSpeaker implements OpenSpeaker {
  readonly #process: EngineProcess;
  readonly #clock: Clock;
  readonly #args: SpeakerArgs;
  #stream: Promise<number> | null = null;
  #release: (() => void) | null = null;
  /** When what was written will have sounded, monotonic ms. */
  #soundsUntil = 0;
  #generation = 0;
  #closed = false;

  constructor(process: EngineProcess, clock: Clock, args: SpeakerArgs) {
    this.#process = process;
    this.#clock = clock;
    this.#args = args;
  }

  async start(): Promise<void> {
    await this.#open();
  }

  async write(samples: Float32Array): Promise<void> {
    const generation = this.#generation;
    const chunk = Math.max(1, Math.round((this.#args.sampleRate * CHUNK_MS) / 1000));
    for (let from = 0; from < samples.length; from += chunk) {
      if (generation !== this.#generation) return;
      // A copy: sending a part of a longer array would send the whole of it.
      await this.#writeChunk(samples.slice(from, from + chunk), generation);
    }
  }

  async drained(): Promise<void> {
    const generation = this.#generation;
    const stream = this.#stream;
    if (stream === null) return;
    const id = await stream;
    const tail = new Float32Array(Math.round((this.#args.sampleRate * TAIL_MS) / 1000));
    await this.#writeChunk(tail, generation);
    if (generation !== this.#generation) return;
    const left = Math.max(0, this.#soundsUntil - this.#clock.monotonic());
    await this.#process.request('drain', { stream: id }, left + ANSWER_MS);
    // A library may count what it has handed on as heard: wait out what was written.
    await this.#until(this.#soundsUntil, generation);
    // Some streams end with draining; the next sound opens one anew.
    if (generation === this.#generation) this.#forget(id);
  }

  async stop(): Promise<void> {
    this.#generation += 1;
    const stream = this.#stream;
    this.#stream = null;
    this.#soundsUntil = 0;
    if (stream !== null) await this.#silence(await stream.catch(() => null));
    this.#letGo();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.stop();
  }

  async #writeChunk(samples: Float32Array, generation: number): Promise<void> {
    await this.#until(this.#soundsUntil - AHEAD_MS, generation);
    if (generation !== this.#generation) return;
    const stream = await this.#open();
    if (generation !== this.#generation) return;
    const length = (samples.length / this.#args.sampleRate) * 1000;
    this.#soundsUntil = Math.max(this.#soundsUntil, this.#clock.monotonic()) + length;
    try {
      await this.#process.request('write', { stream, samples }, ANSWER_MS);
    } catch (failure) {
      // Stopped meanwhile: that is no failure.
      if (generation === this.#generation) {
        this.#stream = null;
        throw failure;
      }
    }
  }

  #open(): Promise<number> {
    if (this.#closed) return Promise.reject(new Error('this speaker is closed'));
    this.#release ??= this.#process.hold();
    const ask = (): Promise<unknown> => this.#process.request('open_output', this.#args, ANSWER_MS);
    this.#stream ??= orAfresh(this.#process, this.#args.library, ask).then(
      (opened) => (opened as { stream: number }).stream,
      (failure: unknown) => {
        this.#stream = null;
        this.#letGo();
        throw failure;
      },
    );
    return this.#stream;
  }

  /** Ends the stream, and where the library does not do that at once, its process. */
  async #silence(stream: number | null): Promise<void> {
    if (stream === null || !this.#process.isRunning) return;
    const late = Promise.withResolvers<'late'>();
    const cancel = this.#clock.timer(STOP_MS, () => late.resolve('late'));
    const stopped = this.#process.request('stop_output', { stream }).then(
      () => 'stopped' as const,
      () => 'late' as const,
    );
    const how = await Promise.race([stopped, late.promise]);
    cancel();
    if (how === 'late') await this.#process.stop('SIGKILL');
  }

  #forget(stream: number): void {
    this.#stream = null;
    this.#process.tell('stop_output', { stream });
    this.#letGo();
  }

  /** Of the process, which ends when nobody holds it for a while. */
  #letGo(): void {
    this.#release?.();
    this.#release = null;
  }

  /** Resolves at a monotonic time, or soon after this speaker was stopped. */
  async #until(time: number, generation: number): Promise<void> {
    for (let left = time - this.#clock.monotonic(); left > 0;) {
      if (generation !== this.#generation) return;
      const wait = Math.min(left, LOOK_MS);
      await new Promise<void>((resolve) => void this.#clock.timer(wait, resolve));
      left = time - this.#clock.monotonic();
    }
  }
}
