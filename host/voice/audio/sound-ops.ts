import { EngineFailure } from '../engine/messages.ts';
import type { EngineOps, Notify } from '../engine/serve-engine.ts';
import { FRAME_SAMPLES, type AudioDevice } from '../ports.ts';
import { loadDecibri } from './adapters/decibri.ts';
import { loadNaudiodon } from './adapters/naudiodon.ts';
import { micFailureOf, missingLibraryWords } from './core/mic-words.ts';
import type { AudioLibrary, AudioLibraryName, OpenInput, OpenOutput } from './library.ts';

/** Notices of the sound process. `ended` closes the stream. */
export interface SoundNotices {
  frame: { stream: number; samples: Float32Array; dropped: number };
  ended: { stream: number; reason: string; message: string };
}

/** Two seconds of frames that the host has not taken; more are dropped and counted. */
const WAITING_FRAMES = 64;

/** What the sound process can do; one per process, so a library that blocks holds up its own kind alone. */
export function soundOps(notify: Notify): EngineOps {
  const libraries = new Map<AudioLibraryName, AudioLibrary>();
  const inputs = new Map<number, OpenInput>();
  const outputs = new Map<number, OpenOutput>();
  let next = 1;

  const use = (name: AudioLibraryName): AudioLibrary => {
    const library = libraries.get(name) ?? load(name);
    libraries.set(name, library);
    return library;
  };
  const output = (stream: number): OpenOutput => {
    const found = outputs.get(stream);
    if (found === undefined) throw new EngineFailure('failed', 'this speaker is closed');
    return found;
  };

  return {
    load: ({ library }: { library: AudioLibraryName }) => void use(library),

    devices: ({ library }: { library: AudioLibraryName }): AudioDevice[] => use(library).devices(),

    async open_input({ library, device }: OpenArgs) {
      const stream = next++;
      const framer = new Framer((samples, dropped) =>
        notify('frame', { stream, samples, dropped }, WAITING_FRAMES),
      );
      const input = await use(library).openInput(device, {
        onSamples: (samples) => framer.push(samples),
        onEnd(code, message) {
          inputs.delete(stream);
          notify('ended', { stream, reason: micFailureOf(code, message), message });
        },
      });
      inputs.set(stream, input);
      return { stream, device: input.device };
    },

    close_input({ stream }: { stream: number }) {
      inputs.get(stream)?.close();
      inputs.delete(stream);
    },

    async open_output({ library, device, sampleRate }: OpenArgs & { sampleRate: number }) {
      const stream = next++;
      outputs.set(stream, await use(library).openOutput(device, sampleRate));
      return { stream };
    },

    write: ({ stream, samples }: { stream: number; samples: Float32Array }) =>
      output(stream).write(samples),

    drain: ({ stream }: { stream: number }) => output(stream).drained(),

    async stop_output({ stream }: { stream: number }) {
      const found = outputs.get(stream);
      outputs.delete(stream);
      await found?.stop();
    },
  };
}

interface OpenArgs {
  library: AudioLibraryName;
  device: string | null;
}

function load(name: AudioLibraryName): AudioLibrary {
  try {
    return name === 'decibri' ? loadDecibri() : loadNaudiodon();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const platform = `${process.platform}-${process.arch}`;
    throw new EngineFailure('not_supported', missingLibraryWords(name, platform, message), thrown);
  }
}

/** Cuts what a library delivers into frames, and counts the ones that nobody took. */
class Framer {
  readonly #send: (samples: Float32Array, dropped: number) => boolean;
  #frame = new Float32Array(FRAME_SAMPLES);
  #filled = 0;
  #dropped = 0;

  constructor(send: (samples: Float32Array, dropped: number) => boolean) {
    this.#send = send;
  }

  push(samples: Float32Array): void {
    for (let from = 0; from < samples.length;) {
      const part = samples.subarray(from, from + FRAME_SAMPLES - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === FRAME_SAMPLES) this.#flush();
    }
  }

  #flush(): void {
    if (!this.#send(this.#frame, this.#dropped)) this.#dropped += 1;
    this.#frame = new Float32Array(FRAME_SAMPLES);
    this.#filled = 0;
  }
}
