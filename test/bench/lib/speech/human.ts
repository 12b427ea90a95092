// Recordings of people that Debian has. None says an order of ours, so each group gets a grammar of its own.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { resample } from '#host/voice/audio/core/resample.ts';
import { parseWav } from '#host/voice/audio/core/wav.ts';
import { phrasesFor } from '#host/conversation/turns/phrases.ts';
import { SAMPLE_RATE, type Meaning } from '#host/voice/ports.ts';
import { placed } from './noise.ts';
import { seededRandom, seedOf } from './random.ts';
import { speechSet } from './speech-set.ts';

export interface HumanClip {
  group: string;
  /** What is said, as it is written; null for a sentence that is no order. */
  text: string | null;
  samples: Float32Array;
}

const sphinx = '/usr/share/pocketsphinx/test/data';
const prompts = '/usr/share/asterisk/sounds/en_US_f_Allison';
const SHORTEST_OTHER_S = 0.8;
const LEVEL_DB = -23;

const orders: readonly (readonly [group: string, file: string, text: string])[] = [
  ...[
    'Front_Center',
    'Front_Left',
    'Front_Right',
    'Rear_Center',
    'Rear_Left',
    'Rear_Right',
    'Side_Left',
    'Side_Right',
  ].map(
    (name) =>
      [
        'loudspeaker names',
        `/usr/share/sounds/alsa/${name}.wav`,
        name.toLowerCase().replace('_', ' '),
      ] as const,
  ),
  ['short orders', `${sphinx}/goforward.raw`, 'go forward ten meters'],
  ['short orders', `${sphinx}/cards/001.wav`, 'ten of clubs'],
  ['short orders', `${sphinx}/cards/002.wav`, 'four queen of clubs'],
  ['short orders', `${sphinx}/cards/003.wav`, 'seven of clubs'],
  ['short orders', `${sphinx}/cards/004.wav`, 'five five'],
  ['short orders', `${sphinx}/cards/005.wav`, 'eight of spades four of clubs seven of hearts'],
  ...[
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 30, 40, 50, 60, 70, 80,
    90,
  ].map((number) => ['numbers alone', `${prompts}/digits/${number}.wav`, String(number)] as const),
];

/** Throws where the packages are not installed: bootstrap's tool `speech`. */
export async function humanClips(): Promise<HumanClip[]> {
  const known = orders.map(([group, file, text]) => ({ group, text, samples: soundOf(file) }));
  const others = [
    ...globSync(`${sphinx}/librivox/*.wav`),
    ...globSync(`${prompts}/*.wav`).toSorted(),
  ].map((file) => ({ group: 'other sentences', text: null, samples: soundOf(file) }));
  if (others.length === 0)
    throw new Error('no recordings; run: node scripts/bootstrap.mjs --with speech');
  return [
    ...known,
    ...others.filter(({ samples }) => samples.length > SHORTEST_OTHER_S * SAMPLE_RATE),
  ];
}

/** What the recogniser listens for while it hears this group: the group's own phrases among all of ours. */
export function humanPhrases(group: string): Meaning[] {
  const { vocabulary } = speechSet('held-out');
  const ours = phrasesFor({ ...vocabulary, choices: [], answers: false }).meanings;
  if (group === 'numbers alone') return [...ours, ['{value:number}']];
  const own = orders.filter(([of]) => of === group).map(([, , text]) => [text]);
  return [...ours, ...own];
}

function soundOf(file: string): Float32Array {
  const bytes = readFileSync(file);
  const random = seededRandom(seedOf(basename(file), join(file, '..')));
  if (file.endsWith('.raw')) {
    const samples = new Float32Array(bytes.length / 2);
    for (let at = 0; at < samples.length; at += 1) samples[at] = bytes.readInt16LE(at * 2) / 32_768;
    return placed(samples, LEVEL_DB, random);
  }
  const { samples, sampleRate } = parseWav(bytes);
  return placed(resample(samples, sampleRate, SAMPLE_RATE), LEVEL_DB, random);
}
