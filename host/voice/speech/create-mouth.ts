import type { Clock } from '#host/kernel/clock.ts';
import type { AudioOutput, Mouth, Voice } from '../ports.ts';
import { splitSentences } from './core/sentences.ts';
import { FliteEngine } from './flite/flite-engine.ts';
import { SpokenMouth, type SpeechProblem, type VoiceChoice } from './mouth.ts';

export interface MouthOptions {
  output: AudioOutput;
  /** Module of the speech thread: `flite.worker`, bundle or source. */
  worker: URL;
  clock: Clock;
  /** The settings as they are now; read before each sentence. */
  choice(): VoiceChoice;
  /** What keeps sentences from being heard; null when they are heard again. They are captions meanwhile. */
  onProblem(problem: SpeechProblem | null): void;
  /** RMS 0..1 of what sounds now, 20 times a second, and 0 at its end. */
  onLevel?(level: number): void;
  /** How long the speech thread lives after the last sentence. */
  idleMs?: number;
}

export interface SpeechMouth extends Mouth {
  readonly problem: SpeechProblem | null;
  voices(): readonly Voice[];
  /** A text for people as the sentences that `say` takes. */
  sentences(text: string): string[];
  /** Gets the voice ready: call when a turn begins, so that its reply is heard at once. */
  warm(): void;
  /** Silence until the returned function is called: somebody talks. */
  hold(): () => void;
  dispose(): Promise<void>;
}

/** Speech without anything installed: flite's voices through a speaker. Starts nothing until it is used. */
export function createMouth(options: MouthOptions): SpeechMouth {
  const { worker, clock, choice, idleMs } = options;
  const engine = new FliteEngine({
    worker,
    clock,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  const mouth = new SpokenMouth({ ...options, engine });
  return {
    say: (sentences, how) => mouth.say(sentences, how),
    stop: () => mouth.stop(),
    get isSpeaking() {
      return mouth.isSpeaking;
    },
    get lastSoundAt() {
      return mouth.lastSoundAt;
    },
    get problem() {
      return mouth.problem;
    },
    voices: () => engine.voices(),
    sentences: splitSentences,
    warm() {
      const { voice, rate, quiet } = choice();
      if (quiet) return;
      void engine.warm(voice, rate);
      void mouth.prepare();
    },
    hold: () => mouth.hold(),
    async dispose() {
      await mouth.close();
      await engine.dispose();
    },
  };
}
