// What a room does to speech: noise of three kinds, and echoes.
import { SAMPLE_RATE } from '#host/voice/ports.ts';
import type { NoiseKind } from './speech-set.ts';

/** Seconds before and after the speech, with the room's noise in them: a hand is not always early or late. */
const MARGIN = { shortest: 0.1, longest: 0.5 };
/** A small room: echoes fall by 60 dB in this time. */
const REVERB_S = 0.35;
const ECHOES_PER_S = 2_000;
/** Power of all echoes against the direct sound, −6 dB: a talker at half a metre. */
const ECHO_POWER = 0.25;

export interface Room {
  kind: NoiseKind;
  snrDb: number;
  random: () => number;
  /** Others who talk, for babble. */
  talkers: readonly Float32Array[];
}

/** The speech with quiet around it, at this level (dB below full scale). */
export function placed(speech: Float32Array, levelDb: number, random: () => number): Float32Array {
  const margin = (): number =>
    Math.round((MARGIN.shortest + random() * (MARGIN.longest - MARGIN.shortest)) * SAMPLE_RATE);
  const gain = 10 ** (levelDb / 20) / Math.max(1e-6, speechLevel(speech));
  const before = margin();
  const out = new Float32Array(before + speech.length + margin());
  for (const [at, sample] of speech.entries())
    out[at + before] = Math.max(-1, Math.min(1, sample * gain));
  return out;
}

/** The placed speech in a room, with noise at so many dB below its speech. */
export function inRoom(clean: Float32Array, room: Room): Float32Array {
  const speech = room.kind === 'reverb' ? echoed(clean, room.random) : clean;
  const noise = noiseOf(room, clean.length);
  const gain = speechLevel(clean) / 10 ** (room.snrDb / 20) / Math.max(1e-9, rms(noise));
  return speech.map((sample, at) => Math.max(-1, Math.min(1, sample + gain * (noise[at] ?? 0))));
}

function noiseOf({ kind, random, talkers }: Room, length: number): Float32Array {
  if (kind === 'white') return Float32Array.from({ length }, () => random() * 2 - 1);
  if (kind === 'babble') return babble(talkers, length, random);
  return pink(length, random);
}

/** Falls by 3 dB an octave (Paul Kellet's filter). */
function pink(length: number, random: () => number): Float32Array {
  const b = [0, 0, 0];
  return Float32Array.from({ length }, () => {
    const white = random() * 2 - 1;
    b[0] = 0.99765 * (b[0] ?? 0) + white * 0.099046;
    b[1] = 0.963 * (b[1] ?? 0) + white * 0.2965164;
    b[2] = 0.57 * (b[2] ?? 0) + white * 1.0526913;
    return (b[0] ?? 0) + (b[1] ?? 0) + (b[2] ?? 0) + white * 0.1848;
  });
}

function babble(
  talkers: readonly Float32Array[],
  length: number,
  random: () => number,
): Float32Array {
  const out = new Float32Array(length);
  for (const talker of talkers) {
    const level = Math.max(1e-6, speechLevel(talker));
    const from = Math.floor(random() * talker.length);
    for (let at = 0; at < length; at += 1)
      out[at] = (out[at] ?? 0) + (talker[(from + at) % talker.length] ?? 0) / level;
  }
  return out;
}

/** Sparse echoes that die away; as good as dense ones to an ear, and fast. */
function echoed(samples: Float32Array, random: () => number): Float32Array {
  const count = Math.round(REVERB_S * ECHOES_PER_S);
  const echoes = Array.from({ length: count }, () => {
    const delay = 0.004 + random() * REVERB_S;
    const size = 10 ** ((-3 * delay) / REVERB_S) * (random() < 0.5 ? -1 : 1);
    return { at: Math.round(delay * SAMPLE_RATE), size };
  });
  const power = echoes.reduce((sum, { size }) => sum + size * size, 0);
  const gain = Math.sqrt(ECHO_POWER / power);
  const out = samples.slice();
  for (const { at, size } of echoes)
    for (let n = at; n < out.length; n += 1)
      out[n] = (out[n] ?? 0) + gain * size * (samples[n - at] ?? 0);
  return out;
}

const rms = (samples: Float32Array): number =>
  Math.sqrt(
    samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length),
  );

/** RMS of the frames that hold speech: those within 30 dB of the loudest. */
function speechLevel(samples: Float32Array): number {
  const powers: number[] = [];
  for (let at = 0; at + 320 <= samples.length; at += 320)
    powers.push(rms(samples.subarray(at, at + 320)) ** 2);
  const loudest = Math.max(0, ...powers);
  const spoken = powers.filter((power) => power > loudest / 1_000);
  return Math.sqrt(spoken.reduce((sum, power) => sum + power, 0) / Math.max(1, spoken.length));
}
