// Speech for tests, 16 kHz mono: recorded ones of the fixtures, and sentences rendered by Hob's own voice.
import { readFileSync } from 'node:fs';
import { systemClock } from '#host/kernel/system-clock.ts';
import { SAMPLE_RATE } from '#host/voice/ports.ts';
import { FliteEngine } from '#host/voice/speech/flite/flite-engine.ts';

const worker = new URL('../../host/voice/speech/flite/flite.worker.ts', import.meta.url);
const HEADER = 44;

/** A WAV of test/fixtures/speech. */
export function recorded(name: string): Float32Array {
  const file = new URL(`../fixtures/speech/${name}.wav`, import.meta.url);
  const bytes = readFileSync(file).subarray(HEADER);
  return Float32Array.from(
    { length: bytes.length / 2 },
    (_, at) => bytes.readInt16LE(at * 2) / 32_768,
  );
}

/** A sentence as one of Hob's voices says it. */
export async function rendered(text: string, voice = 'rms'): Promise<Float32Array> {
  const engine = new FliteEngine({ worker, clock: systemClock });
  try {
    const samples: number[] = [];
    const { signal } = new AbortController();
    for await (const piece of engine.speak(text, { voice, rate: 1, signal }))
      samples.push(...piece.samples);
    return Float32Array.from(samples);
  } finally {
    await engine.dispose();
  }
}

/** With so much silence before and after it. */
export function padded(samples: Float32Array, seconds = 0.3): Float32Array {
  const silence = Math.round(seconds * SAMPLE_RATE);
  const all = new Float32Array(samples.length + 2 * silence);
  all.set(samples, silence);
  return all;
}

/** A PCM WAV file with 16 bits a sample; every channel has the same. */
export function wavOf(samples: Float32Array, rate = SAMPLE_RATE, channels = 1): Buffer {
  const data = Buffer.alloc(samples.length * channels * 2);
  for (const [n, sample] of samples.entries())
    for (let c = 0; c < channels; c++)
      data.writeInt16LE(
        Math.round(Math.max(-1, Math.min(1, sample)) * 32_767),
        (n * channels + c) * 2,
      );
  const head = Buffer.alloc(HEADER);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Loudest sample. */
export const peakOf = (samples: Float32Array): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
