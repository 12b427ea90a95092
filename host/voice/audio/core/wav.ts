import { HobError } from '#host/kernel/errors.ts';

/** Longer files are refused. */
export const LONGEST_WAV_MS = 600_000;

export interface WavSound {
  sampleRate: number;
  channels: number;
  /** All channels mixed into one, −1..1. */
  samples: Float32Array;
}

interface Format {
  tag: number;
  channels: number;
  sampleRate: number;
  bits: number;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

const invalid = (message: string): HobError => new HobError('audio_invalid', { message });

/**
 * The sound in a WAV file: 8, 16, 24 or 32 bit integers or 32 bit floats. A file cut short gives what is there.
 * Throws HobError `audio_invalid` or `audio_too_long`.
 */
export function parseWav(bytes: Uint8Array): WavSound {
  if (bytes.length === 0) throw invalid('The file is empty.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tagAt(view, 0) !== 'RIFF' || tagAt(view, 8) !== 'WAVE')
    throw invalid('This is no WAV file. Save the recording as WAV (PCM) and try again.');
  let format: Format | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = tagAt(view, at);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (name === 'fmt ') format = readFormat(view, body, Math.min(size, bytes.length - body));
    if (name === 'data') {
      if (format === null) throw invalid('The WAV file does not say what its samples are.');
      return readSamples(view, body, Math.min(size, bytes.length - body), format);
    }
    at = body + size + (size % 2);
  }
  throw invalid('The WAV file holds no sound.');
}

function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

function readFormat(view: DataView, at: number, size: number): Format {
  if (size < 16) throw invalid('The header of the WAV file is cut short.');
  const tag = view.getUint16(at, true);
  const format = {
    tag: tag === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
  const known =
    format.tag === PCM
      ? [8, 16, 24, 32].includes(format.bits)
      : format.tag === FLOAT && format.bits === 32;
  if (!known)
    throw invalid('The WAV file is compressed. Save the recording as WAV (PCM) and try again.');
  const { channels, sampleRate } = format;
  if (channels < 1 || channels > 32 || sampleRate < 4_000 || sampleRate > 192_000)
    throw invalid(`No sound has ${channels} channels at ${sampleRate} Hz.`);
  return format;
}

function readSamples(view: DataView, at: number, size: number, format: Format): WavSound {
  const { channels, sampleRate, bits } = format;
  const width = bits / 8;
  const count = Math.floor(size / (width * channels));
  if (count === 0) throw invalid('The WAV file holds no sound.');
  const ms = (count * 1000) / sampleRate;
  if (ms > LONGEST_WAV_MS)
    throw new HobError('audio_too_long', {
      message: `The sound is ${Math.round(ms / 60_000)} minutes long; at most 10 can be heard.`,
    });
  const read = reader(view, format);
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1)
      sum += read(at + (i * channels + channel) * width);
    const mixed = sum / channels;
    samples[i] = Number.isFinite(mixed) ? Math.max(-1, Math.min(1, mixed)) : 0;
  }
  return { sampleRate, channels, samples };
}

function reader(view: DataView, { tag, bits }: Format): (at: number) => number {
  if (tag === FLOAT) return (at) => view.getFloat32(at, true);
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 32_768;
  if (bits === 32) return (at) => view.getInt32(at, true) / 2_147_483_648;
  return (at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608;
}

/** A mono WAV file of 16 bit integers. */
export function writeWav(samples: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const put = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i += 1) view.setUint8(at + i, text.charCodeAt(i));
  };
  put(0, 'RIFF');
  view.setUint32(4, 36 + samples.length * 2, true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => {
    const value = Math.round(Math.max(-1, Math.min(1, sample)) * 32_768);
    view.setInt16(44 + i * 2, Math.min(32_767, value), true);
  });
  return bytes;
}
