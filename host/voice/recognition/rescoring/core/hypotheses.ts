import type { Tokens } from '../speech-model.ts';
import type { Row } from './rows.ts';
import type { Branch, SpellingTree } from './spelling-tree.ts';

/** Words so far, and where they are in the tree. */
export interface Spot {
  branch: Branch;
  words: readonly string[];
  /** A phrase may be over here. */
  ends: boolean;
}

/** A sequence of pieces, and all that it may be a way to write of. */
export interface Hypothesis {
  row: number;
  /** The last of its pieces. */
  piece: number;
  logp: number;
  /** The same, less a part of what it has where nothing is said. */
  rank: number;
  pieces: number;
  spots: readonly Spot[];
}

/** What a sound and what no sound says of what comes next, row by row. */
export interface Heard {
  rows: readonly Row[];
  without: readonly Row[];
}

export interface Following {
  tree: SpellingTree;
  /** How much of what a phrase has without a sound is taken off. */
  prior: number;
  beam: number;
  /** Pieces of which a number may have as many as it likes: what they have without a sound is left to them. */
  digits: ReadonlySet<number>;
  isLikely: (one: Hypothesis) => boolean;
}

/** Before the first piece. */
export const beginning = (tree: SpellingTree, { start }: Tokens): Hypothesis => ({
  row: 0,
  piece: start,
  logp: 0,
  rank: 0,
  pieces: 0,
  spots: [{ branch: tree.root, words: [], ends: false }],
});

/** The best of all hypotheses that are one piece longer. */
export function further(
  active: readonly Hypothesis[],
  heard: Heard,
  { tree, prior, digits, beam, isLikely }: Following,
): Hypothesis[] {
  return active
    .flatMap((one) => extensions(one, heard, (piece) => (digits.has(piece) ? 0 : prior)))
    .filter(isLikely)
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, beam)
    .map((one) => ({ ...one, spots: one.spots.flatMap((spot) => moved(spot, one.piece, tree)) }));
}

/** By every piece that may follow; in the tree they have not moved yet. */
function extensions(
  one: Hypothesis,
  { rows, without }: Heard,
  share: (piece: number) => number,
): Hypothesis[] {
  const [row, quiet] = [rows[one.row], without[one.row]];
  if (row === undefined || quiet === undefined) return [];
  const next = new Set(one.spots.flatMap(({ branch }) => [...branch.next.keys()]));
  return [...next].map((piece) => {
    const logp = row.of(piece);
    return {
      ...one,
      piece,
      logp: one.logp + logp,
      rank: one.rank + logp - share(piece) * quiet.of(piece),
      pieces: one.pieces + 1,
    };
  });
}

function moved({ branch, words }: Spot, piece: number, tree: SpellingTree): Spot[] {
  const to = branch.next.get(piece);
  if (to === undefined) return [];
  const within: Spot[] = to.next.size > 0 ? [{ branch: to, words, ends: false }] : [];
  const after = to.done.map(({ word, to: place }) => ({
    branch: tree.after(place),
    words: [...words, word],
    ends: place.ends,
  }));
  return [...within, ...after];
}
