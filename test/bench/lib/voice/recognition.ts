// How much is heard right, and how much is taken for an order that is none: the held-out set and people.
import { phrasesFor } from '#host/conversation/turns/phrases.ts';
import type { Outcome } from '#host/voice/recognition/worker/verdict.ts';
import type { BenchRow } from '../../table.ts';
import { humanClips, humanPhrases, type HumanClip } from '../speech/human.ts';
import { Judge } from '../speech/judge.ts';
import { every, speechSet, type SpeechVocabulary } from '../speech/speech-set.ts';
import { clipsOf, type Clip } from '../speech/utterances.ts';
import { meaning } from './meaning.ts';
import { shareRow } from './rows.ts';

interface Heard {
  clip: Clip;
  outcome: Outcome;
  right: boolean;
}

/** A set, or every `step`th sentence of it. Whatever is tuned is tuned on `tuning`. */
export async function measureRecognition(
  name: 'tuning' | 'held-out',
  step: number,
): Promise<BenchRow[]> {
  const set = every(speechSet(name), step);
  const clips = await clipsOf(set);
  await using judge = new Judge();
  const { left_out } = await judge.setPhrases(
    phrasesFor({ ...set.vocabulary, choices: [], answers: false }),
  );
  const outcomes = await judge.hearAll(clips.map((clip) => () => clip.sound()));
  const heard = clips.map((clip, at): Heard => {
    const outcome = outcomes[at];
    if (outcome === undefined) throw new Error('a clip was not heard');
    return { clip, outcome, right: isRight(clip.sentence, outcome, set.vocabulary) };
  });
  return [
    ...orderRows(heard.filter(({ clip }) => clip.isOrder)),
    ...otherRows(heard.filter(({ clip }) => !clip.isOrder)),
    {
      what: 'phrases that cannot be pronounced',
      value: left_out.length,
      unit: '',
      goal: '',
      ok: null,
    },
    ...(name === 'held-out' ? await humanRows(judge, step) : []),
  ];
}

/** Accepted, and understood as what was said. */
function isRight(sentence: string, { recognition }: Outcome, names: SpeechVocabulary): boolean {
  return recognition.accepted && meaning(recognition.text, names) === meaning(sentence, names);
}

const goals = new Map([
  [null, 98],
  [20, undefined],
  [10, 90],
  [5, 60],
]);
const rightOf = (heard: readonly Heard[]): [number, number] => [
  heard.filter(({ right }) => right).length,
  heard.length,
];
const acceptedOf = (heard: readonly { outcome: Outcome }[]): [number, number] => [
  heard.filter(({ outcome }) => outcome.recognition.accepted).length,
  heard.length,
];
const inNoise = (heard: readonly Heard[], snrDb: number | null): Heard[] =>
  heard.filter(({ clip }) => (clip.noise?.snrDb ?? null) === snrDb);
const where = (snrDb: number | null): string => (snrDb === null ? 'clean' : `at ${snrDb} dB`);

function orderRows(orders: readonly Heard[]): BenchRow[] {
  const people = orders.filter(({ clip }) => !clip.formant);
  const formant = orders.filter(({ clip }) => clip.formant);
  const rows: BenchRow[] = [];
  for (const [snrDb, goal] of goals) {
    const here = inNoise(people, snrDb);
    const share = goal === undefined ? undefined : { atLeast: goal };
    rows.push(shareRow(`orders right ${where(snrDb)}`, rightOf(here), share));
    const groups = Map.groupBy(here, ({ clip }) => clip.noise?.kind ?? clip.voice);
    for (const [group, some] of groups) rows.push(shareRow(`  ${group}`, rightOf(some)));
    const wrong = here.filter(({ outcome, right }) => outcome.recognition.accepted && !right);
    rows.push(shareRow('  accepted as another order', [wrong.length, here.length]));
    rows.push(shareRow('  by formant voices', rightOf(inNoise(formant, snrDb))));
  }
  return rows;
}

const otherRows = (others: readonly Heard[]): BenchRow[] =>
  [...goals.keys()].map((snrDb) =>
    shareRow(
      `other sentences accepted ${where(snrDb)}`,
      acceptedOf(inNoise(others, snrDb)),
      snrDb === null ? { atMost: 1 } : undefined,
    ),
  );

/** People's recordings that Debian has: few orders, none of them ours, and many other sentences. */
async function humanRows(judge: Judge, step: number): Promise<BenchRow[]> {
  // Of the few orders none is left out.
  const clips = (await humanClips()).filter(({ text }, at) => text !== null || at % step === 0);
  const rows: BenchRow[] = [];
  for (const [group, some] of Map.groupBy(clips, (clip: HumanClip) => clip.group)) {
    await judge.setPhrases({ meanings: humanPhrases(group), answers: false });
    const outcomes = await judge.hearAll(some.map((clip) => () => clip.samples));
    const heard = some.map((clip, at) => ({ clip, outcome: outcomes[at] as Outcome }));
    const orders = heard.filter(({ clip }) => clip.text !== null);
    const others = heard.filter(({ clip }) => clip.text === null);
    const right = orders.filter(
      ({ clip, outcome }) => outcome.recognition.accepted && outcome.recognition.text === clip.text,
    );
    if (orders.length > 0)
      rows.push(shareRow(`people: ${group}, right`, [right.length, orders.length]));
    if (others.length > 0) rows.push(shareRow(`people: ${group}, accepted`, acceptedOf(others)));
  }
  return rows;
}
