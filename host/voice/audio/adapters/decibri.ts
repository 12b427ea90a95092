import { createRequire } from 'node:module';
import type * as Decibri from 'decibri';
import { EngineFailure } from '../../engine/messages.ts';
import { SAMPLE_RATE, FRAME_SAMPLES, type AudioDevice } from '../../ports.ts';
import { micFailureOf } from '../core/mic-words.ts';
import type { AudioLibrary, InputEvents, OpenInput, OpenOutput } from '../library.ts';

/** A busy machine was late; the device is still there. */
const lateness = /underrun|overrun/i;
/** A first sound as long as this fills what any device asks for first. */
const FILLS_MS = 150;
/** Silence before the first sound that is not worth a new start. */
const LATE_MS = 20;
/** For so long, starts that came late are tried again. */
const STARTING_MS = 80;

/** Loads the library; throws what loading it throws. */
export function loadDecibri(): AudioLibrary {
  const library = createRequire(import.meta.url)('decibri') as typeof Decibri;
  return {
    devices: () => devices(library),
    openInput: (device, events) => openInput(library, device, events),
    openOutput: (device, sampleRate) => openOutput(library, device, sampleRate),
  };
}

/** ALSA lists converters as devices; they have no channels. `alsa:null` records silence. */
function devices(library: typeof Decibri): AudioDevice[] {
  const row = (
    kind: AudioDevice['kind'],
    { id, name, isDefault }: Decibri.MicrophoneInfo | Decibri.SpeakerInfo,
  ): AudioDevice => ({ id: id === '' ? name : id, name, kind, is_default: isDefault });
  const inputs = library.inputDevices().filter((one) => one.maxInputChannels > 0);
  const outputs = library.outputDevices().filter((one) => one.maxOutputChannels > 0);
  return [
    ...inputs.map((one) => row('input', one)),
    ...outputs.map((one) => row('output', one)),
  ].filter(({ id }) => id !== 'alsa:null');
}

const selector = (device: string): { id: string } | string =>
  device.includes(':') ? { id: device } : device;

async function openInput(
  library: typeof Decibri,
  device: string | null,
  { onSamples, onEnd }: InputEvents,
): Promise<OpenInput> {
  const known = devices(library).filter(({ kind }) => kind === 'input');
  const chosen = known.find(({ id, is_default }) => (device === null ? is_default : id === device));
  if (chosen === undefined && (device !== null || known.length === 0))
    throw new EngineFailure('no_device', 'this microphone is not there');
  const open = (): Promise<Decibri.Microphone> =>
    library.Microphone.open({
      sampleRate: SAMPLE_RATE,
      channels: 1,
      framesPerBuffer: FRAME_SAMPLES,
      dtype: 'float32',
      ...(device === null ? {} : { device: selector(device) }),
    }).catch(rethrow);
  let microphone = await open();
  let closed = false;
  const ended = (code: string | undefined, message: string): void => {
    if (!closed) onEnd(code, message);
    closed = true;
  };
  const follow = (stream: Decibri.Microphone): void => {
    let late = false;
    stream.on('data', (bytes: Buffer) => onSamples(floats(bytes)));
    stream.on('error', (failure: Error & { code?: string }) => {
      late = lateness.test(failure.message);
      if (!late) ended(failure.code, failure.message);
    });
    stream.on('close', () => {
      if (closed) return;
      if (late)
        reopen().catch((failure: Error & { code?: string }) =>
          ended(failure.code, failure.message),
        );
      else ended('DEVICE_FAILED', 'the stream closed');
    });
  };
  const reopen = async (): Promise<void> => {
    const stream = await open();
    if (closed) return stream.stop();
    microphone = stream;
    follow(stream);
  };
  follow(microphone);
  return {
    device: chosen ?? { id: 'default', name: 'Default', kind: 'input', is_default: true },
    close() {
      closed = true;
      microphone.stop();
    },
  };
}

async function openOutput(
  library: typeof Decibri,
  device: string | null,
  sampleRate: number,
): Promise<OpenOutput> {
  const open = async (): Promise<Decibri.Speaker> => {
    const speaker = await library.Speaker.open({
      sampleRate,
      channels: 1,
      dtype: 'float32',
      ...(device === null ? {} : { device: selector(device) }),
    }).catch(rethrow);
    // Failures reach who writes; without a listener they would end the process.
    return speaker.on('error', () => undefined);
  };
  let speaker = await open();
  let isStarted = false;
  let stopped = false;
  const write = async (samples: Float32Array): Promise<void> => {
    if (isStarted) return speaker.writeAsync(bytesOf(samples));
    isStarted = true;
    await start(speaker, samples, sampleRate);
  };
  return {
    async write(samples) {
      try {
        await write(samples);
      } catch (failure) {
        // A gap closed the stream; what comes next goes on, unless it is no longer to be heard.
        if (!lateness.test(String(failure))) rethrow(failure as Error);
        speaker.stop();
        const next = await open();
        if (stopped) return;
        speaker = next;
        isStarted = false;
        await write(samples).catch(rethrow);
      }
    },
    async drained() {
      try {
        await speaker.drainAsync();
      } catch (failure) {
        // That nothing more came is what draining waits for.
        if (!lateness.test(String(failure))) rethrow(failure as Error);
      }
    },
    async stop() {
      stopped = true;
      speaker.stop();
    },
  };
}

/**
 * Starts a stream with its first sound. The device looks for sound as soon as it runs, in a thread of its own. Where
 * that comes before the first sound is handed over, it takes silence instead: 64 to 190 ms through PulseAudio, in one of
 * eight starts. Nothing has sounded by then, so the stream is started anew where that takes less.
 */
async function start(
  speaker: Decibri.Speaker,
  samples: Float32Array,
  sampleRate: number,
): Promise<void> {
  const inMs = (count: number): number => (count * 1_000) / sampleRate;
  const began = performance.now();
  for (let from = began; ;) {
    await handOver(speaker, bytesOf(samples));
    const late = inMs(speaker.underrunCount);
    const now = performance.now();
    // A sound that does not fill the first look has silence after it, which is not to be told from silence before.
    const isLate = late > LATE_MS && inMs(samples.length) >= FILLS_MS;
    if (!isLate || late < now - from || now - began > STARTING_MS) return;
    speaker.stop();
    from = now;
  }
}

/** On this thread, which starts the stream: through the thread pool it came late more often. */
function handOver(speaker: Decibri.Speaker, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    speaker.write(bytes, (failure) => {
      if (failure === null || failure === undefined) resolve();
      else reject(failure);
    });
  });
}

function rethrow(failure: Error & { code?: string }): never {
  throw new EngineFailure(micFailureOf(failure.code, failure.message), failure.message, failure);
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)),
  );
}

const bytesOf = (samples: Float32Array): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
