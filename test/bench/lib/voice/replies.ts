// How soon a reply is heard, how soon it is silent, and what that costs the host's own loop: the real voice
// in its thread, into a speaker that keeps what it is given. A device's own delay is not in these figures.
import { performance } from 'node:perf_hooks';
import { systemClock } from '#host/kernel/system-clock.ts';
import { createMouth } from '#host/voice/speech/create-mouth.ts';
import { RecordingSpeaker } from '../../../fakes/recording-speaker.ts';
import { quantile, type BenchRow } from '../../table.ts';
import { busyMs, watchLoop } from './loop-gap.ts';
import { timeRow } from './rows.ts';

const ROUNDS = 30;
/** Nobody dispatches a reply in the moment in which the one before it was silenced. */
const PAUSE_MS = 100;
const REPLIES = [
  'Done.',
  'Running npm test in src/index.ts now.',
  'The agent asks to run git push, and one more change is waiting for your approval.',
];

export async function measureReplies(floor: number[]): Promise<BenchRow[]> {
  const speaker = new RecordingSpeaker();
  const mouth = createMouth({
    output: speaker,
    worker: new URL('../../../../dist/flite.worker.js', import.meta.url),
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
    const gaps: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      floor.push(busyMs());
      const loop = watchLoop();
      audio.push(await first(REPLIES[round % REPLIES.length] ?? ''));
      const told = performance.now();
      await mouth.stop();
      silence.push(performance.now() - told);
      gaps.push(loop.stop());
      // What was being made when it was stopped is made to its end.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return [
      {
        ...timeRow('reply → first audio, p95', quantile(audio, 0.95), 100),
        floor: quantile(floor, 0.25),
      },
      timeRow('reply → first audio, p50', quantile(audio, 0.5)),
      timeRow('stop → silence, p95', quantile(silence, 0.95), 100),
      timeRow('longest gap of the main loop while speaking', Math.max(...gaps), 50),
      timeRow('first reply with the thread not started', cold),
    ];
  } finally {
    await mouth.dispose();
  }
}
