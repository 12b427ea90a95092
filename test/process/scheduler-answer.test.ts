// A scheduled run waits for a person, the host that claimed it is killed, and the answer comes while the term
// of the dead one has not run out: real processes, with real terms of the lease.
import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { findHost } from '#schema/client/find-host.ts';
import { openHost } from '#schema/client/open-host.ts';
import type { RunView } from '#schema/views/run.ts';
import { isAlive } from '../fakes/is-alive.ts';
import { shippedHost } from '../fakes/shipped.ts';
import { TEST_WORKSPACE, TestEditor } from '../fakes/test-editor.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** This only ends a test that hangs. */
const BUSY_MS = 120_000;

class ParkedRun {
  readonly dataDir = temporaryFolder('answer-data');
  readonly workspace = temporaryFolder('answer-ws');
  task_id = '';
  #editor: TestEditor | null = null;

  get editor(): TestEditor {
    assert.ok(this.#editor !== null);
    return this.#editor;
  }

  /** A host that leads, and a run of its scheduler that waits for an answer. */
  async park(): Promise<void> {
    writeFileSync(join(this.workspace, 'seed'), 'x');
    await this.open();
    await this.editor.enroll();
    await this.untilLeader();
    const { task } = await this.editor.client.request(
      'scheduler.create',
      {
        task: {
          name: 'parked',
          trigger: { kind: 'once', at: new Date(Date.now() + 1_000).toISOString() },
          // A second run would leave a numbered copy of the first one's file.
          action: { kind: 'command', argv: ['cp', '--backup=numbered', 'seed', 'out'] },
        },
      },
      { workspaceId: TEST_WORKSPACE },
    );
    this.task_id = String(task?.task_id);
  }

  /** The person's editor at the host that serves, or at a new one. */
  async open(): Promise<void> {
    const { dataDir } = this;
    const client = await openHost({ dataDir, role: 'extension', program: shippedHost });
    this.#editor = this.#editor?.on(client) ?? new TestEditor(client);
    await this.editor.open([this.workspace]);
  }

  async kill(): Promise<void> {
    const pid = (await findHost({ dataDir: this.dataDir }))?.endpoint.pid;
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await until(() => Promise.resolve(!isAlive(pid)));
  }

  async leadership() {
    return (await this.editor.client.request('runtime.status', {})).scheduler;
  }

  async untilLeader(): Promise<void> {
    await until(async () => (await this.leadership()).state === 'leader');
  }

  async run(): Promise<RunView> {
    const { runs } = await this.editor.client.request('run.list', {});
    const run = runs.find(({ trigger }) => trigger.ref?.startsWith(this.task_id) === true);
    assert.ok(run !== undefined);
    return run;
  }

  async eventsOf({ run_id }: RunView): Promise<string[]> {
    const of = { run_id, limit: 500 };
    const { events } = await this.editor.client.request('event.query', of);
    return events.map(({ event_type }) => event_type);
  }

  dispose(): void {
    for (const folder of [this.dataDir, this.workspace])
      rmSync(folder, { recursive: true, force: true });
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + BUSY_MS;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'not so in time');
    await new Promise((next) => setTimeout(next, 50));
  }
}

describe('an answer between two leaders', function () {
  let parked: ParkedRun[];
  beforeEach(() => {
    parked = [new ParkedRun(), new ParkedRun()];
  });
  afterEach(async () => {
    for (const one of parked) {
      await one.kill().catch(() => {});
      one.dispose();
    }
  });

  /** `between`: what happens between the answer and the next leader. */
  async function answered(one: ParkedRun, between: () => Promise<void>): Promise<void> {
    await one.park();
    const card = await one.editor.nextCard();
    await one.kill();
    await one.open();
    // On a machine so slow that the term is over by now there is nothing to see.
    const { state } = await one.leadership();
    const { status } = await one.editor.respond(card, 'approve', { confirmed: true });
    assert.equal(status, 'approved', 'the answer is taken, whoever leads');
    if (state === 'follower') {
      assert.equal((await one.run()).status, 'queued');
      assert.deepEqual(readdirSync(one.workspace), ['seed'], 'nothing starts without a leader');
    }
    await between();
    await one.untilLeader();
    await until(async () => (await one.run()).ended_at !== null);
    const run = await one.run();
    assert.deepEqual([run.status, run.error], ['succeeded', null]);
    assert.deepEqual(readdirSync(one.workspace).toSorted(), ['out', 'seed']);
    const events = await one.eventsOf(run);
    for (const once of ['approval.decided', 'run.resumed', 'run.started', 'run.succeeded'])
      assert.equal(events.filter((type) => type === once).length, 1, once);
    const of = { task_id: one.task_id };
    const history = async () => (await one.editor.client.request('scheduler.history', of)).slots;
    await until(async () => (await history())[0]?.status === 'succeeded');
    assert.equal((await history()).length, 1);
  }

  it('[S-24] [S-13] [F-101] is kept, and the run goes on once, under the next leader or the one after it', async () => {
    const [once, twice] = parked;
    assert.ok(once !== undefined && twice !== undefined);
    await Promise.all([
      answered(once, () => Promise.resolve()),
      answered(twice, async () => {
        await twice.kill();
        await twice.open();
      }),
    ]);
  });
});
