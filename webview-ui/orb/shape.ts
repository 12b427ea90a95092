/*
 * What the orb looks like, as numbers: every mood is a shape, and a drawing is a shape at a moment. Pure,
 * so that the same moment always draws the same pixels.
 */

/** What the orb can show. Each has a form of its own; its colour only helps. */
export type OrbMood =
  | 'starting'
  | 'idle'
  | 'listening'
  | 'thinking'
  | 'speaking'
  | 'waiting'
  | 'held'
  | 'degraded'
  | 'offline'
  | 'stopped'
  | 'paused';

/** How much of each feature is drawn, 0..1; `radius` in halves of the orb's width. */
export interface OrbShape {
  readonly radius: number;
  /** Corners: 0 round, 1 square. */
  readonly square: number;
  /** Light of the body; 0 leaves it out. */
  readonly body: number;
  /** Glow around it. */
  readonly glow: number;
  /** Something moves inside. */
  readonly drift: number;
  /** The rim follows a voice that comes in. */
  readonly wave: number;
  /** Rings go out with a voice that comes out. */
  readonly rings: number;
  /** A ring around it. */
  readonly ring: number;
  /** That ring (or the outline) is broken into pieces. */
  readonly dashes: number;
  /** A piece is missing. */
  readonly notch: number;
  /** Two bars on it. */
  readonly bars: number;
  readonly breath: number;
}

const plain: OrbShape = {
  radius: 0.8,
  square: 0,
  body: 1,
  glow: 0.6,
  drift: 0,
  wave: 0,
  rings: 0,
  ring: 0,
  dashes: 0,
  notch: 0,
  bars: 0,
  breath: 0,
};

export const shapes: Readonly<Record<OrbMood, OrbShape>> = {
  idle: { ...plain, breath: 0.5 },
  listening: { ...plain, radius: 0.68, wave: 1, glow: 0.9 },
  thinking: { ...plain, drift: 1 },
  speaking: { ...plain, radius: 0.58, rings: 1, glow: 0.5 },
  waiting: { ...plain, radius: 0.68, ring: 1, glow: 0.4 },
  held: { ...plain, radius: 0.68, ring: 1, dashes: 1, glow: 0.2, body: 0.75 },
  degraded: { ...plain, notch: 1, glow: 0, body: 0.9 },
  offline: { ...plain, body: 0, glow: 0, ring: 1, dashes: 1, radius: 0.66 },
  starting: { ...plain, body: 0.65, breath: 1, glow: 0.3 },
  stopped: { ...plain, square: 1, radius: 0.64, glow: 0 },
  paused: { ...plain, bars: 1, glow: 0 },
};

/** How often a mood is drawn, in pictures a second; 0 stands still. A breath needs fewer than a voice. */
export const ratePerSecond: Readonly<Record<OrbMood, number>> = {
  idle: 10,
  starting: 12,
  listening: 30,
  thinking: 24,
  speaking: 30,
  waiting: 0,
  held: 0,
  degraded: 0,
  offline: 0,
  stopped: 0,
  paused: 0,
};

/**
 * An idle orb breathes once after something happened, then rests until something does: even ten pictures a
 * second are too much for hours in which nothing happens, where the graphics card is a program.
 */
export const IDLE_REST_MS = 5_500;
/** From one shape to the next. */
export const CHANGE_MS = 260;

/** The shape on the way from one to another; `at` 0..1. */
export function between(from: OrbShape, to: OrbShape, at: number): OrbShape {
  const eased = at * at * (3 - 2 * at);
  const mixed = (Object.keys(to) as (keyof OrbShape)[]).map((key) => [
    key,
    from[key] + (to[key] - from[key]) * eased,
  ]);
  return Object.fromEntries(mixed) as OrbShape;
}

/** A level that jumps up with a sound and sinks after it. Both 0..1; `ms` since the last one. */
export function followLevel(shown: number, heard: number, ms: number): number {
  if (heard >= shown) return heard;
  return Math.max(heard, shown * Math.exp(-ms / 160));
}

/** RMS as it is heard: −54 dB is nothing, −12 dB (loud speech) is everything. */
export function loudness(rms: number): number {
  if (rms <= 0) return 0;
  const db = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (db + 54) / 42));
}
