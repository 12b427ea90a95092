const FRAME = 320;
/** Of the frames, so many hold the loudest of what was said. */
const LOUD_PART = 0.25;
/** RMS of these, in dB below full scale: as loud as most of what models of speech are taught with. */
const LEVEL_DB = -18;
const SILENCE = 1e-6;

/** The same sound, its louder parts as loud as those of any other: how near the microphone was says nothing. */
export function atOneLevel(samples: Float32Array): Float32Array {
  const gain = 10 ** (LEVEL_DB / 20) / Math.max(SILENCE, loudness(samples));
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)));
}

/** RMS of the loudest frames. */
function loudness(samples: Float32Array): number {
  const powers: number[] = [];
  for (let at = 0; at + FRAME <= samples.length; at += FRAME)
    powers.push(samples.subarray(at, at + FRAME).reduce((sum, one) => sum + one * one, 0) / FRAME);
  const loud = powers.toSorted((a, b) => b - a).slice(0, Math.ceil(powers.length * LOUD_PART));
  return Math.sqrt(loud.reduce((sum, power) => sum + power, 0) / Math.max(1, loud.length));
}
