/** What the two decoders of one pass say about each other. */
export interface Finding {
  /** Log-likelihood of the free phone loop less that of the command, per frame of speech (10 ms). */
  gap: number;
  /** How alike the sounds of the command and the sounds of the loop are, 0..1. */
  likeness: number;
  /** Frames of the command's words. */
  frames: number;
  /** The same against the frames in which the loop heard any sound. */
  covered: number;
}

export interface Evidence extends Finding {
  /** What the pass heard. */
  text: string;
  words: number;
  snr: number | null;
  /** Whether two passes heard the same; null where there was one. */
  agreed: boolean | null;
}

/**
 * Weights of a logistic function, by 120 clips of the tuning set. The gap says most: it is −18…1 for clean orders
 * and 5…30 for orders in noise that are heard right, 23 and more for clean other sentences and 28 and more for
 * those in noise.
 */
export interface Calibration {
  bias: number;
  gap: number;
  likeness: number;
  covered: number;
  /** Per 10 dB below 30 dB: noise makes true commands look worse. */
  noise: number;
  agreed: number;
  disagreed: number;
}

export const calibration: Calibration = {
  bias: 1.6,
  gap: -0.2,
  likeness: 3,
  covered: 1.5,
  noise: 1,
  agreed: 0.7,
  disagreed: -0.3,
};

const CLEAN_DB = 30;
const FEWEST_FRAMES = 8;
/** Surer than this, a second look would change nothing. */
const SURE = 0.95;

/** 0..1, comparable between utterances; 0.5 and more is accepted. */
export function scoreOf(evidence: Evidence, c: Calibration = calibration): number {
  const { gap, likeness, covered, frames, snr, agreed } = evidence;
  if (frames < FEWEST_FRAMES) return 0;
  const noisy = Math.max(0, CLEAN_DB - Math.max(0, snr ?? CLEAN_DB)) / 10;
  const second = agreed === null ? 0 : agreed ? c.agreed : c.disagreed;
  const sum =
    c.bias +
    c.gap * gap +
    c.likeness * likeness +
    c.covered * Math.min(1, covered) +
    c.noise * noisy +
    second;
  return Math.round(1_000 / (1 + Math.exp(-sum))) / 1_000;
}

export const isAccepted = (score: number): boolean => score >= 0.5;
export const isDoubtful = (first: Evidence): boolean => scoreOf(first) < SURE;
