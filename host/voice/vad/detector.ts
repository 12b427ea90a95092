/** Says of each frame whether somebody speaks, silence already waited out. */
export interface Detector {
  push(samples: Float32Array): boolean;
  close(): void;
}

export type OpenDetector = (silenceMs: number) => Detector;
