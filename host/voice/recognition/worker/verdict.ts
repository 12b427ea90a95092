import type { Recognition } from '../../ports.ts';
import { closestBySound } from '../core/closest.ts';
import { writtenForm, type Grammar } from '../core/grammar.ts';
import {
  agreement,
  isAccepted,
  isDoubtful,
  isNoisy,
  scoreOf,
  type Evidence,
} from '../core/rejection.ts';
import { isClear, judgedByBoth } from '../rescoring/core/judging.ts';
import type { Rescored } from '../rescoring/core/search.ts';
import type { PassResult } from './pass.ts';

/** What was heard, with what led to the verdict. */
export interface Outcome {
  recognition: Omit<Recognition, 'took_ms' | 'look'>;
  /** Of the recogniser's own looks. */
  evidence: Evidence[];
  /** Of the look by the model that knows text, where one was taken. */
  rescored: Rescored | null;
}

/** What decided. */
export function lookOf({ rescored, evidence }: Outcome): Recognition['look'] {
  if (rescored !== null) return 'model';
  return evidence.length > 1 ? 'second' : 'first';
}

/** What one of the recogniser's own looks made of an utterance. */
export interface OwnLook {
  tokens: string[];
  text: string;
  /** The sounds that the free loop heard. */
  heard: string[];
  evidence: Evidence;
}

type OwnLooks = readonly [OwnLook, OwnLook?];

/** How many phrases are named as closest. */
const CLOSEST = 3;

export function ownLook(
  { tokens, heard, finding }: PassResult,
  { snr, narrow }: { snr: number | null; narrow: boolean },
): OwnLook {
  const text = writtenForm(tokens);
  const words = tokens.length;
  return { tokens, text, heard, evidence: { ...finding, text, words, snr, narrow, agreed: null } };
}

export const nothing = (snr_db: number | null): Outcome => ({
  recognition: { text: '', accepted: false, score: 0, closest: [], snr_db },
  evidence: [],
  rescored: null,
});

/** By one or two looks of the recogniser itself. */
export function byOwnLooks(looks: OwnLooks, grammar: Grammar): Outcome {
  const [first, second] = looks;
  const agreed = agreement(first, second);
  const all = second === undefined ? [first] : [first, second];
  const scored = all.map((one) => ({ ...one, score: scoreOf({ ...one.evidence, agreed }) }));
  const best = scored.reduce((better, one) => (one.score > better.score ? one : better));
  const evidence = all.map((one) => one.evidence);
  const { text, score, heard } = best;
  const snr_db = first.evidence.snr;
  if (text === '') return { ...nothing(snr_db), evidence };
  const accepted = isAccepted(score) && isSureEnough(looks, grammar);
  // Nobody is asked what was meant where that is known, and comparing with every phrase takes its time.
  const others = accepted
    ? []
    : closestBySound(heard, grammar.phrases).filter((one) => one.text !== text);
  const closest = [{ text, score }, ...others].slice(0, CLOSEST);
  return { recognition: { text, accepted, score, closest, snr_db }, evidence, rescored: null };
}

/** While a question waits, what is in doubt or in noise answers it only where a second look heard the same. */
function isSureEnough([first, second]: OwnLooks, { answers, meaningOf }: Grammar): boolean {
  if (!answers) return true;
  if (second !== undefined) return meaningOf(first.text) === meaningOf(second.text);
  return !isDoubtful(first.evidence) && !isNoisy(first.evidence);
}

/** While a question waits, what only one look heard must be surer than this: "yesterday" is no yes. */
const SURE_ALONE = 0.9;

/** By the recogniser's first look and the model's; what they hold for likely is closest, too. */
export function byBothLooks(first: OwnLook, rescored: Rescored, grammar: Grammar): Outcome {
  const all = judgedByBoth(first.evidence, rescored, grammar.meaningOf);
  const [best] = all;
  if (best === undefined) {
    const { recognition, evidence } = byOwnLooks([first], grammar);
    return { recognition: { ...recognition, accepted: false }, evidence, rescored };
  }
  const { text, score, agreed } = best;
  const isSure = score > SURE_ALONE || agreed || !grammar.answers;
  const accepted = isAccepted(score) && isSure && isClear(best);
  const named = accepted ? [best] : all.slice(0, CLOSEST);
  const closest = named.map((one) => ({ text: one.text, score: one.score }));
  const snr_db = first.evidence.snr;
  const recognition = { text, accepted, score, closest, snr_db };
  return { recognition, evidence: [first.evidence], rescored };
}
