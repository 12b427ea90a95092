// Schedules that fall due while their leaders are killed or stand still: real processes, two on each data
// directory, several directories side by side, since each failover takes a whole term of the lease.
import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { SchedulerCrew, type CrewReport } from '../fakes/scheduler-crew.ts';

/** `npm run soak` asks for 300 and 20. */
const KILLS = Number(process.env['HOB_CREW_KILLS'] ?? 8);
const STOPS = Number(process.env['HOB_CREW_STOPS'] ?? 4);
const CREWS = Number(process.env['HOB_CREWS'] ?? 4);
/** From the end of a leader to the next one; on top comes what this machine takes to start a host. */
const FAILOVER_MS = 20_000;

describe('schedules whose leader is killed or stands still', function () {
  const crews: SchedulerCrew[] = [];
  after(() => {
    for (const crew of crews) crew.dispose();
  });

  async function play(): Promise<CrewReport> {
    const crew = new SchedulerCrew();
    crews.push(crew);
    await crew.settle();
    let kills = 0;
    let stops = 0;
    while (stops < STOPS / CREWS) stops = await crew.stopLeader();
    while (kills < KILLS / CREWS) kills = await crew.killLeader();
    return crew.report();
  }

  it(`[F-70] [F-101] [F-102] [F-79] one leader, nothing twice, nothing lost in ${KILLS} kills and ${STOPS} stops`, async () => {
    const reports = await Promise.all(Array.from({ length: CREWS }, play));
    const sum = (of: (report: CrewReport) => number): number =>
      reports.reduce((total, report) => total + of(report), 0);
    const failovers = reports.flatMap((report) => report.failovers).toSorted((a, b) => a.ms - b.ms);
    const median = failovers[Math.floor(failovers.length / 2)]?.ms ?? NaN;
    const longest = failovers.at(-1)?.ms ?? NaN;
    // A machine that others keep busy is no fault of the scheduler's.
    const own = Math.max(...failovers.map(({ ms, starvedMs }) => ms - starvedMs));
    console.log(
      `      ${CREWS} directories, ${sum((r) => r.kills)} kills, ${sum((r) => r.stops)} stops, ${sum((r) => r.starved)} ended without a core, ${sum((r) => r.takeovers)} takeovers after at most ${longest} ms (median ${median}; at most ${Math.round(own)} without the wait for a core), ${sum((r) => r.errands)} errands: ${sum((r) => r.succeeded)} done, ${sum((r) => r.interrupted)} cut off`,
    );
    assert.deepEqual(
      reports.flatMap((report) => report.faults),
      [],
    );
    assert.ok(sum((r) => r.kills) >= KILLS && sum((r) => r.stops) >= STOPS);
    const startMs = Math.max(...reports.map((report) => report.startMs));
    assert.ok(own <= FAILOVER_MS + startMs, `a failover took ${longest} ms, ${own} of its own`);
  });
});
