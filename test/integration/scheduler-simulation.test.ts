import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { TaskDefinition } from '#schema/views/task.ts';
import { SchedulerSimulation, Violation, type PlantedBug } from '../fakes/scheduler-simulation.ts';

/** `npm run soak` plays ten million. */
const SCHEDULES = Number(process.env['HOB_SCHEDULES'] ?? 100_000);
const schedule = fc.uint8Array({ minLength: 24, maxLength: 96 });
const overlaps = ['skip', 'queue', 'cancel_old'] as const;
const afterEvents = {
  trigger: { kind: 'event', event_type: 'run.failed', where: {}, delay_seconds: 0 },
} as const;
const byTheClock = {};

describe('the scheduler, simulated', () => {
  it(`[F-70] [F-101] [F-102] one leader, nothing twice and nothing lost in ${SCHEDULES} schedules`, function () {
    const sum = { effects: 0, takeovers: 0, skips: 0, repeats: 0, parked: 0, kept: 0, ahead: 0 };
    fc.assert(
      fc.property(schedule, fc.nat(2), fc.nat(3), (bytes, overlap, kind) => {
        const simulation = new SchedulerSimulation(null, {
          overlap: overlaps[overlap] ?? 'skip',
          ...(kind === 0 ? afterEvents : byTheClock),
        });
        simulation.play(bytes);
        for (const [name, count] of Object.entries(simulation.counts))
          sum[name as keyof typeof sum] += count;
      }),
      { numRuns: SCHEDULES },
    );
    for (const [name, count] of Object.entries(sum))
      assert.ok(count > SCHEDULES / 1_000, `only ${count} ${name}: this proves little`);
  });

  const bugs: readonly (readonly [PlantedBug, Partial<TaskDefinition>])[] = [
    ['no ledger', byTheClock],
    ["key with the lease's term", byTheClock],
    ['takeover before expiry', byTheClock],
    ['claim after start', byTheClock],
    ['edit re-runs a slot', byTheClock],
    ['an answer between two leaders is lost', byTheClock],
    ['what was read ahead is not held against what is there', byTheClock],
    ['no ledger', afterEvents],
    ['an event is shown again', afterEvents],
    ['a new leader begins with what comes', afterEvents],
  ];
  for (const [bug, definition] of bugs) {
    const where = definition === afterEvents ? ' (after events)' : '';
    it(`would see the fault planted in: ${bug}${where}`, function () {
      const found = fc.check(
        fc.property(schedule, (bytes) => new SchedulerSimulation(bug, definition).play(bytes)),
        { numRuns: 60_000 },
      );
      assert.ok(found.failed, 'the simulation did not see it');
      assert.ok(found.errorInstance instanceof Violation, String(found.errorInstance));
    });
  }
});
