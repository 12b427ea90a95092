// node test/bench/lib/voice/fit-rejection.ts FOLDER [ORDERS [OTHERS]]: weights of rejection (rejection.ts and judging.ts in
// host/voice/recognition), fitted to the tuning set: one of ORDERS clips of orders (7) and one of OTHERS clips of other
// sentences (4). What is heard is kept in FOLDER, since it takes long: what is there already is not heard again, and with
// another speech model only what that says. Who changes what is searched for deletes the second looks there.
import {
  agreement,
  calibration,
  featuresOf,
  isDoubtful,
  scoreOf,
  type Calibration,
  type Features,
} from '#host/voice/recognition/core/rejection.ts';
import { bothLooks } from '#host/voice/recognition/rescoring/core/judging.ts';
import { evidenceOf, type Row } from './evidence.ts';
import { fittedBoth, verdictOfBoth } from './fit-both.ts';
import { fitLogistic } from './logistic.ts';
import { apart, print, shares, type Verdict } from './shares.ts';

/** What is taken for an order and is none, or for another one, costs more than an order that must be said again. */
const COST = { clean: 3, inNoise: 1.5 };
/** Of a narrow band too little is in the set. */
const names = (Object.keys(calibration) as (keyof Calibration)[]).filter(
  (name): name is keyof Features => name !== 'bias' && name !== 'narrow',
);

const [, , folder, orders = '7', others = '4'] = process.argv;
if (folder === undefined) throw new Error('name the folder in which what is heard is kept');
const rows = await evidenceOf(folder, { orders: Number(orders), others: Number(others) });

/** The looks, each with whether both heard the same. */
const compared = ({ looks }: Row): Row['looks'] => {
  const [first, second] = looks;
  const agreed = agreement(first?.evidence, second?.evidence);
  return looks.map((look) => ({ ...look, evidence: { ...look.evidence, agreed } }));
};

/** The looks that are taken: one, where that is sure. */
function taken(row: Row, how: Calibration): Row['looks'] {
  const [first] = row.looks;
  return first !== undefined && !isDoubtful(first.evidence, how) ? [first] : compared(row);
}

function fitted(some: readonly Row[]): Calibration {
  const examples = some.flatMap((row) =>
    compared(row)
      .filter(({ evidence }) => evidence.text !== '')
      .map(({ evidence, isRight }) => {
        const features = featuresOf(evidence);
        const cost = row.noise === null ? COST.clean : COST.inNoise;
        return { x: names.map((name) => features[name]), y: isRight, weight: isRight ? 1 : cost };
      }),
  );
  const [bias = 0, ...weights] = fitLogistic(examples);
  const found = names.map((name, at) => [name, weights[at] ?? 0]);
  return { ...calibration, ...Object.fromEntries(found), bias };
}

function verdict(row: Row, how: Calibration): Verdict {
  const looks = taken(row, how).map((look) => ({ ...look, score: scoreOf(look.evidence, how) }));
  const nothing = { score: 0, isRight: false };
  const { score, isRight } = looks.reduce((a, b) => (b.score > a.score ? b : a), nothing);
  return { score, isRight, twice: looks.length > 1 };
}

const written = (weights: object): string =>
  Object.entries(weights)
    .map(([name, value]) => `${name} ${Number(value).toFixed(3)}`)
    .join(', ');

const fit = fitted(rows);
process.stdout.write(`the recogniser's own looks: ${written(fit)}\n`);
print(
  'with the weights of the product',
  shares(rows, (row) => verdict(row, calibration)),
);
print(
  'with these',
  shares(rows, (row) => verdict(row, fit)),
);
print('each voice with weights fitted to the others', apart(rows, fitted, verdict));

const both = fittedBoth(rows);
process.stdout.write(`the second look by the model: ${written(both)}\n`);
print(
  'with the weights of the product',
  shares(rows, (row) => verdictOfBoth(row, bothLooks)),
);
for (const more of [0, -0.5, -1])
  print(
    `with these, bias ${more}`,
    shares(rows, (row) => verdictOfBoth(row, { ...both, bias: both.bias + more })),
  );
print('each voice with weights fitted to the others', apart(rows, fittedBoth, verdictOfBoth));
