import type { Sequence } from '../core/phrases.ts';
import type { Rescored } from '../rescoring/core/search.ts';
import type { Known } from '../rescoring/rescore.ts';

/** How long it is waited for, and until when. */
export interface LookOptions {
  /** Waits until what it needs is loaded: a file is heard the same every time. A person is not kept waiting. */
  patient: boolean;
  /** Aborted when nobody wants it any longer. */
  signal: AbortSignal;
}

/** A slower and better look at an utterance as a whole. */
export interface SecondLook {
  /** Loads what it needs, where that was not done. */
  start(): void;
  /** All that may be said. */
  setPhrases(sequences: readonly Sequence[]): void;
  /** `sounds`: one utterance, in one or more ways to hear it. `known`: what the first look heard. Null where there is none: not loaded yet or not at all, too slow, or no longer wanted. Never rejects. */
  look(
    sounds: readonly Float32Array[],
    known: Known | null,
    how: LookOptions,
  ): Promise<Rescored | null>;
}
