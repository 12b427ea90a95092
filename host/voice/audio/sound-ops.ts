import { EngineFailure } from '../engine/messages.ts';
import type { EngineOps, Notify } from '../engine/serve-engine.ts';
import { Framer } from '../framer.ts';
import { FRAME_SAMPLES, SAMPLE_RATE, type AudioDevice } from '../ports.ts';
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
const WAITING_FRAMES = (2 * SAMPLE_RATE) / FRAME_SAMPLES;

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
      let dropped = 0;
      const framer = new Framer(FRAME_SAMPLES, (samples) => {
        if (!notify('frame', { stream, samples, dropped }, WAITING_FRAMES)) dropped += 1;
      });
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
