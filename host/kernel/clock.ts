/** Time as it is handed to everything that needs it, so a test can hold it still. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  now(): number;
  /** Monotonic milliseconds; only differences mean something. */
  monotonic(): number;
  /** Calls `run` once after `ms`; the returned function cancels it. */
  timer(ms: number, run: () => void): () => void;
}

export const isoTime = (ms: number): string => new Date(ms).toISOString();
