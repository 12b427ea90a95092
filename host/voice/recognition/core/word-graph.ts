import { teenWords, tenWords, unitWords } from './number-words.ts';
import { NUMBER, type Sequence } from './phrases.ts';

/** A word of a number slot is a token of its own, so that `one` in a name stays a word. */
export const NUMBER_PREFIX = '#';

export interface Arc {
  from: number;
  to: number;
  /** A written word in lower case, or a number word with `NUMBER_PREFIX`. */
  word: string;
}

/** A finite-state grammar without empty transitions. State 0 starts. */
export interface WordGraph {
  states: number;
  final: number;
  arcs: readonly Arc[];
}

interface Node {
  next: Map<string, Node>;
  ends: boolean;
}

/**
 * The phrases as one graph that shares what they begin with. A prefix tree, not rules: a JSGF grammar of a
 * thousand commands takes seconds to compile, this one takes milliseconds.
 */
export function wordGraph(sequences: Iterable<Sequence>): WordGraph {
  const root: Node = { next: new Map(), ends: false };
  for (const sequence of sequences) add(root, sequence);
  const builder = new Builder();
  // The one final state is the second.
  builder.walk(root, 0);
  return { states: builder.states, final: 1, arcs: builder.arcs };
}

function add(root: Node, sequence: Sequence): void {
  let node = root;
  for (const word of sequence) {
    const known = node.next.get(word);
    const next = known ?? { next: new Map<string, Node>(), ends: false };
    if (known === undefined) node.next.set(word, next);
    node = next;
  }
  node.ends = true;
}

class Builder {
  states = 2;
  readonly arcs: Arc[] = [];

  walk(node: Node, from: number): void {
    for (const [word, next] of node.next) {
      if (next.ends) this.step(from, 1, word);
      if (next.next.size === 0) continue;
      const to = this.states++;
      this.step(from, to, word);
      this.walk(next, to);
    }
  }

  private step(from: number, to: number, word: string): void {
    if (word === NUMBER) this.thousands(from, to);
    else this.arcs.push({ from, to, word });
  }

  private number(from: number, to: number, words: readonly string[]): void {
    for (const word of words) this.arcs.push({ from, to, word: NUMBER_PREFIX + word });
  }

  private belowHundred(from: number, to: number): void {
    const ten = this.states++;
    this.number(from, to, [...unitWords, ...teenWords, ...tenWords]);
    this.number(from, ten, tenWords);
    this.number(ten, to, unitWords);
  }

  private belowThousand(from: number, to: number): void {
    const [hundred, after, and] = [this.states++, this.states++, this.states++];
    this.belowHundred(from, to);
    this.number(from, hundred, [...unitWords, 'a']);
    this.number(hundred, to, ['hundred']);
    this.number(hundred, after, ['hundred']);
    this.number(after, and, ['and']);
    this.belowHundred(after, to);
    this.belowHundred(and, to);
  }

  /** 1 … 99,999. */
  private thousands(from: number, to: number): void {
    const [thousand, after, and] = [this.states++, this.states++, this.states++];
    this.belowThousand(from, to);
    this.belowHundred(from, thousand);
    this.number(from, thousand, ['a']);
    this.number(thousand, to, ['thousand']);
    this.number(thousand, after, ['thousand']);
    this.belowThousand(after, to);
    this.number(after, and, ['and']);
    this.belowHundred(and, to);
  }
}
