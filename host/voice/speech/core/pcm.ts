/**
 * Quieter than this is silence: −44 dB of full scale. Two of the voices breathe at −52 dB before they speak: with
 * a lower limit up to 200 ms of that were kept, and heard as nothing.
 */
const AUDIBLE = 0.006;

export interface Sound {
  sampleRate: number;
  samples: Float32Array;
}

/** Mono 16-bit PCM out of a RIFF file as flite writes it. Throws where it is anything else. */
export function soundOfWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 44 || tag(0) !== 'RIFF' || tag(36) !== 'data')
    throw new Error('the voice gave no WAV file');
  if (view.getUint16(22, true) !== 1 || view.getUint16(34, true) !== 16)
    throw new Error('the voice gave something else than mono 16-bit sound');
  // The length in the header is that of the first sentence where several were appended.
  const count = (bytes.length - 44) >> 1;
  const samples = new Float32Array(count);
  for (let at = 0; at < count; at += 1) samples[at] = view.getInt16(44 + at * 2, true) / 32_768;
  return { sampleRate: view.getUint32(24, true), samples };
}

/** Takes away the silence around a sound, but for so many ms of it; the first sound is heard sooner. */
export function trimmed(sound: Sound, keep: { beforeMs: number; afterMs: number }): Sound {
  const { samples, sampleRate } = sound;
  let first = 0;
  while (first < samples.length && Math.abs(samples[first] ?? 0) < AUDIBLE) first += 1;
  if (first === samples.length) return { sampleRate, samples: new Float32Array(0) };
  let last = samples.length - 1;
  while (Math.abs(samples[last] ?? 0) < AUDIBLE) last -= 1;
  const per = sampleRate / 1_000;
  const from = Math.max(0, first - Math.round(keep.beforeMs * per));
  const to = Math.min(samples.length, last + 1 + Math.round(keep.afterMs * per));
  return { sampleRate, samples: samples.slice(from, to) };
}
