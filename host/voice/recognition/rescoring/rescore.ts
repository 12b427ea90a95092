import type { Sequence } from '../core/phrases.ts';
import { pinkNoise } from './core/noise.ts';
import { phraseGraph } from './core/phrase-graph.ts';
import { search, usual, type Rescored } from './core/search.ts';
import { SpellingTree } from './core/spelling-tree.ts';
import type { Hearing, SpeechModel } from './speech-model.ts';

/** What is asked of the model's thread. */
export type Request =
  | { kind: 'phrases'; sequences: readonly Sequence[] }
  | { kind: 'look'; samples: Float32Array; known: Known | null };

/** A phrase that somebody else heard, and ways to write it. */
export interface Known {
  text: string;
  ways: readonly Sequence[];
}

/** Null: nothing was asked for, or it is no longer wanted. */
export type Answer = Rescored | null;

/** Asks a model how well everything that may be said explains a sound. */
export class Rescoring {
  readonly #model: SpeechModel;
  #tree: SpellingTree | null = null;
  #noise: Promise<Hearing> | null = null;

  constructor(model: SpeechModel) {
    this.#model = model;
  }

  /** `isWanted` is asked between two steps. */
  async take(request: Request, isWanted: () => boolean = () => true): Promise<Answer> {
    if (request.kind === 'phrases') {
      this.#tree = new SpellingTree(this.#model.tokens, phraseGraph(request.sequences));
      return null;
    }
    if (this.#tree === null) return null;
    this.#noise ??= this.#model.hear(pinkNoise());
    const noise = await this.#noise;
    const sound = await this.#model.hear(request.samples);
    const { tokens } = this.#model;
    const known = request.known && {
      text: request.known.text,
      tree: new SpellingTree(tokens, phraseGraph(request.known.ways)),
    };
    const asked = { tokens, tree: this.#tree, known, options: usual };
    return search({ sound, noise }, asked, isWanted);
  }
}
