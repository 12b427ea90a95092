/** One piece of text for the thread. Times and voices are flite's own. */
export interface SynthesisJob {
  id: number;
  /** Printable ASCII, one clause or sentence. */
  text: string;
  voice: string;
  /** 1 = the voice's own pace, 2 = twice as slow. */
  stretch: number;
}

export type SynthesisAnswer =
  | { id: number; sampleRate: number; samples: Float32Array<ArrayBuffer> }
  | { id: number; failure: string };

export interface FliteThreadData {
  /** Counts the messages sent: the thread sleeps on it between jobs. */
  wake: SharedArrayBuffer;
}
