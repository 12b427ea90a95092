/** Frames of 10 ms. */
const FRAME = 160;
/** A person at the microphone is louder than what is within this of the loudest, in dB; the room behind is not. */
const NEAR_DB = 12;
/** Kept before and after it, in frames: words begin and end weakly, and the last one in silence. */
const KEEP = { before: 12, after: 20 };

/**
 * The part in which somebody near speaks. Others who talk in the room before and after it are words too, and the
 * recogniser would find some for them.
 */
export function nearPart(samples: Float32Array): Float32Array {
  const frames = Math.floor(samples.length / FRAME);
  const powers = Array.from({ length: frames }, (_, at) => {
    const frame = samples.subarray(at * FRAME, (at + 1) * FRAME);
    return frame.reduce((sum, sample) => sum + sample * sample, 0);
  });
  const loud = powers.toSorted((a, b) => a - b)[Math.floor(frames * 0.95)] ?? 0;
  const isNear = (power: number): boolean => power > loud / 10 ** (NEAR_DB / 10);
  const first = powers.findIndex(isNear);
  if (first < 0) return samples;
  const last = powers.findLastIndex(isNear);
  return samples.subarray(
    Math.max(0, first - KEEP.before) * FRAME,
    Math.min(frames, last + 1 + KEEP.after) * FRAME,
  );
}
