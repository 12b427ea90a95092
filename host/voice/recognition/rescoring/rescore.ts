import type { Sequence } from '../core/phrases.ts';
import { atOneLevel } from './core/level.ts';
import { pinkNoise } from './core/noise.ts';
import { phraseGraph } from './core/phrase-graph.ts';
import { search, usual, type Rescored } from './core/search.ts';
import { SpellingTree } from './core/spelling-tree.ts';
import { together } from './core/together.ts';
import type { Hearing, SpeechModel } from './speech-model.ts';

/** What is asked of the model's thread. */
export type Request =
  | { kind: 'phrases'; sequences: readonly Sequence[] }
  | { kind: 'look'; sounds: readonly Float32Array[]; known: Known | null };

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
  #written: ReadonlyMap<string, string> = new Map();

  constructor(model: SpeechModel) {
    this.#model = model;
  }

  /** `isWanted` is asked between two steps. */
  async take(request: Request, isWanted: () => boolean = () => true): Promise<Answer> {
    this.#noise ??= this.#model.hear(pinkNoise());
    const noise = await this.#noise;
    if (request.kind === 'phrases') return this.#learn(request.sequences);
    if (this.#tree === null) return null;
    const heard: Hearing[] = [];
    for (const sound of request.sounds) heard.push(await this.#model.hear(atOneLevel(sound)));
    const sound = together(heard);
    const { tokens } = this.#model;
    const known = request.known && { text: request.known.text, tree: this.#treeOf(request.known) };
    const asked = { tokens, tree: this.#tree, known, options: usual };
    return search({ sound, noise }, asked, isWanted);
  }

  #learn(sequences: readonly Sequence[]): null {
    this.#written = new Map(sequences.flat().map((word) => [word.toLowerCase(), word]));
    this.#tree = new SpellingTree(this.#model.tokens, phraseGraph(sequences));
    this.#tree.warm();
    return null;
  }

  /** The other recogniser writes everything in lower case; here it is "TypeScript" and "JSON". */
  #treeOf({ ways }: Known): SpellingTree {
    const written = ways.map((way) => way.map((word) => this.#written.get(word) ?? word));
    return new SpellingTree(this.#model.tokens, phraseGraph(written));
  }
}
