/** What the two decoders of one pass say about each other. */
export interface Finding {
  /** Log-likelihood of the free phone loop less that of the command, per frame of speech (10 ms). */
  gap: number;
  /** How alike the sounds of the command and the sounds of the loop are, 0..1. */
  likeness: number;
  /** The largest gap of a single word, per frame of it. */
  poorest: number;
  /** Log-likelihood of the words against the best sound of each moment, per frame; never above 0. */
  fit: number;
  /** Frames of the command's words. */
  frames: number;
}

export interface Evidence extends Finding {
  /** What the pass heard. */
  text: string;
  words: number;
  snr: number | null;
  /** Nothing above 4 kHz, as of a telephone: s and f sound alike then. */
  narrow: boolean;
  /** Whether two passes heard the same; null where there was one. */
  agreed: boolean | null;
}

/** What evidence is weighed by. */
export interface Features {
  gap: number;
  likeness: number;
  poorest: number;
  fit: number;
  /** Per 10 dB below 30 dB: noise makes true commands look worse. */
  noise: number;
  /** A narrow band makes them look worse, a little more than 10 dB do. */
  narrow: number;
  agreed: number;
}

export interface Calibration extends Features {
  bias: number;
}

/**
 * Weights of a logistic function, fitted to both looks at 56 orders and 78 other sentences of ten voices of the tuning
 * set (test/bench/lib/voice/fit-rejection.ts), clean and in noise; what is none, or another one, counts more. The gap says most; that of
 * the poorest word keeps out sentences that share all but one word with an order. The narrow band is weighed by hand.
 */
export const calibration: Calibration = {
  bias: 4.41,
  gap: -0.078,
  likeness: 0.37,
  poorest: -0.061,
  fit: 0.064,
  noise: 1.13,
  narrow: 1.6,
  agreed: 1.57,
};

const CLEAN_DB = 30;
const FEWEST_FRAMES = 8;
/** Surer than this, and not in noise, a second look changes next to nothing; two of three clean orders are. */
const SURE = 0.82;

export function featuresOf(evidence: Evidence): Features {
  const { gap, likeness, poorest, fit, snr, narrow, agreed } = evidence;
  return {
    gap,
    likeness,
    poorest,
    fit,
    noise: Math.max(0, CLEAN_DB - Math.max(0, snr ?? CLEAN_DB)) / 10,
    narrow: Number(narrow),
    agreed: Number(agreed === true),
  };
}

/** 0..1, comparable between utterances; 0.5 and more is accepted. */
export function scoreOf(evidence: Evidence, weights: Calibration = calibration): number {
  return asScore(sureness(evidence, weights));
}

/** The same before it is made a number of 0..1: above 0 more speaks for it than against it. */
export const sureness = (evidence: Evidence, weights: Calibration = calibration): number =>
  evidence.frames < FEWEST_FRAMES ? -Infinity : weighed(featuresOf(evidence), weights);

/** The features times their weights, and the bias. */
export function weighed<Named extends { [Name in keyof Named]: number }>(
  features: Named,
  weights: Named & { bias: number },
): number {
  const names = Object.keys(features) as (keyof Named)[];
  return names.reduce((total, name) => total + weights[name] * features[name], weights.bias);
}

export const asScore = (sum: number): number => Math.round(1_000 / (1 + Math.exp(-sum))) / 1_000;

export const isAccepted = (score: number): boolean => score >= 0.5;
export const isDoubtful = (first: Evidence, c: Calibration = calibration): boolean =>
  scoreOf(first, c) < SURE;

/** Less noise than this is heard as none. */
const QUIET_DB = 25;
/** In noise another order may be taken for the right one, and the first look be sure of it. */
export const isNoisy = ({ snr }: Evidence): boolean => snr !== null && snr < QUIET_DB;

/** Whether two looks heard the same; null where one was enough. */
export const agreement = (
  first: { text: string } | undefined,
  second: { text: string } | undefined,
): boolean | null => (second === undefined ? null : first?.text === second.text);
