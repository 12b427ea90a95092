import type { Hearing, Tokens } from '../speech-model.ts';
import { beginning, further, type Hypothesis } from './hypotheses.ts';
import { Readings, type Reading } from './readings.ts';
import { rowsOf, type Row } from './rows.ts';
import type { SpellingTree } from './spelling-tree.ts';

export interface Rescored {
  /** The phrases that explain the sound best, best first; among them the known one, however bad it is. */
  phrases: Reading[];
  /** How well the best of those explains it that are no longer named; what they mean is not known. */
  cut?: number;
  /** What the model reads where it may read anything, piece by piece the likeliest. */
  free: { text: string; logp: number; pieces: number };
}

export interface SearchOptions {
  /** How many hypotheses are followed, the free reading apart. */
  beam: number;
  /** And how many of the first pieces: where somebody else talks into the beginning, the right one is far down. */
  beamAtFirst: { pieces: number; beam: number };
  /** A phrase that is so much worse than the best is of no interest. */
  spread: number;
  /** Nor one that is so much less likely than what the model reads freely: it was not said. */
  hopeless: number;
  /** How much of what a phrase has without a sound is taken off. */
  prior: number;
  /** Nothing that is said is longer. */
  mostPieces: number;
}

export const usual: SearchOptions = {
  beam: 12,
  beamAtFirst: { pieces: 2, beam: 32 },
  spread: 8,
  hopeless: 16,
  prior: 0.5,
  mostPieces: 32,
};

/** Whether somebody still waits for the answer. */
export type IsWanted = () => boolean | Promise<boolean>;

/** How many ways to write the known phrase are followed. */
const KNOWN_WAYS = 3;

export interface Asked {
  tokens: Tokens;
  /** All that may be said. */
  tree: SpellingTree;
  /** A phrase that somebody else heard, and the ways to write it: it is followed however unlikely it is. */
  known: { text: string; tree: SpellingTree } | null;
  options: SearchOptions;
}

interface Free {
  row: number;
  logp: number;
  said: readonly number[];
  over: boolean;
}

/**
 * What of everything that may be said explains the sound best, and what explains it where nothing is asked for. What
 * people like to say is likely without any sound; `noise` says how likely, and a part of that is taken off, or "why"
 * would be heard in all that is heard badly. Null where nobody wants it any longer.
 */
export async function search(
  { sound, noise }: { sound: Hearing; noise: Hearing },
  { tokens, tree, known, options }: Asked,
  isWanted: IsWanted = () => true,
): Promise<Rescored | null> {
  const { prior, beam, beamAtFirst, spread, hopeless } = options;
  const ends = endings(tokens);
  const digits = new Set(tokens.encode('a0123456789').slice(-10));
  const found = new Readings(ends, prior);
  const knownFound = new Readings(ends, prior);
  let active = [beginning(tree, tokens)];
  let kept = known === null ? [] : [beginning(known.tree, tokens)];
  let free: Free = { row: 0, logp: 0, said: [], over: false };
  let next = new NextRows(active, kept);
  for (let at = 0; at < options.mostPieces && next.pieces.length > 0; at += 1) {
    if (!(await isWanted())) return null;
    const rows = rowsOf(await sound.next(next.parents, next.pieces), tokens.size);
    const heard = { rows, without: await withoutSound(noise, next, tokens) };
    for (const one of active) found.add(one, heard);
    for (const one of kept) knownFound.add(one, heard, known?.text);
    free = goOn(free, rows, tokens);
    const least = { rank: found.bestRank - spread, logp: free.logp - hopeless };
    const isLikely = (one: Hypothesis): boolean => one.rank > least.rank && one.logp > least.logp;
    const most = at < beamAtFirst.pieces ? beamAtFirst.beam : beam;
    active = further(active, heard, { tree, prior, digits, beam: most, isLikely });
    if (known !== null)
      kept = further(kept, heard, {
        tree: known.tree,
        prior,
        digits,
        beam: KNOWN_WAYS,
        isLikely: () => true,
      });
    next = new NextRows(active, kept);
    if (next.phrases > 0 || found.reach(least.logp) || knownFound.reach(least.logp))
      free = next.with(free);
  }
  const least = found.bestRank - spread;
  const likely = found.sorted.filter(({ rank }) => rank >= least);
  const phrases = likely.slice(0, beam);
  const cut = likely.slice(beam).find(({ text }) => text !== known?.text)?.rank;
  const missing = knownFound.sorted.filter(({ text }) => phrases.every((one) => one.text !== text));
  return {
    phrases: [...phrases, ...missing].toSorted((a, b) => b.rank - a.rank),
    ...(cut !== undefined && { cut }),
    free: { text: tokens.decode(free.said), logp: free.logp, pieces: free.said.length + 1 },
  };
}

/** The rows of the next call: what is the same so far has one. */
class NextRows {
  readonly parents: number[] = [];
  readonly pieces: number[] = [];
  /** So many are of phrases; what comes after them is the free reading. */
  readonly phrases: number;

  constructor(...groups: readonly Hypothesis[][]) {
    for (const one of groups.flat()) one.row = this.#row(one.row, one.piece);
    this.phrases = this.pieces.length;
  }

  with(free: Free): Free {
    const last = free.said.at(-1);
    return free.over || last === undefined ? free : { ...free, row: this.#row(free.row, last) };
  }

  #row(parent: number, piece: number): number {
    const known = this.pieces.findIndex((one, at) => one === piece && this.parents[at] === parent);
    if (known >= 0) return known;
    this.parents.push(parent);
    return this.pieces.push(piece) - 1;
  }
}

async function withoutSound(noise: Hearing, next: NextRows, { size }: Tokens): Promise<Row[]> {
  const { parents, pieces, phrases } = next;
  if (phrases === 0) return [];
  return rowsOf(await noise.next(parents.slice(0, phrases), pieces.slice(0, phrases)), size);
}

/** The pieces that say that a sentence is over. */
const endings = (tokens: Tokens): number[] => [
  tokens.end,
  ...['.', '?', '!'].flatMap((mark) => tokens.encode(`a${mark}`).slice(-1)),
];

function goOn(free: Free, rows: readonly Row[], { end }: Tokens): Free {
  const row = rows[free.row];
  if (free.over || row === undefined) return free;
  // That nothing was said at all is no reading.
  const best = free.said.length === 0 ? row.best(end) : row.best();
  const logp = free.logp + row.of(best);
  if (best === end) return { ...free, logp, over: true };
  return { ...free, logp, said: [...free.said, best] };
}
