// How soon a reply sounds and is silent, its sound process and a card included: the real voice through the real library into
// PulseAudio, and the moment at which the card's monitor has the first of it. Nothing where that is not installed.
import { performance } from 'node:perf_hooks';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { openAudio } from '#host/voice/audio/open-audio.ts';
import { createMouth, type SpeechMouth } from '#host/voice/speech/create-mouth.ts';
import { peakOf } from '../../../fakes/speech-samples.ts';
import { startVirtualCard, type VirtualCard } from '../../../fakes/virtual-card.ts';
import { quantile, type BenchRow } from '../../table.ts';
import { timeRow } from './rows.ts';

/** So many that one late round is not the 95th percentile. */
const ROUNDS = 24;
/** Turns that begin with no voice and no sound process, as after some minutes. */
const FIRSTS = 10;
/** From the opening of the microphone until a short order is over and understood. */
const SHORTEST_ORDER_MS = 1_500;
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

/** What a turn has to answer with, as the host has it. */
function speech() {
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
  return {
    mouth,
    /** A turn begins: somebody talks, and the voice gets ready meanwhile. */
    async begin(ms: number): Promise<void> {
      mouth.warm();
      await pause(ms);
    },
    async [Symbol.asyncDispose]() {
      await mouth.dispose();
      await audio.dispose();
    },
  };
}

async function measure(card: VirtualCard): Promise<BenchRow[]> {
  let sounds = (): void => {};
  let lastHeard = 0;
  const stop = card.follow((samples) => {
    if (peakOf(samples) < AUDIBLE) return;
    lastHeard = performance.now();
    sounds();
  });
  /** Milliseconds from the dispatch until the voice has made the beginning, to the first sound, and from the stop to the last. */
  const reply = async (mouth: SpeechMouth): Promise<Times> => {
    const { signal } = new AbortController();
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
    // A card that never sounded takes a second for its first.
    await card.play(new Float32Array(1_600).fill(0.1));
    await pause(PAUSE_MS);
    const afterSilence: Times[] = [];
    for (let n = 0; n < FIRSTS; n += 1) {
      await using turn = speech();
      await turn.begin(SHORTEST_ORDER_MS);
      afterSilence.push(await reply(turn.mouth));
    }
    const next: Times[] = [];
    await using turns = speech();
    await turns.begin(SHORTEST_ORDER_MS);
    for (let n = 0; n < ROUNDS; n += 1) {
      await turns.begin(0);
      next.push(await reply(turns.mouth));
    }
    return rows(afterSilence, next);
  } finally {
    stop();
  }
}

interface Times {
  made: number;
  first: number;
  silent: number;
}

function rows(afterSilence: readonly Times[], next: readonly Times[]): BenchRow[] {
  const at = (q: number, times: readonly Times[], ms: (one: Times) => number): number =>
    quantile(times.map(ms), q);
  const first = ({ first }: Times): number => first;
  const rest = ({ first, made }: Times): number => first - made;
  const silent = ({ silent }: Times): number => silent;
  return [
    timeRow('reply → it sounds on a virtual card, p50', at(0.5, next, first), 100),
    timeRow('  p95', at(0.95, next, first), 100),
    timeRow(
      '  of it until the voice has made its beginning, p95',
      at(0.95, next, ({ made }) => made),
    ),
    timeRow('  the rest, library and card, p50', at(0.5, next, rest)),
    timeRow('  the rest, p95', at(0.95, next, rest)),
    timeRow(
      '  where nobody had talked for long before that turn, p50',
      at(0.5, afterSilence, first),
    ),
    timeRow('    p95', at(0.95, afterSilence, first)),
    timeRow('stop → silent on a virtual card, p50', at(0.5, next, silent), 100),
    timeRow('  p95', at(0.95, next, silent)),
  ];
}
