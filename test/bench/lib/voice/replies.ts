// How soon a reply is heard, how soon it is silent, and what that costs the host's own loop: the real voice
// in its thread, into a speaker that keeps what it is given. A device's own delay is not in these figures.
import { performance } from 'node:perf_hooks';
import { systemClock } from '#host/kernel/system-clock.ts';
import { createMouth } from '#host/voice/speech/create-mouth.ts';
import { RecordingSpeaker } from '../fakes/recording-speaker.ts';
import { isRestless, quantile, type BenchTable } from './table.ts';

const ROUNDS = 30;
const REPLIES = [
  'Done.',
  'Running npm test in src/index.ts now.',
  'The agent asks to run git push, and one more change is waiting for your approval.',
];

export async function run(): Promise<BenchTable> {
  const speaker = new RecordingSpeaker();
  const mouth = createMouth({
    output: speaker,
    worker: new URL('../../dist/flite.worker.js', import.meta.url),
    clock: systemClock,
    choice: () => ({ voice: 'slt', rate: 1, quiet: false, device: null }),
    onProblem: (problem) => {
      if (problem !== null) throw new Error('nothing can be said', { cause: problem.cause });
    },
  });
  const { signal } = new AbortController();
  const first = async (text: string): Promise<number> => {
    const began = performance.now();
    void mouth.say(mouth.sentences(text), { signal, onSentence: () => undefined });
    await speaker.written();
    return performance.now() - began;
  };
  try {
    const cold = await first('Ready.');
    await mouth.stop();
    const audio: number[] = [];
    const silence: number[] = [];
    const floor: number[] = [];
    const loop = watchLoop();
    for (let round = 0; round < ROUNDS; round += 1) {
      floor.push(busyMs());
      audio.push(await first(REPLIES[round % REPLIES.length] ?? ''));
      const told = performance.now();
      await mouth.stop();
      silence.push(performance.now() - told);
    }
    return {
      name: `Replies by flite (slt); floor = one million square roots; ${ROUNDS} rounds`,
      rows: [
        {
          ...row('reply → first audio, p95', quantile(audio, 0.95), 100),
          floor: quantile(floor, 0.25),
        },
        row('reply → first audio, p50', quantile(audio, 0.5)),
        row('stop → silence, p95', quantile(silence, 0.95), 100),
        row('longest gap of the main loop', loop.stop(), 50),
        row('first reply with the thread not started', cold),
      ],
      inconclusive: isRestless(floor),
    };
  } finally {
    await mouth.dispose();
  }
}

const row = (what: string, value: number, limit?: number): BenchTable['rows'][number] => ({
  what,
  value,
  unit: 'ms',
  goal: limit === undefined ? '' : `≤ ${limit}`,
  ok: limit === undefined ? null : value <= limit,
});

/** What the machine gives right now: the same sums, in ms. */
function busyMs(): number {
  const began = performance.now();
  let sum = 0;
  for (let n = 0; n < 1_000_000; n += 1) sum += Math.sqrt(n);
  return sum > 0 ? performance.now() - began : 0;
}

function watchLoop(): { stop(): number } {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}
