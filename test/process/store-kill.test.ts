// kill -9 while a process appends: what it acknowledged is there afterwards, in its place, and nothing
// was claimed twice. Two processes of this file show that the check can fail: one acknowledges before
// the commit, one claims without looking in the same transaction.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'mocha';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { openSqliteStore } from '#host/store/adapters/sqlite/store.ts';
import { turnCounts } from '#host/store/conformance-samples.ts';
import { bundleScript } from '../fakes/bundle-script.ts';
import { kills } from '../fakes/kills.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const LANES = 2;

type Variant = 'sound' | 'early-ack' | 'unsafe-claim';

/** Everything that one database's processes ever acknowledged. */
interface Acknowledged {
  /** Text → seq. */
  readonly events: Map<string, number>;
  /** Key → how often a claim of it was acknowledged. */
  readonly claims: Map<string, number>;
}

let folder = '';
let program = '';
before(async () => {
  folder = temporaryFolder('kill');
  program = await bundleScript(join(import.meta.dirname, 'fixtures/store-child.ts'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** One life of the appending process, ended at a random moment after some of its acknowledgements. */
async function liveAndDie(
  file: string,
  generation: string,
  variant: Variant,
  acknowledged: Acknowledged,
): Promise<void> {
  const child = spawn(process.execPath, [program, file, generation, variant], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  let left = Math.floor(Math.random() * 40);
  // A line that was cut off by the end is no acknowledgement: readline would hand it out, so lines end in a dot.
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Counted, not timed, so that a slow disk gives as much evidence as a fast one.
    if (left === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 5);
    left -= 1;
    note(line, acknowledged);
  });
  const { code, signal } = await ended(child);
  assert.equal(signal, 'SIGKILL', `the process ended by itself (${code}): ${complaint}`);
}

function note(line: string, { events, claims }: Acknowledged): void {
  const [kind, first = '', second = '', end] = line.split(' ');
  if (kind === 'A' && end === '.') events.set(second, Number(first));
  if (kind === 'R' && second === '.') claims.set(first, (claims.get(first) ?? 0) + 1);
}

function ended(
  child: ChildProcess,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** What is wrong with a database, given what was acknowledged: kinds of fault, each with an example. */
async function faultsOf(file: string, acknowledged: Acknowledged): Promise<Map<string, string>> {
  const store = await openSqliteStore({
    file,
    clock: systemClock,
    ids: systemIds(),
    projections: [turnCounts],
    knownSecrets: () => [],
    log: silentLog,
    verifyWorker: null,
  });
  assert.equal(store.health.state, 'ok');
  const stored = await store.query({ limit: 1_000_000 });
  const { problems } = await store.verify();
  await store.close();
  const faults = new Map<string, string>();
  const texts = new Map(stored.map((event) => [event.data?.['text'], event.seq]));
  for (const [text, seq] of acknowledged.events) {
    const at = texts.get(text);
    if (at !== seq)
      faults.set(at === undefined ? 'lost' : 'moved', `${text}: acknowledged at ${seq}, now ${at}`);
  }
  const claims = stored.filter((event) => event.stream.stream_id.startsWith('claim-'));
  for (const claim of claims) {
    if (claim.stream.stream_seq > 1) faults.set('claimed twice', claim.stream.stream_id);
  }
  for (const [key, times] of acknowledged.claims) {
    if (times > 1) faults.set('claimed twice', key);
    if (!claims.some((claim) => claim.stream.stream_id === `claim-${key}`))
      faults.set('claim lost', key);
  }
  for (const problem of problems) faults.set(problem.code, `${problem.seq}: ${problem.message}`);
  return faults;
}

const nothingYet = (): Acknowledged => ({ events: new Map(), claims: new Map() });

describe('the event store under kill -9', () => {
  it('[A-02, G-05] loses nothing acknowledged and claims nothing twice', async function () {
    if (process.env['HOB_KILLS'] !== undefined) this.timeout(0);
    let killed = 0;
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      const file = join(folder, `sound-${lane}.db`);
      const acknowledged = nothingYet();
      // Of the store alone; gate-kill.test.ts kills whole hosts. A release takes 10,000.
      for (const kill of kills({ most: 100 / LANES, least: 15, enoughMs: 30_000 })) {
        await liveAndDie(file, `${kill}`, 'sound', acknowledged);
        killed += 1;
      }
      assert.deepEqual(await faultsOf(file, acknowledged), new Map());
      return acknowledged;
    });
    const all = await Promise.all(lanes);
    const events = all.reduce((sum, { events: acked }) => sum + acked.size, 0);
    const claims = all.reduce((sum, { claims: acked }) => sum + acked.size, 0);
    assert.ok(
      events > killed * 5 && claims > killed / 2,
      `only ${events} events and ${claims} claims: this proves little`,
    );
    console.log(`      ${killed} kills, ${events} events, ${claims} claims`);
  });

  for (const [variant, fault] of [
    ['early-ack', 'lost'],
    ['unsafe-claim', 'claimed twice'],
  ] as const) {
    it(`would see the fault planted in ${variant}`, async function () {
      const file = join(folder, `${variant}.db`);
      const acknowledged = nothingYet();
      let faults = new Map<string, string>();
      for (let kill = 0; kill < 60 && !faults.has(fault); kill += 1) {
        await liveAndDie(file, `${kill}`, variant, acknowledged);
        faults = await faultsOf(file, acknowledged);
      }
      assert.ok(faults.has(fault), 'the check did not see it');
    });
  }
});
