// How soon a reply sounds and is silent, its sound process and a card included: the real voice through the real library into
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

/** So many that one late round is not the 95th percentile. */
const ROUNDS = 24;
const REPLY = 'Running npm test in src/index.ts now.';
/** So much of a reply is heard before it is stopped. */
const SPEAKING_MS = 300;
/** A card goes on for a moment after it was stopped, and what was begun is made to its end. */
const PAUSE_MS = 600;
const AUDIBLE = 0.01;

const dist = (name: string): URL => new URL(`../../../../dist/${name}.worker.js`, import.meta.url);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
  let lastHeard = 0;
  const stop = card.follow((samples) => {
    if (peakOf(samples) < AUDIBLE) return;
    lastHeard = performance.now();
    sounds();
  });
  const { signal } = new AbortController();
  /** Milliseconds from the dispatch until the voice has made the beginning, to the first sound, and from the stop to the last. */
  const round = async (): Promise<{ made: number; first: number; silent: number }> => {
    const sounded = new Promise<void>((resolve) => (sounds = resolve));
    const began = performance.now();
    let made = 0;
    const onSentence = (): void => void (made ||= performance.now() - began);
    void mouth.say(mouth.sentences(REPLY), { signal, onSentence });
    await sounded;
    const first = performance.now() - began;
    await pause(SPEAKING_MS);
    const told = performance.now();
    await mouth.stop();
    await pause(PAUSE_MS);
    return { made, first, silent: Math.max(0, lastHeard - told) };
  };
  try {
    // As at the beginning of a turn. A card that never sounded takes a second for its first.
    mouth.warm();
    await card.play(new Float32Array(1_600).fill(0.1));
    await pause(PAUSE_MS);
    const times: Awaited<ReturnType<typeof round>>[] = [];
    for (let n = 0; n < ROUNDS; n += 1) times.push(await round());
    const firsts = times.map(({ first }) => first);
    const madeLast = quantile(
      times.map(({ made }) => made),
      0.95,
    );
    const rests = times.map(({ first, made }) => first - made);
    const silences = times.map(({ silent }) => silent);
    return [
      timeRow('reply → it sounds on a virtual card, p50', quantile(firsts, 0.5), 100),
      timeRow('  p95', quantile(firsts, 0.95)),
      timeRow('  of it until the voice has made its beginning, p95', madeLast),
      timeRow('  the rest, library and card, p50', quantile(rests, 0.5)),
      timeRow('  the rest, p95', quantile(rests, 0.95)),
      timeRow('stop → silent on a virtual card, p50', quantile(silences, 0.5), 100),
      timeRow('  p95', quantile(silences, 0.95)),
    ];
  } finally {
    stop();
    await mouth.dispose();
    await audio.dispose();
  }
}
