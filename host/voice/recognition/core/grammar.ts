import type { GrammarReport, SpokenPhrases } from '../../facts.ts';
import { inWords, valueOf } from './number-words.ts';
import { NUMBER, waysOf, type Sequence } from './phrases.ts';
import { waysToSay, type Dictionary } from './pronounce.ts';
import { NUMBER_PREFIX, wordGraph, type WordGraph } from './word-graph.ts';

/** A phrase as the comparison by sound sees it. */
export interface SoundingPhrase {
  text: string;
  sounds: readonly string[];
}

export interface Grammar {
  graph: WordGraph;
  /** Word of the graph → ways to say it. */
  words: ReadonlyMap<string, readonly string[]>;
  phrases: readonly SoundingPhrase[];
  /** Every way to say every phrase, as it is written. */
  sequences: readonly Sequence[];
  /** What a text means, its numbers among it: the same key for all that means the same. */
  meaningOf: (text: string) => string;
  /** A question waits, and some of them answer it. */
  answers: boolean;
  report: GrammarReport;
}

/** An example stands for every number where phrases are compared by sound. */
const EXAMPLE_NUMBER = 10;
/** Ways of one phrase that are offered as "did you mean". */
const OFFERED_WAYS = 12;

/**
 * Grammar of everything that may be said. A way to say a phrase that holds an unpronounceable word is left
 * out; a phrase of which nothing is left is reported. Never throws.
 */
export function grammarOf({ meanings, answers }: SpokenPhrases, dictionary: Dictionary): Grammar {
  const say = remembered((word) => waysToSay(word, dictionary));
  const sequences: Sequence[] = [];
  const sounding: SoundingPhrase[] = [];
  const left_out: GrammarReport['left_out'] = [];
  const all = new Set(meanings.flat());
  const said = new Map<string, Sequence[]>();
  for (const phrase of all) {
    const ways = waysOf(phrase);
    const good = (ways ?? []).filter((way) => unsayable(way, say) === undefined);
    if (good.length === 0) left_out.push({ phrase, word: culprit(phrase, ways, say) });
    said.set(phrase, good);
    sequences.push(...good);
    for (const way of good.slice(0, OFFERED_WAYS)) sounding.push(soundingOf(way, say));
  }
  const graph = wordGraph(sequences.map((way) => way.map(spokenToken)));
  const words = new Map(graph.arcs.map(({ word }) => [word, say(plainWord(word))]));
  return {
    graph,
    words,
    phrases: distinct(sounding),
    sequences,
    meaningOf: keysOf(meanings.map((same) => same.flatMap((phrase) => said.get(phrase) ?? []))),
    answers,
    report: { phrases: all.size - left_out.length, left_out },
  };
}

/** What is said in two meanings is a third: it is a rival of both. */
function keysOf(meanings: readonly (readonly Sequence[])[]): Grammar['meaningOf'] {
  const known = new Map<string, number[]>();
  for (const [meaning, ways] of meanings.entries())
    for (const way of new Set(ways.map(squeezed))) {
      const those = known.get(way) ?? [];
      known.set(way, those);
      those.push(meaning);
    }
  const keyOf = (text: string): string | undefined =>
    known.get(squeezed(text.split(' ')))?.join('+');
  return (text) => {
    const open = keyOf(text.replaceAll(/\d+/g, NUMBER));
    return keyOf(text) ?? [open ?? text, ...(text.match(/\d+/g) ?? [])].join(' ');
  };
}

/** As it sounds: nobody hears the space in "go to". */
const squeezed = (way: Sequence): string => way.map(spokenToken).join('');

const spokenToken = (word: string): string => (word === NUMBER ? word : word.toLowerCase());
const plainWord = (token: string): string =>
  token.startsWith(NUMBER_PREFIX) ? token.slice(NUMBER_PREFIX.length) : token;

type Say = (word: string) => readonly string[];

const unsayable = (way: Sequence, say: Say): string | undefined =>
  way.find((word) => word !== NUMBER && say(word).length === 0);

const culprit = (phrase: string, ways: readonly Sequence[] | null, say: Say): string =>
  (ways?.[0] && unsayable(ways[0], say)) ?? phrase;

function soundingOf(way: Sequence, say: Say): SoundingPhrase {
  const example = inWords(EXAMPLE_NUMBER);
  return {
    text: way
      .map((word) => (word === NUMBER ? String(EXAMPLE_NUMBER) : word.toLowerCase()))
      .join(' '),
    sounds: way.flatMap((word) => (say(word === NUMBER ? example : word)[0] ?? '').split(' ')),
  };
}

const distinct = (phrases: readonly SoundingPhrase[]): readonly SoundingPhrase[] => [
  ...new Map(phrases.map((phrase) => [phrase.text, phrase])).values(),
];

function remembered(say: Say): Say {
  const known = new Map<string, readonly string[]>();
  return (word) => {
    const ways = known.get(word) ?? say(word);
    known.set(word, ways);
    return ways;
  };
}

/** The recogniser's words as they are written: a number slot becomes its digits. */
export function writtenForm(tokens: readonly string[]): string {
  const written: string[] = [];
  let number: string[] = [];
  const flush = (): void => {
    if (number.length > 0) written.push(String(valueOf(number)));
    number = [];
  };
  for (const token of tokens) {
    if (token.startsWith(NUMBER_PREFIX)) number.push(plainWord(token));
    else {
      flush();
      written.push(token);
    }
  }
  flush();
  return written.join(' ');
}

/** The same for who writes down what is heard: its numbers in digits, and in words. */
export const waysToWrite = (tokens: readonly string[]): readonly Sequence[] =>
  tokens.some((token) => token.startsWith(NUMBER_PREFIX))
    ? [writtenForm(tokens).split(' '), tokens.map(plainWord)]
    : [tokens];
