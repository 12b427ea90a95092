import { NUMBER, type Sequence } from '../../core/phrases.ts';
import { NUMBER_PREFIX, wordGraph } from '../../core/word-graph.ts';

/** Between two words of what may be said. */
export interface Place {
  steps: Step[];
  /** A phrase may be over here. */
  ends: boolean;
}

export interface Step {
  /** As the recogniser's grammar calls it: in lower case, a number's word with its prefix. */
  word: string;
  /** As it was written where it comes from. */
  written: string;
  to: Place;
}

const MOST_DIGITS = 5;

/** Everything that may be said, as words that share their beginnings. */
export function phraseGraph(sequences: Iterable<Sequence>): Place {
  const root = place();
  /** Where a word leads to from a place: thousands may begin a phrase. */
  const known = new Map<Place, Map<string, Place>>();
  const along = (from: Place, written: string): Place => {
    const word = written.toLowerCase();
    const here = known.get(from) ?? new Map<string, Place>();
    known.set(from, here);
    const to =
      here.get(word) ?? (word === NUMBER ? number(from) : step(from, word, written, place()));
    here.set(word, to);
    return to;
  };
  for (const sequence of sequences) sequence.reduce(along, root).ends = true;
  return root;
}

const place = (): Place => ({ steps: [], ends: false });

function step(from: Place, word: string, written: string, to: Place): Place {
  from.steps.push({ word, written, to });
  return to;
}

const numberGraph = wordGraph([[NUMBER]]);

/** Every number, in words and in digits. */
function number(from: Place): Place {
  const to = place();
  const places = new Map([
    [0, from],
    [numberGraph.final, to],
  ]);
  const at = (state: number): Place => {
    const there = places.get(state) ?? place();
    places.set(state, there);
    return there;
  };
  for (const arc of numberGraph.arcs)
    step(at(arc.from), arc.word, arc.word.slice(NUMBER_PREFIX.length), at(arc.to));
  digits(from, to, 1);
  return to;
}

function digits(from: Place, to: Place, nth: number): void {
  const next = place();
  for (let digit = nth === 1 ? 1 : 0; digit <= 9; digit += 1) {
    const word = NUMBER_PREFIX + String(digit);
    step(from, word, String(digit), to);
    if (nth < MOST_DIGITS) step(from, word, String(digit), next);
  }
  if (nth < MOST_DIGITS) digits(next, to, nth + 1);
}
