// Who leads, among real processes on one data directory: hosts that are killed, and hosts that stand still.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'mocha';
import { openHost } from '#schema/client/open-host.ts';
import { processStart } from '#host/runtime/process-start.ts';
import { shipped, shippedHost } from '../fakes/shipped.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** A release takes 20 (`HOB_STOPS`); each needs a whole term of the lease, so they run side by side. */
const STOPS = Number(process.env['HOB_STOPS'] ?? 4);
/** How soon somebody leads again; on top comes what the start of a host takes on this machine. */
const FAILOVER_MS = 20_000;
/** What happened is read from the events, not from a clock: this only ends a test that hangs. */
const BUSY_MS = 60_000;

interface Started {
  child: ChildProcess;
  pid: number;
  /** Resolves when it listens, with the milliseconds that took. */
  up: Promise<number>;
}

describe('who leads the scheduler, between processes', function () {
  const folders: string[] = [];
  const children: ChildProcess[] = [];
  after(async () => {
    // Where only some are run, the others began all the same.
    await Promise.allSettled(waiting.flatMap(({ outcome }) => outcome ?? []));
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function directory(): string {
    const folder = temporaryFolder('lease');
    folders.push(folder);
    return folder;
  }

  function start(dataDir: string, ...options: string[]): Started {
    const child = spawn(
      process.execPath,
      [shipped.host, '--foreground', '--data-dir', dataDir, ...options],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    children.push(child);
    const startedAt = performance.now();
    const up = new Promise<number>((listening, failed) => {
      const lines = createInterface({ input: child.stdout });
      lines.once('line', () => listening(performance.now() - startedAt));
      child.once('close', (code, signal) => failed(new Error(`ended: ${signal ?? code}`)));
    });
    // Awaited where it matters; a host that is killed later ends too.
    up.catch(() => {});
    return { child, pid: child.pid ?? 0, up };
  }

  const waiting: { play: () => Promise<void>; outcome: Promise<void> | null }[] = [];

  /** What waits for a whole term of the lease begins together, with the first of them that is run. */
  function besideOthers(play: () => Promise<void>): () => Promise<void> {
    const own = { play, outcome: null as Promise<void> | null };
    waiting.push(own);
    return async () => {
      for (const one of waiting) {
        one.outcome ??= one.play();
        one.outcome.catch(() => {});
      }
      await own.outcome;
    };
  }

  /** What the host that answers says about the lease, as soon as it leads. */
  async function untilLeader(dataDir: string) {
    const deadline = performance.now() + BUSY_MS;
    const client = await openHost({ dataDir, role: 'cli' });
    try {
      for (;;) {
        const { scheduler } = await client.request('runtime.status', {});
        if (scheduler.state === 'leader') return scheduler;
        assert.ok(performance.now() < deadline, `still ${scheduler.state} after ${BUSY_MS} ms`);
        await new Promise((next) => setTimeout(next, 50));
      }
    } finally {
      await client.close();
    }
  }

  /** The lease changed hands in this order; numbers only grow. */
  async function takeovers(dataDir: string): Promise<string[]> {
    const client = await openHost({ dataDir, role: 'cli' });
    try {
      const { events } = await client.request('event.query', {
        event_type: ['lease.acquired'],
        limit: 100,
      });
      const found = events.map(({ data }) => ({
        fencing: Number(data?.['fencing']),
        after: String(data?.['after']),
      }));
      assert.deepEqual(
        found.map(({ fencing }) => fencing),
        found.map((_, i) => i + 1),
      );
      return found.map(({ after: why }) => why);
    } finally {
      await client.close();
    }
  }

  it(
    '[F-75] [F-76] [F-78] after kill -9 the next host serves at once, and leads when the term is over',
    besideOthers(async () => {
      const dataDir = directory();
      const first = start(dataDir);
      const startMs = await first.up;
      await untilLeader(dataDir);
      first.child.kill('SIGKILL');
      const killedAt = performance.now();
      const second = start(dataDir);
      await second.up;
      const client = await openHost({ dataDir, role: 'cli' });
      const { scheduler } = await client.request('runtime.status', {});
      await client.close();
      // A machine so slow that the term is over by now shows only the second half.
      if (scheduler.pid === first.pid) assert.equal(scheduler.state, 'follower');
      const lease = await untilLeader(dataDir);
      const took = performance.now() - killedAt;
      assert.ok(took > 9_000 && took <= FAILOVER_MS + startMs, `leads after ${took} ms`);
      assert.equal(lease.pid, second.pid);
      assert.deepEqual(await takeovers(dataDir), ['none', 'expired']);
    }),
  );

  it('[F-75] a lease that was given back is taken at once', async () => {
    const dataDir = directory();
    const first = start(dataDir);
    await first.up;
    await untilLeader(dataDir);
    const ended = new Promise((over) => first.child.once('close', over));
    first.child.kill('SIGTERM');
    await ended;
    await start(dataDir).up;
    await untilLeader(dataDir);
    assert.deepEqual(await takeovers(dataDir), ['none', 'released']);
  });

  it(
    `[F-70] [F-101] ${STOPS} hosts stopped for longer than the term: a follower takes over within 20 s, and there is one`,
    besideOthers(async () => {
      await Promise.all(
        Array.from({ length: STOPS }, async () => {
          const dataDir = directory();
          const first = start(dataDir);
          const startMs = await first.up;
          await untilLeader(dataDir);
          const second = start(dataDir, '--standby');
          await new Promise((next) => setTimeout(next, 3_000));
          assert.equal(second.child.exitCode, null, 'a standby stays while the other one is well');
          first.child.kill('SIGSTOP');
          const stoppedAt = performance.now();
          await second.up;
          const lease = await untilLeader(dataDir);
          const took = performance.now() - stoppedAt;
          assert.equal(lease.pid, second.pid);
          assert.ok(took <= FAILOVER_MS + startMs, `leads after ${took} ms`);
          first.child.kill('SIGCONT');
          assert.equal(processStart(first.pid), null, 'the one that stood still is gone');
          assert.deepEqual(await takeovers(dataDir), ['none', 'expired']);
        }),
      );
    }),
  );

  it('[F-34] [F-75] [S-25] a host of a newer version takes over just as something is due: it happens once', async () => {
    const dataDir = directory();
    const older = await openHost({ dataDir, role: 'extension', program: shippedHost });
    const { scheduler } = await older.request('runtime.status', {});
    await untilLeader(dataDir);
    const due = Date.now() + 1_500;
    const made = await Promise.all(
      [-300, -100, 0, 50, 200, 600, 1_000].map((ms) =>
        older.request('scheduler.create', {
          task: {
            name: `due ${ms}`,
            trigger: { kind: 'once', at: new Date(due + ms).toISOString() },
            action: { kind: 'reminder', message: 'look' },
          },
        }),
      ),
    );
    await new Promise((next) => setTimeout(next, due - Date.now()));
    const newer = await openHost({
      dataDir,
      role: 'extension',
      replaceOlder: true,
      program: { ...shippedHost, build: '99.0.0+20990101T000000Z' },
    });
    const { pid } = await untilLeader(dataDir);
    assert.notEqual(pid, scheduler.pid);
    for (const { task } of made) {
      const of = { task_id: String(task?.task_id) };
      let slots = (await newer.request('scheduler.history', of)).slots;
      while (slots[0]?.ended_at === null || slots.length === 0)
        slots = (await newer.request('scheduler.history', of)).slots;
      assert.deepEqual(
        slots.map(({ status }) => status),
        ['succeeded'],
        task?.name,
      );
    }
    const { runs } = await newer.request('run.list', {});
    assert.equal(runs.filter(({ trigger }) => trigger.kind === 'schedule').length, made.length);
    await newer.close();
    assert.deepEqual(await takeovers(dataDir), ['none', 'released']);
    if (pid !== null) process.kill(pid, 'SIGKILL');
  });

  it(
    '[F-101] stopped for longer than the term with nobody to follow: it goes on, under its own number',
    besideOthers(async () => {
      const dataDir = directory();
      const only = start(dataDir);
      await only.up;
      await untilLeader(dataDir);
      only.child.kill('SIGSTOP');
      await new Promise((next) => setTimeout(next, 16_000));
      only.child.kill('SIGCONT');
      const lease = await untilLeader(dataDir);
      assert.equal(lease.pid, only.pid);
      assert.deepEqual(await takeovers(dataDir), ['none']);
    }),
  );
});
