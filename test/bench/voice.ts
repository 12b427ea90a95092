// What is heard right, what is taken for an order that is none, and how soon something comes of it.
// The whole set takes minutes: `HOB_BENCH_VOICE` is `times` or `recognition` for one half of it, and
// `HOB_BENCH_EVERY=8` hears every eighth sentence only. `HOB_BENCH_VOICE=tuning` hears the set that may be
// tuned on instead of the held-out one.
import { measureRecognition } from './lib/voice/recognition.ts';
import { busyMs } from './lib/voice/loop-gap.ts';
import { measureReplies } from './lib/voice/replies.ts';
import { measureOnCard } from './lib/voice/replies-on-card.ts';
import { measureTitles } from './lib/voice/titles.ts';
import { measureTurns } from './lib/voice/turns.ts';
import { isRestless, type BenchTable } from './table.ts';

export async function run(): Promise<BenchTable> {
  const part = process.env.HOB_BENCH_VOICE ?? 'all';
  const floor = Array.from({ length: 10 }, busyMs);
  const times = part === 'all' || part === 'times' ? await timed(floor) : [];
  const set = part === 'tuning' ? 'tuning' : 'held-out';
  const step = Number(process.env.HOB_BENCH_EVERY ?? 1);
  const recognition = part === 'times' ? [] : await measureRecognition(set, step);
  return {
    name: 'Voice (soundswallower, Silero, flite slt); floor = one million square roots',
    rows: [...recognition, ...times],
    // How well it hears does not depend on how busy the machine is.
    inconclusive: times.length > 0 && isRestless(floor),
  };
}

async function timed(floor: number[]): ReturnType<typeof measureTurns> {
  const titles = await measureTitles();
  return [
    ...(await measureTurns()),
    ...titles,
    ...(await measureReplies(floor)),
    ...(await measureOnCard()),
  ];
}
