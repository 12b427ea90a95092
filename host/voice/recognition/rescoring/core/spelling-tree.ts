import { NUMBER_PREFIX } from '../../core/word-graph.ts';
import type { Tokens } from '../speech-model.ts';
import type { Place, Step } from './phrase-graph.ts';
import { capital, spellingsOf } from './spellings.ts';

/** Inside a word, between two pieces of a way to write it. */
export interface Branch {
  next: Map<number, Branch>;
  /** The words that are complete here. */
  done: Step[];
}

/** The pieces of all words that may follow a place, put together when they are asked for. */
export class SpellingTree {
  readonly #tokens: Tokens;
  readonly #root: Place;
  readonly #known = new Map<Place, Branch>();
  readonly #pieces = new Map<string, readonly number[]>();

  constructor(tokens: Tokens, root: Place) {
    this.#tokens = tokens;
    this.#root = root;
  }

  /** Puts the first words together, of which there may be thousands, before somebody waits for them. */
  warm(): void {
    this.after(this.#root);
  }

  get root(): Branch {
    return this.after(this.#root);
  }

  after(place: Place): Branch {
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    const branch: Branch = { next: new Map(), done: [] };
    for (const step of place.steps)
      for (const pieces of this.#ways(step, place === this.#root)) add(branch, pieces, step);
    this.#known.set(place, branch);
    return branch;
  }

  #ways({ word, written }: Step, isFirst: boolean): (readonly number[])[] {
    if (!word.startsWith(NUMBER_PREFIX)) {
      const ways = spellingsOf(written);
      return (isFirst ? distinct([...ways, ...ways.map(capital)]) : ways).map((way) =>
        this.#encode(way),
      );
    }
    if (/^\d/.test(written)) return [this.#encode(written), this.#within(written)];
    const ways = [this.#encode(written), this.#within(`-${written}`)];
    return isFirst ? [...ways, this.#encode(capital(written))] : ways;
  }

  #encode(text: string): readonly number[] {
    const known = this.#pieces.get(text) ?? this.#tokens.encode(text);
    this.#pieces.set(text, known);
    return known;
  }

  /** Without the space before it. */
  #within(text: string): readonly number[] {
    return this.#encode(`a${text}`).slice(this.#encode('a').length);
  }
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

function add(root: Branch, pieces: readonly number[], step: Step): void {
  let branch = root;
  for (const piece of pieces) {
    const next = branch.next.get(piece) ?? { next: new Map<number, Branch>(), done: [] };
    branch.next.set(piece, next);
    branch = next;
  }
  branch.done.push(step);
}
