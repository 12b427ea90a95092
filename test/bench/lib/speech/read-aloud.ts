// Sentences into sound, with voices that come from npm and Debian. Made once and kept beside the tools.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '#host/kernel/system-clock.ts';
import { resample } from '#host/voice/audio/core/resample.ts';
import { parseWav } from '#host/voice/audio/core/wav.ts';
import { SAMPLE_RATE } from '#host/voice/ports.ts';
import { joined } from '#host/voice/recognition/worker/recording.ts';
import { trimmed } from '#host/voice/speech/core/pcm.ts';
import { FliteEngine } from '#host/voice/speech/flite/flite-engine.ts';
import { toolsDir } from '../../../../scripts/lib/tool-table.mjs';
import type { ReaderVoice } from './speech-set.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

const run = promisify(execFile);
const KEEP = { beforeMs: 20, afterMs: 60 };
const WORDS_PER_MINUTE = 165;
/** Another way to make the sound gets another number. */
const VERSION = 1;

/** Sound of each sentence, 16 kHz, without the silence around it. */
export async function readAloud(
  voice: ReaderVoice,
  sentences: readonly string[],
): Promise<Map<string, Float32Array>> {
  const folder = join(toolsDir(), `speech-${VERSION}`, hashOf(JSON.stringify(voice)));
  mkdirSync(folder, { recursive: true });
  const fileOf = (sentence: string): string => join(folder, `${hashOf(sentence)}.pcm`);
  const missing = sentences.filter((sentence) => !existsSync(fileOf(sentence)));
  if (missing.length > 0)
    await makers[voice.engine](voice, missing, (sentence, samples, rate) => {
      keep(fileOf(sentence), shaped(samples, rate, voice.size ?? 1));
    });
  return new Map(sentences.map((sentence) => [sentence, kept(fileOf(sentence))]));
}

type Take = (sentence: string, samples: Float32Array, sampleRate: number) => void;
type Maker = (voice: ReaderVoice, sentences: readonly string[], take: Take) => Promise<void>;

/** A longer vocal tract sounds lower and, the pace corrected, not slower. */
const paceOf = ({ rate = 1, size = 1 }: ReaderVoice): number => rate * size;

const flite: Maker = async (voice, sentences, take) => {
  const worker = new URL('../../../../host/voice/speech/flite/flite.worker.ts', import.meta.url);
  const engine = new FliteEngine({ worker, clock: systemClock });
  try {
    for (const sentence of sentences) {
      const pieces: Float32Array[] = [];
      const { signal } = new AbortController();
      const how = { voice: voice.voice, rate: paceOf(voice), signal };
      for await (const { samples } of engine.speak(sentence, how)) pieces.push(samples);
      take(sentence, joined(pieces), SAMPLE_RATE);
    }
  } finally {
    await engine.dispose();
  }
};

const espeak: Maker = async (voice, sentences, take) => {
  for (const sentence of sentences) {
    const pace = String(Math.round(WORDS_PER_MINUTE * paceOf(voice)));
    const args = ['-v', voice.voice, '-s', pace, '--stdout', sentence];
    const { stdout } = await run('espeak-ng', args, { encoding: 'buffer', maxBuffer: 1 << 26 });
    const { samples, sampleRate } = parseWav(stdout);
    take(sentence, samples, sampleRate);
  }
};

/** One program for all sentences: it needs a second to start. */
const festival: Maker = async (voice, sentences, take) => {
  const folder = temporaryFolder('festival');
  try {
    const script = [
      `(voice_${voice.voice})`,
      `(Parameter.set 'Duration_Stretch ${(1 / paceOf(voice)).toFixed(3)})`,
      ...sentences.map(
        (sentence, at) =>
          `(utt.save.wave (SynthText ${JSON.stringify(sentence)}) "${join(folder, String(at))}.wav" 'riff)`,
      ),
    ];
    const file = join(folder, 'read.scm');
    // SynthText plays; what is wanted is only the utterance.
    writeFileSync(
      file,
      `(define (SynthText text) (utt.synth (eval (list 'Utterance 'Text text))))\n${script.join('\n')}\n`,
    );
    await run('festival', ['-b', file], { maxBuffer: 1 << 24 });
    for (const [at, sentence] of sentences.entries()) {
      const { samples, sampleRate } = parseWav(readFileSync(join(folder, `${at}.wav`)));
      take(sentence, samples, sampleRate);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const makers: Readonly<Record<ReaderVoice['engine'], Maker>> = { flite, espeak, festival };

function shaped(samples: Float32Array, rate: number, size: number): Float32Array {
  const sound = resample(samples, rate, Math.round(SAMPLE_RATE * size));
  return trimmed({ sampleRate: SAMPLE_RATE, samples: sound }, KEEP).samples;
}

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);

function keep(file: string, samples: Float32Array): void {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
  const pcm = Int16Array.from(samples, (sample) => Math.round((sample / loudest) * 32_000));
  writeFileSync(`${file}.part`, pcm);
  renameSync(`${file}.part`, file);
}

function kept(file: string): Float32Array {
  const bytes = readFileSync(file);
  const samples = new Float32Array(bytes.length / 2);
  for (let at = 0; at < samples.length; at += 1) samples[at] = bytes.readInt16LE(at * 2) / 32_768;
  return samples;
}
