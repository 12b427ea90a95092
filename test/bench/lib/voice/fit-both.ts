import { isDoubtful, isNoisy, scoreOf } from '#host/voice/recognition/core/rejection.ts';
import {
  bothFeatures,
  bothLooks,
  isClear,
  judgedByBoth,
  meantApart,
  type BothFeatures,
} from '#host/voice/recognition/rescoring/core/judging.ts';
import { meaningOf, type Row } from './evidence.ts';
import { fitLogistic } from './logistic.ts';
import type { Verdict } from './shares.ts';

export type BothWeights = typeof bothLooks;

/** What is none, or another order, costs more than an order that must be said again. */
const COST = { other: 8, another: 2 };
/** So many meanings of the second look teach, and the one that the first heard. */
const TAUGHT = 4;
const names = (Object.keys(bothLooks) as (keyof BothWeights)[]).filter(
  (name): name is keyof BothFeatures => name !== 'bias',
);

/** Weights of both looks together. */
export function fittedBoth(rows: readonly Row[]): BothWeights {
  const examples = rows.flatMap((row) => {
    const first = row.looks[0]?.evidence;
    const { rescored } = row;
    if (first === undefined || rescored === null) return [];
    // Phrases that are wrong are many: the best of them teaches what must not be accepted.
    const heard = meaningOf(first.text);
    return meantApart(rescored.phrases, meaningOf)
      .map(({ meaning, reading }) => ({ reading, agreed: meaning === heard }))
      .filter(
        ({ reading, agreed }, at) =>
          agreed || at === 0 || (at < TAUGHT && row.right.includes(reading.text)),
      )
      .map(({ reading, agreed }) => {
        const features = bothFeatures(first, reading, { free: rescored.free, agreed });
        const y = row.right.includes(reading.text);
        const weight = y ? 1 : row.isOrder ? COST.another : COST.other;
        return { x: names.map((name) => features[name]), y, weight };
      });
  });
  const [bias = 0, ...weights] = fitLogistic(examples);
  return Object.fromEntries([
    ['bias', bias],
    ...names.map((name, at) => [name, weights[at] ?? 0]),
  ]) as BothWeights;
}

/** As the product judges, where the model is there. */
export function verdictOfBoth(row: Row, weights: BothWeights): Verdict {
  const first = row.looks[0];
  if (first === undefined) return { score: 0, isRight: false, twice: false };
  const { evidence, isRight } = first;
  if (row.rescored === null || (!isDoubtful(evidence) && !isNoisy(evidence)))
    return { score: scoreOf(evidence), isRight, twice: false };
  const [best] = judgedByBoth(evidence, row.rescored, meaningOf, weights);
  if (best === undefined || !isClear(best)) return { score: 0, isRight: false, twice: true };
  return { score: best.score, isRight: row.right.includes(best.text), twice: true };
}
