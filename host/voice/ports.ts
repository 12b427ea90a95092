/*
 * What the turn machine needs of ears and mouth, and what those need of engines and devices. Audio is
 * mono Float32 in −1..1; frames from a microphone are 128 samples at 16 kHz (8 ms), a fourth of what speech detection
 * judges at a time. What waits for a frame to fill when the hand lets go is not heard, and the last one is what
 * everybody waits for: with frames of 32 ms that took 8 ms longer.
 */

import type { GrammarReport, MicFailure, SpokenPhrases } from './facts.ts';

export type { GrammarReport, Meaning, MicFailure, SpokenPhrases } from './facts.ts';

export const SAMPLE_RATE = 16_000;
export const FRAME_SAMPLES = 128;

export interface AudioDevice {
  /** What a setting stores; stable over restarts where the system allows it. */
  id: string;
  /** For people. */
  name: string;
  kind: 'input' | 'output';
  is_default: boolean;
}

export class MicError extends Error {
  readonly reason: MicFailure;

  constructor(reason: MicFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MicError';
    this.reason = reason;
  }
}

/** A microphone that is open. Frames come until `ended` resolves. */
export interface OpenMicrophone {
  readonly device: AudioDevice;
  /** Frames lost because nobody took them in time. */
  readonly dropped: number;
  /** Null when closed here, else why it ended by itself. */
  readonly ended: Promise<MicError | null>;
  close(): void;
}

/** A sound library, or a file that plays the part of one. */
export interface AudioInput {
  /** `device` null = the system's default. Rejects with MicError. The frame is only valid during the call. */
  open(
    device: string | null,
    onFrame: (frame: Float32Array) => void,
    signal: AbortSignal,
  ): Promise<OpenMicrophone>;
}

/** A speaker that is open at one sample rate. */
export interface OpenSpeaker {
  /** Resolves when there is room for more. */
  write(samples: Float32Array): Promise<void>;
  /** Resolves when everything written was heard. */
  drained(): Promise<void>;
  /** Silence at once (≤ 100 ms); what waits is forgotten. Resolves when it is silent. */
  stop(): Promise<void>;
}

export interface AudioOutput {
  /** Gets ready what takes longest of opening. Opens no device, and never throws. */
  warm(): void;
  open(device: string | null, sampleRate: number, signal: AbortSignal): Promise<OpenSpeaker>;
}

/** Is somebody speaking? One of these per turn. */
export interface VadSession {
  push(frame: Float32Array): void;
  /** Called on every change, with the time in ms since the turn's first sample. */
  onSpeech(listener: (speaking: boolean, atMs: number) => void): void;
  /** Resolves when everything pushed was judged, and who listens was told. */
  settled(): Promise<void>;
  close(): void;
}

export interface VadEngine {
  /** Which engine answers now, e.g. `silero` or `fvad`, and why when it is the fallback. */
  readonly status: { engine: string; fallback: string | null };
  open(options: { silenceMs: number }): VadSession;
}

/** What was heard. `accepted` is the rejection's verdict: the command path against free sounds, calibrated by SNR. */
export interface Recognition {
  text: string;
  accepted: boolean;
  /** 0..1, comparable between utterances. */
  score: number;
  /** Best phrases, best first, also when rejected. */
  closest: { text: string; score: number }[];
  snr_db: number | null;
  /** What decided: the first look at it, a second one by the recogniser itself, or one by the speech model. */
  look: 'first' | 'second' | 'model';
  /** Milliseconds from the end of audio to this. */
  took_ms: number;
}

/** One utterance. Frames in, partials while they come, one result. */
export interface SttSession {
  push(frame: Float32Array): void;
  onPartial(listener: (text: string) => void): void;
  /** `patient`: waits for whatever hears better, so that the same sound is heard the same every time. */
  finish(how?: { patient?: boolean }): Promise<Recognition>;
  abort(): void;
}

export interface SttEngine {
  /** Counts for every session that is opened after the call, whether or not it was waited for. */
  setPhrases(phrases: SpokenPhrases): Promise<GrammarReport>;
  open(): SttSession;
}

/** Decides when a tap-to-talk turn is over. Push-to-talk ends by the hand. */
export interface TurnDetector {
  /** `speaking` changed at `atMs`; returns when the turn ends if nothing changes, or null. */
  changed(speaking: boolean, atMs: number): number | null;
}

export interface Pcm {
  sampleRate: number;
  samples: Float32Array;
}

export interface Voice {
  id: string;
  name: string;
}

/** Text to sound. Yields as soon as there is something to play. */
export interface TtsEngine {
  voices(): readonly Voice[];
  /** `rate` 0.5..2, 1 = the voice's own. Stops at once when the signal aborts. */
  speak(
    sentence: string,
    options: { voice: string; rate: number; signal: AbortSignal },
  ): AsyncIterable<Pcm>;
}

export interface LevelListeners {
  /** RMS 0..1 of the newest frame, at most 20 a second. */
  onLevel(level: number): void;
  /** Nothing but zeros for the first second: the microphone is switched off. */
  onMuted?(): void;
}

/** Ears: a microphone or a file, through VAD and recognition, as one listening. */
export interface Ears {
  listen(
    options: {
      /** A device id, null for the default, or samples that play the part of one. */
      source: { device: string | null } | { samples: Float32Array; paced: boolean };
      endBy: 'hand' | 'silence';
      silenceMs: number;
      signal: AbortSignal;
      onSpeech(speaking: boolean, atMs: number): void;
      onPartial(text: string): void;
    } & LevelListeners,
  ): Listening;
  /** A microphone that is open for its level alone, until the signal aborts. Rejects with MicError. */
  watchLevel(
    options: { device: string | null; signal: AbortSignal } & LevelListeners,
  ): Promise<OpenMicrophone>;
}

export interface Listening {
  /** Resolves when the microphone is open; rejects with MicError. */
  readonly opened: Promise<AudioDevice>;
  /** The hand let go: what was said until now is recognised. Idempotent. */
  finish(): void;
  /** Resolves once: heard, nothing said, aborted, or a MicError as rejection. */
  readonly result: Promise<Heard>;
}

export type Heard =
  | { kind: 'heard'; recognition: Recognition; audio_ms: number }
  | { kind: 'silence'; audio_ms: number }
  | { kind: 'aborted' };

/** Mouth: sentences one after the other, stopped at once. */
export interface Mouth {
  /** Resolves when it was heard, or says how far it got when stopped. */
  say(
    sentences: readonly string[],
    options: {
      signal: AbortSignal;
      /** Whose turn it is: questions before replies before agents. `reply` when it is not said. */
      kind?: 'question' | 'reply' | 'agent';
      /**
       * A sentence begins to sound, or is shown where there is no sound. Again with the same index where
       * an agent's sentence was cut off and is said anew.
       */
      onSentence(index: number): void;
    },
  ): Promise<{ spoken: number; stopped: boolean }>;
  /** Silence for everything that is being said. */
  stop(): Promise<void>;
  readonly isSpeaking: boolean;
  /** Monotonic ms of the last audible sample; −Infinity when it never spoke. */
  readonly lastSoundAt: number;
}
