// node test/bench/lib/voice/fit-rejection.ts FILE [STEP [VOICES]]: weights of rejection (host/voice/recognition/core/rejection.ts),
// fitted to the tuning set. What is heard is kept in FILE, since it takes long; where FILE is there, only the fit is
// made. Every STEPth sentence (4), each order by VOICES voices (2).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  agreement,
  calibration,
  featuresOf,
  isDoubtful,
  scoreOf,
  type Calibration,
  type Features,
} from '#host/voice/recognition/core/rejection.ts';
import { fitLogistic } from './logistic.ts';
import { evidenceOf, type Row } from './evidence.ts';

/** What is taken for an order and is none, or for another one, costs more than an order that must be said again. */
const COST = { clean: 3, inNoise: 1.5 };
/** Of a narrow band too little is in the set. */
const names = (Object.keys(calibration) as (keyof Calibration)[]).filter(
  (name): name is keyof Features => name !== 'bias' && name !== 'narrow',
);

const [, , file, step = '4', voices = '2'] = process.argv;
if (file === undefined) throw new Error('name the file in which what is heard is kept');
if (!existsSync(file))
  writeFileSync(file, JSON.stringify(await evidenceOf(Number(step), Number(voices))));
const rows = JSON.parse(readFileSync(file, 'utf8')) as Row[];

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

/** Accepted rightly and wrongly, and looked at twice, of how many, by condition. */
type Shares = Map<string, [right: number, wrong: number, twice: number, of: number]>;

function shares(some: readonly Row[], how: Calibration): Shares {
  const found: Shares = new Map();
  for (const row of some) {
    const looks = taken(row, how).map((look) => ({ ...look, score: scoreOf(look.evidence, how) }));
    const best = looks.reduce((a, b) => (b.score > a.score ? b : a), { score: 0, isRight: false });
    for (const key of conditions(row)) {
      const share = found.get(key) ?? [0, 0, 0, 0];
      if (best.score >= 0.5) share[best.isRight ? 0 : 1] += 1;
      if (looks.length > 1) share[2] += 1;
      share[3] += 1;
      found.set(key, share);
    }
  }
  return found;
}

function conditions({ isOrder, formant, noise }: Row): string[] {
  const what = isOrder ? (formant ? 'order by formula' : 'order') : 'other';
  if (noise === null) return [`${what}, clean`];
  const where = `${what}, ${noise.snrDb} dB`;
  return [where, `${where}, ${noise.kind}`];
}

function print(title: string, all: Shares): void {
  const lines = [...all]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(
      ([key, [right, wrong, twice, of]]) =>
        `  ${key}: ${right} right, ${wrong} wrong, ${twice} twice of ${of}`,
    );
  process.stdout.write(`${title}\n${lines.join('\n')}\n`);
}

function added(all: readonly Shares[]): Shares {
  const sums: Shares = new Map();
  for (const [key, share] of all.flatMap((one) => [...one])) {
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    for (const at of [0, 1, 2, 3] as const) sum[at] += share[at];
    sums.set(key, sum);
  }
  return sums;
}

const fit = fitted(rows);
const words = Object.entries(fit).map(([name, value]) => `${name} ${value.toFixed(3)}`);
process.stdout.write(`${words.join(', ')}\n`);
print('with the weights of the product', shares(rows, calibration));
for (const more of [0, -0.5, -1])
  print(`with these, bias ${more}`, shares(rows, { ...fit, bias: fit.bias + more }));
const apart = [...Map.groupBy(rows, ({ voice }) => voice)].map(([voice, some]) =>
  shares(some, fitted(rows.filter((row) => row.voice !== voice))),
);
print('each voice with weights fitted to the others', added(apart));
