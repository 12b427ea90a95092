// Ten million schedules of the simulated scheduler. `node test/soak/scheduler-simulation.ts [COUNT] [SEED]`
import fc from 'fast-check';
import { SchedulerSimulation } from '../fakes/scheduler-simulation.ts';

const [count = 10_000_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
process.stdout.write(`${count} schedules, seed ${seed}\n`);
const schedule = fc.uint8Array({ minLength: 24, maxLength: 96 });
const overlaps = ['skip', 'queue', 'cancel_old'] as const;
const afterEvents = {
  kind: 'event',
  event_type: 'run.failed',
  where: {},
  delay_seconds: 0,
} as const;
/** fast-check keeps what it drew, so this many at a time. */
const AT_ONCE = 100_000;
let played = 0;
for (let part = 0; part * AT_ONCE < count; part += 1) {
  fc.assert(
    fc.property(schedule, fc.constantFrom(...overlaps), fc.nat(3), (bytes, overlap, kind) => {
      const trigger = kind === 0 ? { trigger: afterEvents } : {};
      new SchedulerSimulation(null, { overlap, ...trigger }).play(bytes);
      played += 1;
    }),
    { numRuns: Math.min(AT_ONCE, count - part * AT_ONCE), seed: seed + part },
  );
  process.stdout.write(`${played} played\n`);
}
