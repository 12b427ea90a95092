/** What the two passes over one utterance say about each other. */
export interface Evidence {
  /** Log-likelihood of the free phone loop less that of the command, per frame of speech (10 ms). */
  gap: number;
  /** How alike the sounds of the command and the sounds of the loop are, 0..1. */
  likeness: number;
  /** Frames of speech. */
  frames: number;
  snr: number | null;
}

/**
 * Weights of a logistic function. Provisional: set by hand from a dozen clean utterances of one synthetic voice
 * (gap −10…16 for orders, 44 and more for other sentences); `noise` is a guess.
 */
export interface Calibration {
  bias: number;
  gap: number;
  likeness: number;
  /** Per 10 dB below 30 dB: noise makes true commands look worse. */
  noise: number;
}

export const calibration: Calibration = { bias: 2.8, gap: -0.14, likeness: 2, noise: 0.3 };

const CLEAN_DB = 30;
const FEWEST_FRAMES = 8;

/** 0..1, comparable between utterances; 0.5 and more is accepted. */
export function scoreOf(
  { gap, likeness, frames, snr }: Evidence,
  c: Calibration = calibration,
): number {
  if (frames < FEWEST_FRAMES) return 0;
  const noisy = Math.max(0, CLEAN_DB - Math.max(0, snr ?? CLEAN_DB)) / 10;
  const sum = c.bias + c.gap * gap + c.likeness * likeness + c.noise * noisy;
  return Math.round(1_000 / (1 + Math.exp(-sum))) / 1_000;
}

export const isAccepted = (score: number): boolean => score >= 0.5;
