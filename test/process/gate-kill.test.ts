import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { findHost } from '#schema/client/find-host.ts';
import { openHost, openMcp } from '#schema/client/open-host.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import { DemoAgent, HOST_GONE } from '#host/cli/demo/demo-agent.ts';
import { kills } from '../fakes/kills.ts';
import { shippedHost } from '../fakes/shipped.ts';
import { TestEditor } from '../fakes/test-editor.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const AT_ONCE = 4;

/** What the agent was told, and what the disk shows. `cp --backup=numbered` leaves a `.~1~` when it runs twice. */
interface Tally {
  /** Names whose run was acknowledged as succeeded. */
  succeeded: string[];
  /** Run ids that any answer named. */
  runs: string[];
  /** Tool calls that the editor was sent. */
  calls: string[];
}

/** What the record holds of it. */
interface Stored {
  /** Status by run id. */
  runs: ReadonlyMap<string, string>;
  /** Tool calls that were requested. */
  calls: ReadonlySet<string>;
  /** By turn: seq of its words that mean a call, and of its run. */
  turns: ReadonlyMap<string, { words?: number; run?: number }>;
}

/** What must be true whatever was killed when. Returned as words, so that a planted fault can be shown to be seen. */
export function faultsOf(tally: Tally, files: readonly string[], stored: Stored): string[] {
  const there = new Set(files);
  return [
    ...files.filter((file) => file.includes('.~')).map((file) => `ran twice: ${file}`),
    ...tally.succeeded
      .filter((name) => !there.has(name))
      .map((name) => `acknowledged and not done: ${name}`),
    ...tally.runs.filter((id) => !stored.runs.has(id)).map((id) => `acknowledged and lost: ${id}`),
    ...tally.calls.filter((id) => !stored.calls.has(id)).map((id) => `sent and lost: ${id}`),
    ...[...stored.turns]
      .filter(([, { words = Infinity, run = -1 }]) => words > run)
      .map(([id]) => `words and run torn apart: ${id}`),
    ...[...stored.runs]
      .filter(([, status]) => status === 'running' || status === 'queued')
      .map(([id]) => `left running: ${id}`),
  ];
}

/** All that the record says of what was said and done. */
async function storedIn({ client }: TestEditor): Promise<Stored> {
  const runs = new Map<string, string>();
  let before_run_id: string | undefined;
  for (;;) {
    const more = before_run_id === undefined ? {} : { before_run_id };
    const page = (await client.request('run.list', { limit: 500, ...more })).runs;
    for (const run of page) runs.set(run.run_id, run.status);
    before_run_id = page.at(-1)?.run_id;
    if (page.length < 500) break;
  }
  const calls = new Set<string>();
  const turns = new Map<string, { words?: number; run?: number }>();
  const event_type = ['toolcall.requested', 'turn.understood', 'run.created'];
  for (let from_seq = 0; ;) {
    const { events } = await client.request('event.query', { event_type, from_seq, limit: 500 });
    for (const { seq, event_type: type, data } of events) {
      const { tool_call_id, turn_id, trigger } = data as {
        tool_call_id?: string;
        turn_id?: string;
        trigger?: { kind: string; ref: string };
      };
      if (type === 'toolcall.requested') calls.add(String(tool_call_id));
      const about = type === 'turn.understood' ? { words: seq } : { run: seq };
      const turn = turn_id ?? (trigger?.kind === 'sentence' ? trigger.ref : undefined);
      if (turn !== undefined) turns.set(turn, { ...turns.get(turn), ...about });
    }
    from_seq = events.at(-1)?.seq ?? from_seq;
    if (events.length < 500) break;
  }
  return { runs, calls, turns };
}

describe('the host, killed under load', function () {
  this.timeout(process.env['HOB_KILLS'] === undefined ? 900_000 : 0);
  let dataDir: string;
  let workspace: string;
  const tally: Tally = { succeeded: [], runs: [], calls: [] };

  before(() => {
    dataDir = temporaryFolder('kill-data');
    workspace = temporaryFolder('kill-ws');
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
    await editor.open([workspace], { capabilities: ['editor.open_settings'] });
    isOver = false;
    return editor;
  }

  /** Says an order again and again until the host dies. Each call that the window is sent counts, and succeeds. */
  async function talk({ client }: TestEditor): Promise<void> {
    client.onEvent(({ event, payload }) => {
      const { tool_call_id, token } = payload as Record<string, string | undefined>;
      if (event !== 'runtime.tool_call' || tool_call_id === undefined || token === undefined)
        return;
      tally.calls.push(tool_call_id);
      void client
        .request('toolcall.succeed', { tool_call_id, token, result: {} })
        .catch(() => undefined);
    });
    const said = { text: 'open settings', window_id: 'w1', wait_ms: 10_000 };
    while (!isOver) {
      const answer = await client.request('conversation.inject_text', said).catch(() => null);
      if (answer === null) return;
      tally.runs.push(String(answer.run_id));
    }
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

  it('[G-05] [G-11] [V-19] loses nothing that it acknowledged and runs nothing twice', async () => {
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
    for (const round of kills({ most: 300, least: 20, enoughMs: 30_000 })) {
      const talking = talk(await start());
      // Counted, not timed: a slow machine must not be killed before there is any load.
      let left = Math.floor(Math.random() * 2 * AT_ONCE);
      const loaded = Promise.withResolvers<void>();
      const loading = load(round, () => left-- === 0 && loaded.resolve());
      await Promise.race([loaded.promise, loading]);
      await new Promise((r) => setTimeout(r, Math.random() * 150));
      await kill();
      await Promise.all([loading, talking]);
      killed += 1;
    }

    const last = await start();
    const stored = await storedIn(last);
    assert.deepEqual(faultsOf(tally, readdirSync(workspace), stored), []);
    assert.ok(
      tally.succeeded.length > killed / 10,
      `too little load to mean anything: ${tally.succeeded.length}`,
    );
    assert.ok(
      tally.calls.length > killed / 10,
      `too few sentences to mean anything: ${tally.calls.length}`,
    );
    assert.ok(
      [...stored.runs.values()].includes('interrupted') || killed < 50,
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
      `      ${killed} kills, ${tally.runs.length} answers, ${tally.succeeded.length} succeeded, ${tally.calls.length} calls of the editor, ${proof.events} events`,
    );
    await kill();
  });

  it('[G-43] the check sees what happened twice, what was lost, what was torn apart, and what was left running', () => {
    const seen = faultsOf(
      { succeeded: ['a', 'b'], runs: ['run_1', 'run_2'], calls: ['call_1', 'call_2'] },
      ['a', 'a.~1~'],
      {
        runs: new Map([['run_1', 'running']]),
        calls: new Set(['call_1']),
        turns: new Map([
          ['turn_1', { words: 1, run: 2 }],
          ['turn_2', { words: 3 }],
          ['turn_3', { run: 4 }],
          ['turn_4', { words: 6, run: 5 }],
        ]),
      },
    );
    assert.deepEqual(seen, [
      'ran twice: a.~1~',
      'acknowledged and not done: b',
      'acknowledged and lost: run_2',
      'sent and lost: call_2',
      ...['turn_2', 'turn_3', 'turn_4'].map((id) => `words and run torn apart: ${id}`),
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
