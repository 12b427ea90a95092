// Two host processes on one data directory, one of which leads, with schedules that fall due all the time:
// what is killed or stopped is always replaced, and in the end everything that was due is accounted for.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { HostClient } from '#schema/client/host-client.ts';
import { openHost } from '#schema/client/open-host.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { SlotView, TaskView } from '#schema/views/task.ts';
import { readLease, type LeaseRecord } from '#host/kernel/lease.ts';
import { leaseCell, SCHEDULER_LEASE } from '#host/store/lease-port.ts';
import { peekCell } from '#host/store/adapters/sqlite/peek-cell.ts';
import { shipped } from './shipped.ts';
import { TEST_WORKSPACE, TestEditor } from './test-editor.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** This only ends a test that hangs. */
const BUSY_MS = 90_000;
const LOOK_MS = 100;

const pause = (ms: number): Promise<void> =>
  new Promise((next) => setTimeout(next, Math.max(0, ms)));

/** What a process has waited for a core so far; 0 where the system does not tell. */
function starvedMs({ child }: Member): number {
  try {
    return Number(readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

interface Member {
  readonly child: ChildProcess;
  /** Resolves when it serves the directory. */
  readonly up: Promise<void>;
  readonly startedAt: number;
}

/** What must have happened once: a copy of a file, by a task that is due once. */
interface Errand {
  readonly file: string;
  readonly task_id: string;
}

/** From the end of a leader to the next one's first moment. */
export interface Failover {
  ms: number;
  /** Of that, what the next one waited for a core while others had them. */
  starvedMs: number;
}

/** What a crew came to. */
export interface CrewReport {
  kills: number;
  stops: number;
  /** Leaders that got no core for longer than their term, and were ended by a follower as if they stood still. */
  starved: number;
  takeovers: number;
  errands: number;
  succeeded: number;
  interrupted: number;
  failovers: Failover[];
  /** What the start of a host took on this machine. */
  startMs: number;
  faults: string[];
}

export class SchedulerCrew {
  readonly dataDir = temporaryFolder('crew-data');
  readonly workspace = temporaryFolder('crew-ws');
  readonly #errands: Errand[] = [];
  readonly #ends: { at: number; starvedMs: number }[] = [];
  readonly #everyone: ChildProcess[] = [];
  readonly #faults: string[] = [];
  #startMs = 0;
  #count = 0;
  #kills = 0;
  #stops = 0;
  #unplanned = 0;
  #holder: Member;
  /** They follow; started when there is somebody to follow. Any of them may be the next one. */
  #standbys: Member[] = [];
  /** What each of them had waited for a core when the leader ended. */
  #starved = new Map<Member, number>();
  #editor: TestEditor | null = null;
  #beat: TaskView | null = null;
  #seen: LeaseRecord | null = null;
  #watch: NodeJS.Timeout;

  constructor() {
    writeFileSync(join(this.workspace, 'seed'), 'x');
    this.#holder = this.#start();
    this.#watch = setInterval(() => this.#lookAtLease(), LOOK_MS);
  }

  /** Enrols a person and lets the one command of all errands run without a card. */
  async settle(): Promise<void> {
    await this.#holder.up;
    this.#startMs = performance.now() - this.#holder.startedAt;
    this.#standbys.push(this.#start('--standby'));
    const client = await this.#connect();
    this.#editor = new TestEditor(client);
    await this.#editor.enroll();
    await this.#editor.open([this.workspace]);
    await this.#untilLeader();
    await this.#errandAt(Date.now() + 1_000);
    const card = await this.#editor.nextCard();
    await this.#editor.respond(card, 'approve', { offer_id: 'prefix' });
    const { task } = await client.request(
      'scheduler.create',
      {
        task: {
          name: 'beat',
          trigger: { kind: 'interval', every_seconds: 1 },
          action: { kind: 'reminder', message: 'beat' },
          overlap: 'queue',
          missed: { kind: 'up_to', count: 100 },
        },
      },
      { workspaceId: TEST_WORKSPACE },
    );
    this.#beat = task;
  }

  /**
   * Errands around the moment in which the leader is killed; sometimes the one after it is killed too, as it
   * waits. Resolves to all kills so far.
   */
  async killLeader(): Promise<number> {
    await this.#round(() => this.#kill());
    return this.#kills;
  }

  async #kill(): Promise<void> {
    const killAt = Date.now() + 1_000 + Math.random() * 1_000;
    await this.#errandsAt(killAt, [-250, -60, -20, -5, 5, 200, 3_000, 8_000]);
    await pause(killAt - Date.now());
    this.#noteEnd();
    await this.#replace('SIGKILL');
    if (Math.random() < 0.5) {
      await pause(Math.random() * 6_000);
      await this.#replace('SIGKILL');
    }
    await this.#goOn();
  }

  /** The leader stands still for longer than its term. Resolves to all stops so far. */
  async stopLeader(): Promise<number> {
    await this.#round(() => this.#stop());
    return this.#stops;
  }

  async #stop(): Promise<void> {
    const stopAt = Date.now() + 1_000;
    await this.#errandsAt(stopAt, [-20, 5, 2_000]);
    await pause(stopAt - Date.now());
    this.#noteEnd();
    await this.#replace('SIGSTOP');
    await this.#goOn();
  }

  /** Waits until nothing is due any more, and says what became of everything. */
  async report(): Promise<CrewReport> {
    clearInterval(this.#watch);
    let report: CrewReport | null = null;
    while (report === null)
      await this.#round(async () => {
        report = await this.#account();
      });
    return report;
  }

  /** On a machine that others keep busy a leader may end without anybody having asked for it. */
  async #round(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (failure) {
      const { child } = this.#holder;
      const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
      for (let looks = 0; looks < 50 && !isGone(); looks += 1) await pause(LOOK_MS);
      if (!isGone()) throw failure;
      this.#unplanned += 1;
      await this.#next();
      await this.#goOn();
    }
  }

  async #account(): Promise<CrewReport> {
    const states = new Map<string, string>();
    // One deadline for all: what does not end by then is told, and not waited for one after the other.
    const deadline = performance.now() + BUSY_MS;
    for (const { task_id, file } of this.#errands)
      states.set(file, await this.#endOf(task_id, deadline));
    const files = readdirSync(this.workspace);
    const taken = await this.#events('lease.acquired');
    this.#checkErrands(states, files);
    this.#checkFences(taken, await this.#events('scheduler.slot_claimed'));
    await this.#checkBeats();
    const proof = await this.#client.request('audit.verify', {});
    for (const { message } of proof.problems) this.#faults.push(message);
    const ends = [...states.values()];
    return {
      kills: this.#kills,
      stops: this.#stops,
      starved: this.#unplanned,
      takeovers: taken.length - 1,
      errands: ends.length,
      succeeded: ends.filter((end) => end === 'succeeded').length,
      interrupted: ends.filter((end) => end === 'needs_user_action').length,
      failovers: this.#failovers(taken),
      startMs: this.#startMs,
      faults: [...new Set(this.#faults)],
    };
  }

  dispose(): void {
    clearInterval(this.#watch);
    for (const child of this.#everyone) child.kill('SIGKILL');
    for (const folder of [this.dataDir, this.workspace])
      rmSync(folder, { recursive: true, force: true });
  }

  #start(...options: string[]): Member {
    const child = spawn(
      process.execPath,
      [shipped.host, '--foreground', '--data-dir', this.dataDir, ...options],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    this.#everyone.push(child);
    const up = new Promise<void>((listening, failed) => {
      createInterface({ input: child.stdout }).once('line', () => listening());
      child.once('close', (code, signal) => failed(new Error(`ended: ${signal ?? code}`)));
    });
    // Awaited where it matters; one that is killed later ends too.
    up.catch(() => {});
    return { child, up, startedAt: performance.now() };
  }

  /** Ends the host that serves, and resolves when another one does. */
  async #replace(signal: 'SIGKILL' | 'SIGSTOP'): Promise<void> {
    const { child } = this.#holder;
    const gone = new Promise((over) => child.once('close', over));
    child.kill(signal);
    if (signal === 'SIGKILL') {
      this.#kills += 1;
      await gone;
    } else this.#stops += 1;
    await this.#next();
  }

  /** Resolves when one that followed serves. */
  async #next(): Promise<void> {
    this.#standbys.push(this.#start('--standby'));
    this.#holder = await Promise.any(this.#standbys.map((member) => member.up.then(() => member)));
    this.#standbys = this.#standbys.filter((member) => member !== this.#holder);
  }

  /** The person is there again, at the host that serves now, once it leads. */
  async #goOn(): Promise<void> {
    assert.ok(this.#editor !== null);
    const end = this.#ends.at(-1);
    const client = await this.#connect();
    this.#editor = this.#editor.on(client);
    await this.#editor.open([this.workspace]);
    await this.#untilLeader();
    if (end !== undefined)
      end.starvedMs = starvedMs(this.#holder) - (this.#starved.get(this.#holder) ?? 0);
  }

  /** The one that leads ends now; who may be next has waited this long for a core until now. */
  #noteEnd(): void {
    this.#starved = new Map(this.#standbys.map((member) => [member, starvedMs(member)]));
    this.#ends.push({ at: Date.now(), starvedMs: 0 });
  }

  /** Again while the machine is too busy for a handshake. */
  async #connect(): Promise<HostClient> {
    let client: HostClient | null = null;
    await this.#until(async () => {
      client = await openHost({ dataDir: this.dataDir, role: 'extension' }).catch(() => null);
      return client !== null;
    });
    assert.ok(client !== null);
    return client;
  }

  get #client() {
    assert.ok(this.#editor !== null);
    return this.#editor.client;
  }

  async #untilLeader(): Promise<void> {
    await this.#until(async () => {
      const { scheduler } = await this.#client.request('runtime.status', {});
      return scheduler.state === 'leader';
    });
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + BUSY_MS;
    while (!(await holds())) {
      assert.ok(performance.now() < deadline, 'not so in time');
      await pause(50);
    }
  }

  async #errandsAt(moment: number, around: readonly number[]): Promise<void> {
    await Promise.all(around.map((ms) => this.#errandAt(moment + ms)));
  }

  async #errandAt(moment: number): Promise<void> {
    const file = `out-${this.#count++}`;
    for (;;) {
      // A machine that is slow right now has not got there yet.
      const at = Math.max(moment, Date.now() + 250);
      const task_id = await this.#errand(file, at).catch((failure: { code?: string }) => {
        if (failure.code === 'time_in_past') return null;
        throw failure;
      });
      if (task_id !== null) return void this.#errands.push({ file, task_id });
    }
  }

  async #errand(file: string, at: number): Promise<string> {
    const { task } = await this.#client.request(
      'scheduler.create',
      {
        task: {
          name: file,
          trigger: { kind: 'once', at: new Date(at).toISOString() },
          action: {
            kind: 'command',
            // A second run would leave a numbered copy of the first one's file.
            argv: ['cp', '--backup=numbered', 'seed', file],
            cwd: this.workspace,
          },
        },
      },
      { workspaceId: TEST_WORKSPACE },
    );
    assert.ok(task !== null);
    return task.task_id;
  }

  async #endOf(task_id: string, deadline: number): Promise<string> {
    for (;;) {
      const { slots } = await this.#client.request('scheduler.history', { task_id });
      if (slots.length > 1) return `${slots.length} slots`;
      const [slot] = slots;
      if (slot !== undefined && slot.ended_at !== null) return slot.status;
      if (performance.now() > deadline) return this.#standing(task_id, slot);
      await pause(50);
    }
  }

  /** All that is known of an errand that does not end, for whoever reads the failure. */
  async #standing(task_id: string, slot: SlotView | undefined): Promise<string> {
    const { task } = await this.#client.request('scheduler.get', { task_id });
    const run_id = slot?.run_id ?? null;
    const run = run_id === null ? null : (await this.#client.request('run.get', { run_id })).run;
    const { events } = await this.#client.request('event.query', {
      correlation_id: slot?.run_key ?? task_id,
      limit: 100,
    });
    return JSON.stringify({
      slot,
      queue: task.queue,
      next_due: task.next_due,
      run: run?.status,
      policy: run?.policy,
      events: events.map(({ seq, event_type }) => `${seq} ${event_type}`),
    });
  }

  #checkErrands(states: ReadonlyMap<string, string>, files: readonly string[]): void {
    const there = new Set(files);
    for (const file of files) if (file.includes('.~')) this.#faults.push(`ran twice: ${file}`);
    for (const [file, end] of states) {
      if (end !== 'succeeded' && end !== 'needs_user_action')
        this.#faults.push(`lost: ${file} is ${end}`);
      if (end === 'succeeded' && !there.has(file)) this.#faults.push(`said, not done: ${file}`);
    }
  }

  /** In the order of the log, each claim carries the number of whoever took the lease last. */
  #checkFences(taken: readonly StoredEvent[], claims: readonly StoredEvent[]): void {
    const numbers = taken.map(({ data }) => Number(data?.['fencing']));
    if (numbers.some((number, i) => number !== i + 1))
      this.#faults.push(`fencing numbers ${numbers.join(' ')}`);
    for (const { seq, data } of claims) {
      const leader = taken.findLast((one) => one.seq < seq)?.data?.['fencing'];
      if (data?.['fence'] !== leader)
        this.#faults.push(`claimed under ${String(data?.['fence'])} while ${String(leader)} led`);
    }
  }

  /** Every second since the beat began was claimed, or said to be skipped. */
  async #checkBeats(): Promise<void> {
    const task_id = this.#beat?.task_id;
    const { task } = await this.#client.request('scheduler.get', { task_id: String(task_id) });
    const covered = new Set<number>();
    for (const type of ['scheduler.slot_claimed', 'scheduler.slot_skipped']) {
      for (const { data } of await this.#events(type)) {
        if (data?.['task_id'] !== task_id) continue;
        const from = Date.parse(String(data?.['from'] ?? data?.['scheduled_at']));
        const to = Date.parse(String(data?.['to'] ?? data?.['scheduled_at']));
        for (let at = from; at <= to; at += 1_000) covered.add(at);
      }
    }
    for (const { scheduled_at } of task.queue) covered.add(Date.parse(scheduled_at));
    const first = Date.parse(String(this.#beat?.next_due));
    for (let at = first; at < Date.parse(String(task.next_due)); at += 1_000)
      if (!covered.has(at)) this.#faults.push(`lost: the beat of ${new Date(at).toISOString()}`);
  }

  /** Whoever holds it next began after the term of the one before had ended. */
  #lookAtLease(): void {
    const found = readLease(peekCell(join(this.dataDir, 'events.db'), leaseCell(SCHEDULER_LEASE)));
    if (typeof found !== 'object') return;
    const before = this.#seen;
    this.#seen = found;
    const isOther = before !== null && before.instance_id !== found.instance_id;
    if (isOther && found.heartbeat_uptime < before.expires_uptime)
      this.#faults.push(`two leaders: ${found.fencing} before the term of ${before.fencing} ended`);
  }

  #failovers(taken: readonly StoredEvent[]): Failover[] {
    const moments = taken.map(({ occurred_at }) => Date.parse(occurred_at));
    return this.#ends.map(({ at, starvedMs }) => ({
      ms: (moments.find((moment) => moment > at) ?? NaN) - at,
      starvedMs,
    }));
  }

  async #events(type: string): Promise<StoredEvent[]> {
    const all: StoredEvent[] = [];
    for (let from_seq = 0; ;) {
      const { events } = await this.#client.request('event.query', {
        event_type: [type],
        from_seq,
        limit: 500,
      });
      const last = events.at(-1);
      if (last === undefined) return all;
      all.push(...events);
      from_seq = last.seq;
    }
  }
}
