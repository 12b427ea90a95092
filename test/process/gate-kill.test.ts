import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { buildLabel } from '#schema/client/build-label.ts';
import { findHost } from '#schema/client/find-host.ts';
import { openHost, openMcp } from '#schema/client/open-host.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { DemoAgent, HOST_GONE } from '#host/cli/demo/demo-agent.ts';
import { TestEditor } from '../fakes/test-editor.ts';

const KILLS = Number(process.env['HOB_KILLS'] ?? 300);
const AT_ONCE = 4;
const hostScript = resolve('dist/host.js');

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
  this.timeout(600_000);
  let dataDir: string;
  let workspace: string;
  const tally: Tally = { succeeded: [], runs: [] };

  before(() => {
    assert.ok(existsSync(hostScript), 'dist/host.js is missing; npm run build first');
    dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'hob-kill-data-')));
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'hob-kill-ws-')));
    writeFileSync(join(workspace, 'seed'), 'x');
  });
  after(() => {
    for (const folder of [dataDir, workspace]) rmSync(folder, { recursive: true, force: true });
  });

  const program = () => ({ nodePath: process.execPath, hostScript, build: buildLabel(hostScript) });

  async function start(): Promise<{ child: ChildProcess; editor: TestEditor }> {
    const child = spawn(process.execPath, [hostScript, '--data-dir', dataDir], { stdio: 'ignore' });
    const editor = new TestEditor(
      await openHost({ dataDir, role: 'extension', program: program() }),
      keys,
    );
    if (keys === undefined) keys = editor.keys;
    if (enrolled !== null) Object.assign(editor, enrolled);
    await editor.open([workspace]);
    return { child, editor };
  }
  let keys: TestEditor['keys'] | undefined;
  let enrolled: { deciderId: string; storeId: string } | null = null;

  /** Calls until the host dies; every answer that came counts as acknowledged. */
  async function load(round: number): Promise<void> {
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
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, worker) => {
        for (let n = 0; ; n++) {
          const name = `out-${round}-${worker}-${n}`;
          const argv = ['cp', '--backup=numbered', 'seed', name];
          const answer: JsonObject | null = await orGone(
            agent.callTool('run_command', { argv, cwd: workspace }),
          );
          if (answer === null) return;
          tally.runs.push(String(answer['run_id']));
          if (answer['status'] === 'succeeded') tally.succeeded.push(name);
        }
      }),
    );
  }

  it('[G-05] [G-11] loses nothing that it acknowledged and runs nothing twice', async () => {
    const first = await start();
    await first.editor.enroll();
    enrolled = { deciderId: first.editor.deciderId, storeId: first.editor.storeId };
    const channel = await openMcp({ dataDir, role: 'agent', principalHint: 'killer' });
    const agent = new DemoAgent(channel);
    await agent.initialize();
    const asked = agent.callTool('run_command', {
      argv: ['cp', '--backup=numbered', 'seed', 'out-first'],
      cwd: workspace,
    });
    await first.editor.respond(await first.editor.nextCard(), 'approve', { offer_id: 'prefix' });
    assert.equal((await asked)['status'], 'succeeded');
    // One more that waits all the time.
    const waiting = agent
      .callTool('run_command', { argv: ['touch', 'waited'], cwd: workspace })
      .catch(() => null);
    const card = await first.editor.nextCard();
    await kill();
    await channel.closed;
    void waiting;

    for (let round = 0; round < KILLS; round++) {
      await start();
      const loading = load(round);
      await new Promise((r) => setTimeout(r, 40 + Math.random() * 110));
      await kill();
      await loading;
    }

    const last = await start();
    const stored = new Map<string, string>();
    let before_run_id: string | undefined;
    for (;;) {
      const { runs } = await last.editor.client.request('run.list', {
        limit: 500,
        ...(before_run_id === undefined ? {} : { before_run_id }),
      });
      for (const run of runs) stored.set(run.run_id, run.status);
      before_run_id = runs.at(-1)?.run_id;
      if (runs.length < 500) break;
    }
    assert.deepEqual(faultsOf(tally, readdirSync(workspace), stored), []);
    assert.ok(
      tally.succeeded.length > KILLS / 3,
      `too little load to mean anything: ${tally.succeeded.length}`,
    );
    assert.ok(
      [...stored.values()].includes('interrupted') || KILLS < 50,
      'no kill hit a run, so nothing was tested',
    );

    const still = (await last.editor.waiting()).find((a) => a.approval_id === card.approval_id);
    assert.ok(still !== undefined, 'the question that waited is gone');
    await last.editor.respond(still, 'approve');
    const { run } = await last.editor.client.request('run.get', {
      run_id: String(still.run_id),
      wait_ms: 10_000,
    });
    assert.equal(run.status, 'succeeded');
    assert.ok(existsSync(join(workspace, 'waited')));
    const proof = await last.editor.client.request('audit.verify', {});
    assert.deepEqual(proof.problems, []);
    console.log(
      `      ${KILLS} kills, ${tally.runs.length} answers, ${tally.succeeded.length} succeeded, ${proof.events} events`,
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
