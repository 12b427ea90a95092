import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { findHost } from '#schema/client/find-host.ts';
import { openHost, openMcp } from '#schema/client/open-host.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { DemoAgent, HOST_GONE } from '#host/cli/demo/demo-agent.ts';
import { kills } from '../fakes/kills.ts';
import { shippedHost } from '../fakes/shipped.ts';
import { TestEditor } from '../fakes/test-editor.ts';

const AT_ONCE = 4;

/** What the agent was told, and what the disk shows. `cp --backup=numbered` leaves a `.~1~` when it runs twice. */
interface Tally {
  /** Names whose run was acknowledged as succeeded. */
  succeeded: string[];
  /** Run ids that any answer named. */
  runs: string[];
}

/** What must be true whatever was killed when. Returned as words, so that a planted fault can be shown to be seen. */
export function faultsOf(
  tally: Tally,
  files: readonly string[],
  stored: ReadonlyMap<string, string>,
): string[] {
  const there = new Set(files);
  return [
    ...files.filter((file) => file.includes('.~')).map((file) => `ran twice: ${file}`),
    ...tally.succeeded
      .filter((name) => !there.has(name))
      .map((name) => `acknowledged and not done: ${name}`),
    ...tally.runs.filter((id) => !stored.has(id)).map((id) => `acknowledged and lost: ${id}`),
    ...[...stored]
      .filter(([, status]) => status === 'running' || status === 'queued')
      .map(([id]) => `left running: ${id}`),
  ];
}

describe('the host, killed under load', function () {
  this.timeout(process.env['HOB_KILLS'] === undefined ? 900_000 : 0);
  let dataDir: string;
  let workspace: string;
  const tally: Tally = { succeeded: [], runs: [] };

  before(() => {
    dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'hob-kill-data-')));
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'hob-kill-ws-')));
    writeFileSync(join(workspace, 'seed'), 'x');
  });
  after(() => {
    for (const folder of [dataDir, workspace]) rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<TestEditor> {
    const client = await openHost({ dataDir, role: 'extension', program: shippedHost });
    const editor = new TestEditor(client, keys);
    keys ??= editor.keys;
    if (enrolled !== null) Object.assign(editor, enrolled);
    await editor.open([workspace]);
    isOver = false;
    return editor;
  }
  /** Set with each kill, so that no load goes on at a host that somebody else started. */
  let isOver = false;
  let keys: TestEditor['keys'] | undefined;
  let enrolled: { deciderId: string; storeId: string } | null = null;

  /** Calls until the host dies; every answer that came counts as acknowledged, and each is `heard`. */
  async function load(round: number, heard: () => void): Promise<void> {
    // The host may be killed before it answers the handshake: then there was no load in this round.
    const channel = await openMcp({ dataDir, role: 'agent', principalHint: 'killer' }).catch(
      () => null,
    );
    if (channel === null) return;
    const agent = new DemoAgent(channel);
    /** Null when the host died before it answered. */
    const orGone = <T>(call: Promise<T>): Promise<T | null> =>
      call.catch((failure: unknown) => {
        if (failure instanceof Error && failure.message === HOST_GONE) return null;
        throw failure;
      });
    if ((await orGone(agent.initialize().then(() => true))) === null) return;
    heard();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, worker) => {
        for (let n = 0; !isOver; n++) {
          const name = `out-${round}-${worker}-${n}`;
          const argv = ['cp', '--backup=numbered', 'seed', name];
          const answer: JsonObject | null = await orGone(
            agent.callTool('run_command', { argv, cwd: workspace }),
          );
          if (answer === null) return;
          heard();
          tally.runs.push(String(answer['run_id']));
          if (answer['status'] === 'succeeded') tally.succeeded.push(name);
        }
      }),
    );
  }

  it('[G-05] [G-11] loses nothing that it acknowledged and runs nothing twice', async () => {
    const first = await start();
    await first.enroll();
    enrolled = { deciderId: first.deciderId, storeId: first.storeId };
    const channel = await openMcp({ dataDir, role: 'agent', principalHint: 'killer' });
    const agent = new DemoAgent(channel);
    await agent.initialize();
    const asked = agent.callTool('run_command', {
      argv: ['cp', '--backup=numbered', 'seed', 'out-first'],
      cwd: workspace,
    });
    await first.respond(await first.nextCard(), 'approve', { offer_id: 'prefix' });
    assert.equal((await asked)['status'], 'succeeded');
    // One more that waits all the time.
    const waiting = agent
      .callTool('run_command', { argv: ['touch', 'waited'], cwd: workspace })
      .catch(() => null);
    const card = await first.nextCard();
    await kill();
    await channel.closed;
    void waiting;

    let killed = 0;
    for (const round of kills({ most: 300, least: 20, enoughMs: 90_000 })) {
      await start();
      // Counted, not timed: a slow machine must not be killed before there is any load.
      let left = Math.floor(Math.random() * 2 * AT_ONCE);
      const loaded = Promise.withResolvers<void>();
      const loading = load(round, () => left-- === 0 && loaded.resolve());
      await Promise.race([loaded.promise, loading]);
      await new Promise((r) => setTimeout(r, Math.random() * 150));
      await kill();
      await loading;
      killed += 1;
    }

    const last = await start();
    const stored = new Map<string, string>();
    let before_run_id: string | undefined;
    for (;;) {
      const { runs } = await last.client.request('run.list', {
        limit: 500,
        ...(before_run_id === undefined ? {} : { before_run_id }),
      });
      for (const run of runs) stored.set(run.run_id, run.status);
      before_run_id = runs.at(-1)?.run_id;
      if (runs.length < 500) break;
    }
    assert.deepEqual(faultsOf(tally, readdirSync(workspace), stored), []);
    assert.ok(
      tally.succeeded.length > killed / 10,
      `too little load to mean anything: ${tally.succeeded.length}`,
    );
    assert.ok(
      [...stored.values()].includes('interrupted') || killed < 50,
      'no kill hit a run, so nothing was tested',
    );

    const still = (await last.waiting()).find((a) => a.approval_id === card.approval_id);
    assert.ok(still !== undefined, 'the question that waited is gone');
    await last.respond(still, 'approve');
    const { run } = await last.client.request('run.get', {
      run_id: String(still.run_id),
      wait_ms: 10_000,
    });
    assert.equal(run.status, 'succeeded');
    assert.ok(existsSync(join(workspace, 'waited')));
    const proof = await last.client.request('audit.verify', {});
    assert.deepEqual(proof.problems, []);
    console.log(
      `      ${killed} kills, ${tally.runs.length} answers, ${tally.succeeded.length} succeeded, ${proof.events} events`,
    );
    await kill();
  });

  it('[G-43] the check sees a run that happened twice, one that was lost, and one left running', () => {
    const seen = faultsOf(
      { succeeded: ['a', 'b'], runs: ['run_1', 'run_2'] },
      ['a', 'a.~1~'],
      new Map([['run_1', 'running']]),
    );
    assert.deepEqual(seen, [
      'ran twice: a.~1~',
      'acknowledged and not done: b',
      'acknowledged and lost: run_2',
      'left running: run_1',
    ]);
  });

  /** kill -9 of whoever is the host now: the one started here, or the winner of a double start. */
  async function kill(): Promise<void> {
    isOver = true;
    const found = await findHost({ dataDir });
    if (found === null) return;
    try {
      process.kill(found.endpoint.pid, 'SIGKILL');
    } catch {
      return;
    }
    for (;;) {
      try {
        process.kill(found.endpoint.pid, 0);
      } catch {
        return;
      }
      await new Promise((r) => setTimeout(r, 2));
    }
  }
});
