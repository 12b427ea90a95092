import { writtenForm } from '../../core/grammar.ts';
import type { Heard, Hypothesis } from './hypotheses.ts';
import { sumOfLogs } from './rows.ts';

/** A phrase and how well it explains the sound. */
export interface Reading {
  text: string;
  /** Logarithm of its probability, of all ways to write it. */
  logp: number;
  /** The same, less a part of what it has where nothing is said. */
  rank: number;
  /** Of the likeliest way to write it: pieces, its end among them. */
  pieces: number;
}

/** Phrases that were followed to their end. */
export class Readings {
  readonly #found = new Map<string, Reading>();
  readonly #endings: readonly number[];
  readonly #prior: number;

  /** `endings`: the pieces that say that a sentence is over. */
  constructor(endings: readonly number[], prior: number) {
    this.#endings = endings;
    this.#prior = prior;
  }

  /** Those that may be over here. `text`: all of them are ways to write this. */
  add(one: Hypothesis, { rows, without }: Heard, text?: string): void {
    const [row, quiet] = [rows[one.row], without[one.row]];
    const over = one.spots.filter(({ ends }) => ends);
    if (row === undefined || quiet === undefined || over.length === 0) return;
    const end = this.#endings.map((piece) => row.of(piece)).reduce(sumOfLogs);
    const prior = this.#endings.map((piece) => quiet.of(piece)).reduce(sumOfLogs);
    const reading = {
      logp: one.logp + end,
      rank: one.rank + end - this.#prior * prior,
      pieces: one.pieces + 1,
    };
    for (const said of new Set(over.map(({ words }) => text ?? writtenForm(words))))
      this.#found.set(said, together({ ...reading, text: said }, this.#found.get(said)));
  }

  /** Best first. */
  get sorted(): Reading[] {
    return [...this.#found.values()].toSorted((a, b) => b.rank - a.rank);
  }

  get bestRank(): number {
    return this.sorted[0]?.rank ?? -Infinity;
  }

  /** Whether any is likelier than this. */
  reach(logp: number): boolean {
    return this.sorted.some((one) => one.logp > logp);
  }
}

/** The same phrase, written in two ways. */
function together(a: Reading, b: Reading | undefined): Reading {
  if (b === undefined) return a;
  const likelier = a.logp > b.logp ? a : b;
  return { ...likelier, logp: sumOfLogs(a.logp, b.logp), rank: sumOfLogs(a.rank, b.rank) };
}
