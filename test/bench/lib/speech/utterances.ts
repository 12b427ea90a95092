// Every clip of a set: each order by each voice and each other sentence by one, clean and in noise.
import { inRoom, placed } from './noise.ts';
import { seededRandom, seedOf } from './random.ts';
import { readAloud } from './read-aloud.ts';
import type { NoiseKind, ReaderVoice, SpeechSet } from './speech-set.ts';

export interface Clip {
  /** The sentence as it was read. */
  sentence: string;
  isOrder: boolean;
  voice: string;
  /** Made by formula, not from a person's sounds. */
  formant: boolean;
  /** Null: nothing added. */
  noise: { kind: NoiseKind; snrDb: number } | null;
  /** Made when it is needed: all of them together are gigabytes. */
  sound(): Float32Array;
}

const TALKERS = 6;
/** How loud people are before a microphone, in dB below full scale. */
const LEVELS = { quietest: -32, loudest: -16 };

export async function clipsOf(set: SpeechSet): Promise<Clip[]> {
  const read = await everyVoice(set);
  const talkers = [...read.values()].flatMap((sounds) =>
    set.others.slice(0, TALKERS * 4).flatMap((sentence) => sounds.get(sentence) ?? []),
  );
  const conditions = [null, ...set.noise.snr_db];
  const said = [
    ...set.orders.flatMap((sentence) =>
      set.voices.map((voice) => ({ sentence, voice, isOrder: true })),
    ),
    ...set.others.map((sentence, at) => ({ sentence, voice: voiceFor(set, at), isOrder: false })),
  ];
  return said.flatMap(({ sentence, voice, isOrder }, number) =>
    conditions.map((snrDb, at): Clip => {
      const seed = seedOf(set.seed, voice.id, sentence, snrDb ?? 'clean');
      // The four kinds take turns: at 5 dB an order meets another kind than at 10.
      const kind = set.noise.kinds[(number + at) % set.noise.kinds.length] ?? 'pink';
      return {
        sentence,
        isOrder,
        voice: voice.id,
        formant: voice.formant ?? false,
        noise: snrDb === null ? null : { kind, snrDb },
        sound() {
          const speech = read.get(voice.id)?.get(sentence) ?? new Float32Array(0);
          const random = seededRandom(seed);
          const level = LEVELS.quietest + random() * (LEVELS.loudest - LEVELS.quietest);
          const clean = placed(speech, level, random);
          if (snrDb === null) return clean;
          const chosen = Array.from(
            { length: TALKERS },
            () => talkers[Math.floor(random() * talkers.length)] ?? speech,
          );
          return inRoom(clean, { kind, snrDb, random, talkers: chosen });
        },
      };
    }),
  );
}

const voiceFor = ({ voices }: SpeechSet, at: number): ReaderVoice => {
  const voice = voices[at % voices.length];
  if (voice === undefined) throw new Error('the set has no voice');
  return voice;
};

async function everyVoice(set: SpeechSet): Promise<Map<string, Map<string, Float32Array>>> {
  const read = new Map<string, Map<string, Float32Array>>();
  for (const voice of set.voices) {
    const others = set.others.filter((_, at) => voiceFor(set, at).id === voice.id);
    read.set(voice.id, await readAloud(voice, [...set.orders, ...others]));
  }
  return read;
}
