// What both looks say of a part of the tuning set: what the weights of rejection are fitted to. What is heard is kept in
// a folder: the sounds and the recogniser's own looks, which no change of the speech model changes, and apart from
// them what that model says, which is asked again when it is another.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phrasesFor } from '#host/conversation/turns/phrases.ts';
import { grammarOf } from '#host/voice/recognition/core/grammar.ts';
import type { Evidence } from '#host/voice/recognition/core/rejection.ts';
import type { Rescored } from '#host/voice/recognition/rescoring/core/search.ts';
import { modelFolder } from '#host/voice/recognition/rescoring/model-folder.ts';
import type { Known } from '#host/voice/recognition/rescoring/rescore.ts';
import { Judge } from '../speech/judge.ts';
import { seededRandom } from '../speech/random.ts';
import { speechSet } from '../speech/speech-set.ts';
import { clipsOf, type Clip } from '../speech/utterances.ts';
import { meaning } from './meaning.ts';

export interface Look {
  evidence: Evidence;
  /** It is an order, and this is what was said. */
  isRight: boolean;
}

export interface Row {
  sentence: string;
  voice: string;
  isOrder: boolean;
  formant: boolean;
  noise: Clip['noise'];
  /** Of the recogniser itself. */
  looks: Look[];
  /** Of the model that knows text, where it is there. */
  rescored: Rescored | null;
  /** Which of its phrases mean what was said. */
  right: string[];
}

/** Of so many clips one, by chance: whatever is counted off meets some voices in some noise only. */
export interface Sample {
  orders: number;
  others: number;
}

/** What the recogniser itself made of a clip, and what it would have the model look at. */
interface First extends Omit<Row, 'looks' | 'rescored' | 'right'> {
  evidence: Evidence[];
  known: Known | null;
  /** Where in the file of sounds they are, in samples. */
  sounds: { at: number; length: number }[];
}

const set = speechSet('tuning');
const phrases = phrasesFor({ ...set.vocabulary, choices: [], answers: false });

/** As the recogniser tells what is a rival of what. How anything sounds does not matter to it. */
export const { meaningOf } = grammarOf(phrases, () => 'S');

export async function evidenceOf(folder: string, sample: Sample): Promise<Row[]> {
  mkdirSync(folder, { recursive: true });
  const firsts = await kept(join(folder, 'first.json'), () => firstLooks(folder, sample));
  const seconds = await kept(join(folder, `second-${modelHash()}.json`), () =>
    secondLooks(folder, firsts),
  );
  return firsts.map((first, at) => rowOf(first, seconds[at] ?? null));
}

async function kept<T>(file: string, make: () => Promise<T>): Promise<T> {
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await make()));
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

/** At 20 dB it is heard as clean. */
const isTaught = ({ noise }: Clip): boolean => noise?.snrDb !== 20;

const soundsFile = (folder: string): string => join(folder, 'sounds.f32');

async function firstLooks(folder: string, { orders, others }: Sample): Promise<First[]> {
  const all = (await clipsOf(set)).filter(isTaught);
  const random = seededRandom(set.seed);
  const clips = all.filter(({ isOrder }) => random() * (isOrder ? orders : others) < 1);
  await using judge = new Judge({ looks: 'own' });
  await judge.setPhrases(phrases);
  const outcomes = await judge.hearAll(clips.map((clip) => () => clip.sound()));
  let at = 0;
  const firsts = clips.map(({ sentence, voice, isOrder, formant, noise }, nth): First => {
    const { evidence = [], asked } = outcomes[nth] ?? {};
    const sounds = (asked?.sounds ?? []).map(({ length }) => ({
      at: (at += length) - length,
      length,
    }));
    return {
      sentence,
      voice,
      isOrder,
      formant,
      noise,
      evidence,
      known: asked?.known ?? null,
      sounds,
    };
  });
  const sounds = outcomes.flatMap(({ asked }) => asked?.sounds ?? []);
  writeFileSync(
    soundsFile(folder),
    Buffer.concat(
      sounds.map(({ buffer, byteOffset, byteLength }) =>
        Buffer.from(buffer, byteOffset, byteLength),
      ),
    ),
  );
  return firsts;
}

async function secondLooks(folder: string, firsts: readonly First[]): Promise<(Rescored | null)[]> {
  const { buffer, byteOffset, length } = readFileSync(soundsFile(folder));
  const all = new Float32Array(buffer, byteOffset, length / Float32Array.BYTES_PER_ELEMENT);
  await using judge = new Judge();
  await judge.setPhrases(phrases);
  // Not before the answer is there may the threads end.
  return await judge.lookAgainAtAll(
    firsts.map(({ sounds, known }) => ({
      sounds: sounds.map(({ at, length: size }) => all.slice(at, at + size)),
      known,
    })),
  );
}

/** Another model says other things of the same sounds. */
function modelHash(): string {
  const folder = modelFolder();
  if (folder === null)
    throw new Error('the speech model is not there; run: node scripts/build.mjs');
  const files = ['hearing.onnx', 'telling.onnx'].map((name) => readFileSync(join(folder, name)));
  return createHash('sha256').update(Buffer.concat(files)).digest('hex').slice(0, 8);
}

function rowOf({ evidence, ...first }: First, rescored: Rescored | null): Row {
  const isMeant = (text: string): boolean =>
    first.isOrder && meaning(text, set.vocabulary) === meaning(first.sentence, set.vocabulary);
  return {
    ...first,
    looks: evidence.map((one) => ({ evidence: one, isRight: isMeant(one.text) })),
    rescored,
    right: (rescored?.phrases ?? []).map(({ text }) => text).filter(isMeant),
  };
}
