import { createRequire } from 'node:module';
import { EngineFailure } from '../../engine/messages.ts';
import { SAMPLE_RATE, type AudioDevice } from '../../ports.ts';
import { micFailureOf } from '../core/mic-words.ts';
import { NAUDIODON_BINARY } from '../library-path.ts';
import type { AudioLibrary, InputEvents, OpenInput, OpenOutput } from '../library.ts';

/** The compiled part of naudiodon. Its own index.js installs a crash handler, so it is left out. */
interface PortAudio {
  getDevices(): PortDevice[];
  getHostAPIs(): { HostAPIs: { name: string; defaultInput: number; defaultOutput: number }[] };
  create(options: { inOptions?: StreamOptions; outOptions?: StreamOptions }): PortStream;
}

interface PortDevice {
  id: number;
  name: string;
  maxInputChannels: number;
  maxOutputChannels: number;
  hostAPIName: string;
}

interface StreamOptions {
  channelCount: number;
  sampleFormat: number;
  sampleRate: number;
  /** −1 = default. */
  deviceId: number;
  closeOnError: boolean;
  framesPerBuffer: number;
}

interface PortStream {
  start(): void;
  read(bytes: number): Promise<{ buf?: Buffer; err?: string | Error | null; finished?: boolean }>;
  write(bytes: Buffer): Promise<string | Error | null | undefined>;
  quit(how: 'WAIT' | 'ABORT'): Promise<void>;
}

const FLOAT_32 = 1;
/** 32 ms: with less a busy machine is late. */
const BUFFER_SAMPLES = 512;
/** Frames come and go late on a busy machine; PortAudio says so and goes on. */
const harmless = /underflow|overflow/i;

/** Loads the library; throws what loading it throws. */
export function loadNaudiodon(): AudioLibrary {
  const require = createRequire(import.meta.url);
  const library = require(NAUDIODON_BINARY) as PortAudio;
  return {
    devices: () => devices(library),
    openInput: async (device, events) => openInput(library, device, events),
    openOutput: async (device, sampleRate) => openOutput(library, device, sampleRate),
  };
}

const idOf = (device: PortDevice): string => `${device.hostAPIName.toLowerCase()}:${device.name}`;

function devices(library: PortAudio): AudioDevice[] {
  const apis = library.getHostAPIs().HostAPIs;
  const defaults = { input: apis[0]?.defaultInput, output: apis[0]?.defaultOutput };
  return library.getDevices().flatMap((one) => {
    const row = (kind: AudioDevice['kind']): AudioDevice => ({
      id: idOf(one),
      name: one.name,
      kind,
      is_default: defaults[kind] === one.id,
    });
    return [
      ...(one.maxInputChannels > 0 ? [row('input')] : []),
      ...(one.maxOutputChannels > 0 ? [row('output')] : []),
    ];
  });
}

function numberOf(library: PortAudio, device: string | null): number {
  if (device === null) return -1;
  const found = library.getDevices().find((one) => idOf(one) === device);
  if (found === undefined) throw new EngineFailure('no_device', 'this device is not there');
  return found.id;
}

function create(
  library: PortAudio,
  side: 'inOptions' | 'outOptions',
  deviceId: number,
  sampleRate: number,
): PortStream {
  const options: StreamOptions = {
    channelCount: 1,
    sampleFormat: FLOAT_32,
    sampleRate,
    deviceId,
    closeOnError: false,
    framesPerBuffer: BUFFER_SAMPLES,
  };
  try {
    const stream = library.create({ [side]: options });
    stream.start();
    return stream;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EngineFailure(micFailureOf(undefined, message), message, thrown);
  }
}

function openInput(library: PortAudio, device: string | null, events: InputEvents): OpenInput {
  const known = devices(library).filter(({ kind }) => kind === 'input');
  if (known.length === 0) throw new EngineFailure('no_device', 'there is no microphone');
  const stream = create(library, 'inOptions', numberOf(library, device), SAMPLE_RATE);
  let closed = false;
  const read = async (): Promise<void> => {
    while (!closed) {
      const { buf, err, finished } = await stream.read(BUFFER_SAMPLES * 4);
      if (closed) return;
      if (err !== undefined && err !== null && !harmless.test(String(err)))
        return events.onEnd(undefined, String(err));
      if (buf !== undefined && buf.length > 0) events.onSamples(floats(buf));
      if (finished === true) return events.onEnd('DEVICE_FAILED', 'the stream ended');
    }
  };
  read().catch((failure: unknown) => events.onEnd(undefined, String(failure)));
  const chosen = known.find(({ id, is_default }) => (device === null ? is_default : id === device));
  return {
    device: chosen ?? { id: 'default', name: 'Default', kind: 'input', is_default: true },
    close() {
      closed = true;
      void stream.quit('ABORT');
    },
  };
}

function openOutput(library: PortAudio, device: string | null, sampleRate: number): OpenOutput {
  const stream = create(library, 'outOptions', numberOf(library, device), sampleRate);
  return {
    async write(samples) {
      const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
      const err = await stream.write(bytes);
      if (err !== undefined && err !== null && !harmless.test(String(err)))
        throw new EngineFailure(micFailureOf(undefined, String(err)), String(err));
    },
    // PortAudio plays what it has to the end when the stream is closed; the stream is of no use after that.
    drained: () => stream.quit('WAIT'),
    stop: () => stream.quit('ABORT'),
  };
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)),
  );
}
