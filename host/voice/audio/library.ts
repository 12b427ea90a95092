import type { AudioDevice } from '../ports.ts';

export const audioLibraries = ['decibri', 'naudiodon'] as const;
export type AudioLibraryName = (typeof audioLibraries)[number];

/** What one sound library does, inside the sound process. Failures are EngineFailure with a MicFailure as code. */
export interface AudioLibrary {
  devices(): AudioDevice[];
  /** `device` null = the system's default. */
  openInput(device: string | null, events: InputEvents): Promise<OpenInput>;
  openOutput(device: string | null, sampleRate: number): Promise<OpenOutput>;
}

export interface InputEvents {
  /** Mono, 16 kHz, any length. */
  onSamples(samples: Float32Array): void;
  /** It ended by itself. */
  onEnd(code: string | undefined, message: string): void;
}

export interface OpenInput {
  device: AudioDevice;
  close(): void;
}

export interface OpenOutput {
  /** Resolves when the library took it, which may be long before it sounds. */
  write(samples: Float32Array): Promise<void>;
  /** Resolves when everything written was heard. */
  drained(): Promise<void>;
  /** Silence; the stream is of no more use. Rejects or never resolves where only ending the process helps. */
  stop(): Promise<void>;
}
