import { readFileSync } from 'node:fs';

/** A voice that reads the sentences of a set. */
export interface ReaderVoice {
  id: string;
  engine: 'flite' | 'festival' | 'espeak';
  /** As the engine calls it. */
  voice: string;
  /** Length of the vocal tract against the engine's own speaker; default 1. */
  size?: number;
  /** Pace; default 1. */
  rate?: number;
  /** Buzzes by formula instead of a person's recorded sounds: reported apart. */
  formant?: boolean;
}

export type NoiseKind = 'white' | 'pink' | 'babble' | 'reverb';

/** What a workspace supplies: names that fill slots, and titles of the editor's commands. */
export interface SpeechVocabulary {
  tasks: string[];
  schedules: string[];
  agents: string[];
  commands: string[];
}

/** Sentences, voices and noise; the sound is made of them. */
export interface SpeechSet {
  about: string;
  seed: number;
  voices: ReaderVoice[];
  noise: { kinds: NoiseKind[]; snr_db: number[] };
  vocabulary: SpeechVocabulary;
  /** Every voice says each of them. */
  orders: string[];
  /** Each is said by one voice. */
  others: string[];
}

/** Every so manieth sentence of a set, said by all of its voices. */
export function every(set: SpeechSet, step: number): SpeechSet {
  const some = (sentences: string[]): string[] => sentences.filter((_, at) => at % step === 0);
  return { ...set, orders: some(set.orders), others: some(set.others) };
}

/** The held-out set is for the benchmark; whatever is tuned is tuned on the other. */
export function speechSet(name: 'tuning' | 'held-out'): SpeechSet {
  const file = new URL(`../../../fixtures/speech/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as SpeechSet;
}
