const QUIETEST_DB = -90;

/** Level of a frame in dB below full scale, never under −90. */
export function levelDb(frame: Float32Array): number {
  const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, frame.length);
  return Math.max(QUIETEST_DB, 10 * Math.log10(power + 1e-12));
}

/** So many samples, 16 ms, are one level. */
export const LEVEL_SAMPLES = 256;

/** Longer than the front end is late: what is quiet for so long has reached the recogniser as quiet. */
const QUIET_LEVELS = 4;
/** What is so much above the quiet tenth is no longer the room. */
const ROOM_DB = 6;
/** What is so far below the loud tenth is no speech that counts: an echo, a breath. */
const FAR_DB = 35;

/** Whether nobody speaks at the end: the last levels, of 16 ms each, are those of the room. */
export function endsInQuiet(levels: readonly number[]): boolean {
  if (levels.length < 10) return false;
  const sorted = levels.toSorted((a, b) => a - b);
  const room = (sorted[Math.floor(sorted.length * 0.1)] ?? 0) + ROOM_DB;
  const far = (sorted[Math.floor(sorted.length * 0.9)] ?? 0) - FAR_DB;
  return levels.slice(-QUIET_LEVELS).every((level) => level < Math.max(room, far));
}

/**
 * Signal to noise in dB from the levels of many short frames: the loud tenth over the quiet tenth, less what
 * the noise adds to the loud ones. Null where there is too little to tell. Digital silence counts as 60 dB.
 */
export function snrDb(levels: readonly number[]): number | null {
  if (levels.length < 10) return null;
  const sorted = levels.toSorted((a, b) => a - b);
  const noise = 10 ** ((sorted[Math.floor(sorted.length * 0.1)] ?? 0) / 10);
  const loud = 10 ** ((sorted[Math.floor(sorted.length * 0.9)] ?? 0) / 10);
  const ratio = Math.max(loud - noise, noise / 1_000) / noise;
  return Math.max(-10, Math.min(60, 10 * Math.log10(ratio)));
}
