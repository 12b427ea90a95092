import type { Sequence } from '../core/phrases.ts';
import { atOneLevel } from './core/level.ts';
import { pinkNoise } from './core/noise.ts';
import { phraseGraph } from './core/phrase-graph.ts';
import { search, usual, type IsWanted, type Rescored } from './core/search.ts';
import { SpellingTree } from './core/spelling-tree.ts';
import { together } from './core/together.ts';
import type { Hearing, SpeechModel } from './speech-model.ts';

/** One utterance, in one or more ways to hear it, and what somebody else made of it. */
export interface Look {
  sounds: readonly Float32Array[];
  known: Known | null;
}

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
  readonly #noise: Hearing;
  #tree: SpellingTree | null = null;
  #written: ReadonlyMap<string, string> = new Map();

  private constructor(model: SpeechModel, noise: Hearing) {
    this.#model = model;
    this.#noise = noise;
  }

  static async create(model: SpeechModel): Promise<Rescoring> {
    return new Rescoring(model, await model.hear(pinkNoise()));
  }

  /** All that may be said. */
  learn(sequences: readonly Sequence[]): void {
    this.#written = new Map(sequences.flat().map((word) => [word.toLowerCase(), word]));
    this.#tree = new SpellingTree(this.#model.tokens, phraseGraph(sequences));
    this.#tree.warm();
  }

  /** `isWanted` is asked between two steps. */
  async look({ sounds, known: other }: Look, isWanted: IsWanted): Promise<Answer> {
    if (this.#tree === null) return null;
    const heard: Hearing[] = [];
    for (const sound of sounds) {
      if (!(await isWanted())) return null;
      heard.push(await this.#model.hear(atOneLevel(sound)));
    }
    const sound = together(heard);
    const { tokens } = this.#model;
    const known = other && { text: other.text, tree: this.#treeOf(other) };
    const asked = { tokens, tree: this.#tree, known, options: usual };
    return search({ sound, noise: this.#noise }, asked, isWanted);
  }

  /** The other recogniser writes everything in lower case; here it is "TypeScript" and "JSON". */
  #treeOf({ ways }: Known): SpellingTree {
    const written = ways.map((way) => way.map((word) => this.#written.get(word) ?? word));
    return new SpellingTree(this.#model.tokens, phraseGraph(written));
  }
}
