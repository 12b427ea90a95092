// How soon a reply sounds, its sound process and a card included: the real voice through the real library into
// PulseAudio, and the moment at which the card's monitor has the first of it. Nothing where that is not installed.
import { performance } from 'node:perf_hooks';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { openAudio } from '#host/voice/audio/open-audio.ts';
import { createMouth } from '#host/voice/speech/create-mouth.ts';
import { peakOf } from '../../../fakes/speech-samples.ts';
import { startVirtualCard, type VirtualCard } from '../../../fakes/virtual-card.ts';
import { quantile, type BenchRow } from '../../table.ts';
import { timeRow } from './rows.ts';

const ROUNDS = 12;
const REPLY = 'Running npm test in src/index.ts now.';
/** A card goes on for a moment after it was stopped, and what was begun is made to its end. */
const PAUSE_MS = 600;
const AUDIBLE = 0.01;

const dist = (name: string): URL => new URL(`../../../../dist/${name}.worker.js`, import.meta.url);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

export async function measureOnCard(): Promise<BenchRow[]> {
  const card = await startVirtualCard().catch(() => null);
  if (card === null) return [];
  const outside = { ...process.env };
  Object.assign(process.env, card.env);
  try {
    return await measure(card);
  } finally {
    process.env = outside;
    await card.stop();
  }
}

async function measure(card: VirtualCard): Promise<BenchRow[]> {
  const audio = openAudio({
    library: () => 'decibri',
    worker: dist('sound'),
    clock: systemClock,
    log: silentLog,
  });
  const mouth = createMouth({
    output: audio.output,
    worker: dist('flite'),
    clock: systemClock,
    choice: () => ({ voice: 'slt', rate: 1, quiet: false, device: null }),
    onProblem: (problem) => {
      if (problem !== null) throw new Error('nothing can be said', { cause: problem.cause });
    },
  });
  let sounds = (): void => {};
  const stop = card.follow((samples) => {
    if (peakOf(samples) > AUDIBLE) sounds();
  });
  const { signal } = new AbortController();
  const first = async (): Promise<number> => {
    const sounded = new Promise<void>((resolve) => (sounds = resolve));
    const began = performance.now();
    void mouth.say(mouth.sentences(REPLY), { signal, onSentence: () => undefined });
    await sounded;
    const took = performance.now() - began;
    await mouth.stop();
    await pause();
    return took;
  };
  try {
    // As at the beginning of a turn. A card that never sounded takes a second for its first.
    mouth.warm();
    await card.play(new Float32Array(1_600).fill(0.1));
    await pause();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await first());
    return [
      timeRow('reply → it sounds on a virtual card, p50', quantile(times, 0.5), 100),
      timeRow('  p95', quantile(times, 0.95)),
    ];
  } finally {
    stop();
    await mouth.dispose();
    await audio.dispose();
  }
}
