import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import { registry } from '#schema/commands/registry.ts';
import { domainEvents } from '#schema/events/domain-events.ts';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import { storedEventSchema } from '#schema/events/stored-event.ts';
import { approvalViewSchema } from '#schema/views/approval.ts';
import { editorTools } from '#schema/views/editor-tools.ts';
import { runViewSchema } from '#schema/views/run.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';

const inWorkspace = { workspaceId: TEST_WORKSPACE };
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? 'no code',
  );

describe('the commands of a host', () => {
  let t: TestHost;
  let panel: HostClient;
  let agent: HostClient;

  beforeEach(async () => {
    t = await startTestHost();
    panel = await t.host.connect('panel');
    agent = await t.host.connect('agent', 'codex');
  });
  afterEach(async () => {
    await t[Symbol.asyncDispose]();
  });

  const call = (argv: string[]): ActionCall => ({
    action: 'command.run',
    tool: 'command.run',
    argv,
    cwd: t.workspace,
    arguments: {},
  });
  const ask = (argv: string[], wait_ms = 30_000) =>
    agent.request('approval.request', { call: call(argv), wait_ms }, inWorkspace);

  /** The window does every editor tool at once and says it was observed. */
  async function openWindow(window_id = 'w1'): Promise<EventEnvelope[]> {
    await t.editor.open([t.workspace], { window_id, capabilities: Object.keys(editorTools) });
    const calls: EventEnvelope[] = [];
    t.editor.client.onEvent((event) => {
      const { token, tool_call_id } = event.payload;
      if (event.event !== 'runtime.tool_call' || typeof token !== 'string') return;
      calls.push(event);
      void t.editor.client.request('toolcall.succeed', {
        tool_call_id: String(tool_call_id),
        token,
        result: { done: true },
      });
    });
    return calls;
  }

  it('[F-37] [F-39] runtime.start and runtime.stop show in runtime.status', async () => {
    await panel.request('runtime.stop', { reason: 'lunch' });
    assert.equal((await panel.request('runtime.status', {})).state, 'stopped');
    await panel.request('runtime.start', {});
    const status = await panel.request('runtime.status', {});
    assert.deepEqual(
      [status.state, status.waiting, status.windows, status.deciders, status.preset],
      ['running', 0, 1, 1, 'ask'],
    );
  });

  it('[F-50] [F-51] the palette of the orb is set, told, kept and cleared', async () => {
    const told: unknown[] = [];
    panel.onEvent((event) => {
      if (event.event === 'orb.palette') told.push(event.payload['palette']);
    });
    await panel.subscribe({ events: ['orb.palette'] });
    await panel.request('orb.palette.set', { palette: { idle: '#112233' } });
    assert.deepEqual((await panel.request('config.get', {})).config['palette'], {
      idle: '#112233',
    });
    await panel.request('orb.palette.clear', {});
    assert.deepEqual(told, [{ idle: '#112233' }, null]);
    const refused = panel.request('orb.palette.set', { palette: { idle: 'url(x)' } });
    assert.equal(await codeOf(refused), 'invalid_payload');
  });

  it('[F-54] [F-55] settings are read and changed, each change a version', async () => {
    const before = await panel.request('config.get', {});
    const changed = await panel.request('config.patch', {
      changes: { 'approvals.expire_minutes': 5 },
    });
    assert.deepEqual(
      [changed.version - before.version, changed.config['approvals.expire_minutes']],
      [1, 5],
    );
    await ask(['touch', 'a'], 0);
    const card = await t.editor.nextCard();
    const minutes = (Date.parse(String(card.expires_at)) - Date.parse(card.requested_at)) / 60_000;
    assert.equal(Math.round(minutes), 5);
    const wrong = panel.request('config.patch', { changes: { 'approvals.expire_minutes': -1 } });
    assert.equal(await codeOf(wrong), 'invalid_setting');
  });

  it('[F-56] [F-57] [F-60] [F-61] [F-15] a sentence becomes runtime events with the seq of what is stored', async () => {
    const calls = await openWindow();
    const seen: EventEnvelope[] = [];
    panel.onEvent((event) => seen.push(event));
    await panel.subscribe({});
    const said = await panel.request(
      'conversation.inject_text',
      { text: 'open settings' },
      inWorkspace,
    );
    assert.equal(said.status, 'done');
    assert.equal(calls.length, 1);
    const runtime = seen.filter((e) => e.event.startsWith('runtime.'));
    assert.deepEqual(
      runtime.map((e) => e.event),
      [
        'runtime.transcription',
        'runtime.tool_call',
        'runtime.tool_result',
        'runtime.assistant_sentence',
      ],
    );
    assert.ok(
      runtime.every((e) => e.payload['token'] === undefined),
      'a token went to everybody',
    );
    for (const event of runtime) {
      const stored = seen.find((e) => e.event === 'event.appended' && e.seq === event.seq);
      assert.ok(stored !== undefined, `${event.event} without its stored event`);
    }
  });

  it('[A-70] [A-71] only the window that was asked may report, once, with its token', async () => {
    await t.editor.open([t.workspace], { capabilities: Object.keys(editorTools) });
    const asked = new Promise<EventEnvelope>((resolve) => {
      t.editor.client.onEvent((e) => {
        if (e.event === 'runtime.tool_call' && e.payload['token'] !== undefined) resolve(e);
      });
    });
    const said = panel.request('conversation.inject_text', { text: 'open settings' }, inWorkspace);
    const { tool_call_id, token } = (await asked).payload as {
      tool_call_id: string;
      token: string;
    };
    const other = await t.host.connect('extension');
    const result = { tab: 'x' };
    const report = (client: HostClient, key: string) =>
      codeOf(client.request('toolcall.succeed', { tool_call_id, token: key, result }));
    assert.equal(await report(other, token), 'tool_call_unknown');
    assert.equal(await report(t.editor.client, 'guessed'), 'tool_call_unknown');
    const error = { code: 'no_editor', message: 'x', retryable: false };
    await t.editor.client.request('toolcall.fail', { tool_call_id, token, error });
    assert.equal(await report(t.editor.client, token), 'tool_call_unknown');
    assert.deepEqual([(await said).status, (await said).error?.code], ['failed', 'no_editor']);
  });

  it('[V-20] the title of an editor command is an order, and waits for a yes like a command line', async () => {
    const calls = await openWindow();
    const commands = [
      { id: 'workbench.action.toggleZenMode', title: 'View: Toggle Zen Mode' },
      { id: 'a.sync', title: 'Sync' },
      { id: 'b.sync', title: 'Sync' },
    ];
    await t.editor.open([t.workspace], { capabilities: Object.keys(editorTools), commands });
    const say = (text: string) =>
      panel.request('conversation.inject_text', { text, wait_ms: 0 }, inWorkspace);
    assert.equal((await say('sync')).intent, null, 'two commands of one title are none');
    const said = await say('view toggle zen mode');
    assert.equal(said.intent?.name, 'run_command');
    const card = await t.editor.nextCard();
    assert.deepEqual(
      [card.call.action, card.call.tool, card.call.arguments],
      ['command.run', 'editor.run_command', { title: 'View: Toggle Zen Mode' }],
    );
    assert.equal(calls.length, 0);
    await t.editor.respond(card, 'approve');
    const { run } = await panel.request('run.get', {
      run_id: String(said.run_id),
      wait_ms: 10_000,
    });
    assert.deepEqual([run.status, calls.length], ['succeeded', 1]);
  });

  it('[G-22] editor actions go to the last focused window of the workspace', async () => {
    const second = await t.host.connect('extension');
    const first = await openWindow('w1');
    const context = {
      window_id: 'w2',
      focused: true,
      trusted: true,
      workspace_name: 'x',
      folders: [t.workspace],
      tasks: [],
      commands: [],
      capabilities: Object.keys(editorTools),
      remote_name: null,
      panel_visible: false,
    };
    let hits = 0;
    second.onEvent((e) => {
      const { token, tool_call_id } = e.payload;
      if (e.event !== 'runtime.tool_call' || typeof token !== 'string') return;
      hits += 1;
      void second.request('toolcall.succeed', {
        tool_call_id: String(tool_call_id),
        token,
        result: {},
      });
    });
    await second.request('client.context_set', context, inWorkspace);
    await panel.request('conversation.inject_text', { text: 'open settings' }, inWorkspace);
    assert.deepEqual([first.length, hits], [0, 1]);
    await second.close();
    await panel.request('conversation.inject_text', { text: 'open settings' }, inWorkspace);
    assert.equal(first.length, 1);
  });

  it('[A-50] [A-51] [A-80] [A-24] approvals are listed, read and awaited, with request and decision', async () => {
    await ask(['touch', 'a'], 0);
    await ask(['touch', 'b'], 0);
    const { approvals, total } = await panel.request('approval.list', {});
    assert.deepEqual([approvals.length, total], [2, 2]);
    const [older, newer] = approvals;
    assert.ok(older !== undefined && newer !== undefined);
    assert.ok(older.requested_at <= newer.requested_at, 'the oldest comes first');
    const awaited = panel.request('approval.get', {
      approval_id: older.approval_id,
      wait_ms: 20_000,
    });
    await t.editor.respond(older, 'deny');
    const { approval } = await awaited;
    assert.deepEqual(approvalViewSchema.parse(approval), approval);
    assert.deepEqual(
      [approval.status, approval.decision?.decider_id],
      ['denied', t.editor.deciderId],
    );
  });

  it("[A-50] an agent sees its own questions, runs and permissions, and nobody else's", async () => {
    const asked = await ask(['touch', 'a'], 0);
    const other = await t.host.connect('agent', 'claude-code');
    assert.equal((await other.request('approval.list', {})).total, 0);
    assert.deepEqual((await other.request('run.list', {})).runs, []);
    assert.equal(
      await codeOf(other.request('run.get', { run_id: String(asked.run_id) })),
      'not_found',
    );
    assert.equal(
      await codeOf(other.request('run.cancel', { run_id: String(asked.run_id) })),
      'not_found',
    );
    assert.equal(
      await codeOf(other.request('approval.get', { approval_id: String(asked.approval_id) })),
      'not_found',
    );
    assert.equal((await agent.request('approval.list', {})).total, 1);
  });

  it('[A-53] [A-23] policy.evaluate says what would happen and changes nothing', async () => {
    const head = (await panel.request('runtime.status', {})).head_seq;
    const would = await agent.request(
      'policy.evaluate',
      { call: call(['git', 'push', '--force']) },
      inWorkspace,
    );
    assert.deepEqual(
      [would.decision, would.danger, would.zone],
      ['require_approval', true, 'high_stakes'],
    );
    assert.equal((await panel.request('runtime.status', {})).head_seq, head);
  });

  it('[A-56] [A-57] [A-25] runs are listed newest first, paged and read with their result', async () => {
    for (const text of ['git status', 'git branch', 'git status'])
      await panel.request('conversation.inject_text', { text }, inWorkspace);
    const { runs } = await panel.request('run.list', { limit: 2 });
    const { runs: rest } = await panel.request('run.list', {
      limit: 10,
      before_run_id: String(runs.at(-1)?.run_id),
    });
    assert.deepEqual([runs.length, rest.length], [2, 1]);
    const { run } = await panel.request('run.get', { run_id: String(runs[0]?.run_id) });
    assert.deepEqual(runViewSchema.parse(run), run);
    assert.equal(typeof run.result?.['exit_code'], 'number');
  });

  it('[A-76] [A-77] [A-08] [A-21] events are queried by stream, run, type and seq, and read one by one', async () => {
    const said = await panel.request(
      'conversation.inject_text',
      { text: 'git status' },
      inWorkspace,
    );
    const run_id = String(said.run_id);
    const { events, head_seq } = await panel.request('event.query', { run_id });
    assert.ok(events.length >= 4 && events.every((e) => e.run_id === run_id));
    assert.ok(head_seq >= Number(events.at(-1)?.seq));
    for (const event of events) {
      storedEventSchema.parse(event);
      assert.deepEqual(
        domainEvents[event.event_type as keyof typeof domainEvents].parse(event.data),
        event.data,
      );
    }
    const stream = await panel.request('event.query', { stream_type: 'run', stream_id: run_id });
    assert.deepEqual(
      stream.events.map((e) => e.stream.stream_seq),
      stream.events.map((_, i) => i + 1),
    );
    const [first] = events;
    assert.ok(first !== undefined);
    const bySeq = await panel.request('event.get', { seq: first.seq });
    const byId = await panel.request('event.get', { event_id: first.event_id });
    assert.deepEqual(bySeq, byId);
    assert.equal(await codeOf(panel.request('event.get', { seq: 999_999 })), 'not_found');
  });

  it('[A-96] [A-30] [A-31] [A-37] [A-38] every event of one asking has its correlation, actor and zone', async () => {
    const asked = ask(['touch', 'a']);
    await t.editor.respond(await t.editor.nextCard(), 'approve');
    const { run_id } = await asked;
    const { events } = await panel.request('event.query', { run_id: String(run_id) });
    assert.equal(new Set(events.map((e) => e.correlation_id)).size, 1);
    assert.deepEqual(
      [...new Set(events.map((e) => `${e.actor.kind} ${e.actor.id}`))],
      ['agent claimed:codex', 'user user'],
    );
    assert.ok(events.every((e) => ['sandbox', 'supervised', 'high_stakes'].includes(e.zone)));
    assert.match(String(run_id), /^run_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('[A-11] [A-14] [A-15] [A-39] [A-40] [A-41] [A-89] the database has the tables of the design and refuses to change an event', async () => {
    await panel.request('conversation.inject_text', { text: 'git status' }, inWorkspace);
    for (const file of ['events.db', 'events.db-wal'])
      assert.equal(statSync(join(t.dataDir, file)).mode & 0o777, 0o600, `others may read ${file}`);
    const database = new DatabaseSync(join(t.dataDir, 'events.db'));
    try {
      const tables = database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map((row) => String(row['name']));
      for (const table of [
        'evt_stream_heads',
        'evt_events',
        'proj_approvals',
        'proj_runs',
        'proj_steps',
        'proj_tool_calls',
        'proj_artifacts',
      ])
        assert.ok(tables.includes(table), table);
      for (const table of ['proj_runs', 'proj_steps', 'proj_tool_calls'])
        assert.equal(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'], 1, table);
      assert.throws(() => database.exec("UPDATE evt_events SET event_type = 'x.y'"));
      assert.throws(() => database.exec('DELETE FROM evt_events'));
    } finally {
      database.close();
    }
  });

  it('[A-10] [A-88] the kill switch ends what runs', async () => {
    writeFileSync(join(t.workspace, 'package.json'), '{}');
    // A run that would take long: it waits for the window, which never answers.
    await t.editor.open([t.workspace], { capabilities: Object.keys(editorTools) });
    const said = panel.request('conversation.inject_text', { text: 'open settings' }, inWorkspace);
    for (let i = 0; i < 200 && (await panel.request('runtime.status', {})).executing === 0; i++)
      await new Promise((r) => setTimeout(r, 10));
    await panel.request('policy.kill_switch_set', { on: true, reason: 'stop' });
    assert.notEqual((await said).status, 'done');
    const { runs } = await panel.request('run.list', {});
    assert.equal(runs[0]?.status, 'cancelled');
    assert.equal((await panel.request('runtime.status', {})).kill_switch, true);
  });

  it('[G-10] run.cancel withdraws the question of a waiting run', async () => {
    const asked = await ask(['touch', 'a'], 0);
    await agent.request('run.cancel', { run_id: String(asked.run_id) });
    assert.deepEqual(await t.editor.waiting(), []);
    const { run } = await panel.request('run.get', { run_id: String(asked.run_id) });
    assert.equal(run.status, 'cancelled');
  });

  it('[F-91] a safe read in a folder that a link leads out of the workspace to asks', async () => {
    const outside = join(tmpdir(), `hob-outside-${process.pid}`);
    mkdirSync(outside, { recursive: true });
    symlinkSync(outside, join(t.workspace, 'link'));
    const evaluated = await agent.request(
      'policy.evaluate',
      { call: { ...call(['git', 'status']), cwd: join(t.workspace, 'link') } },
      inWorkspace,
    );
    assert.equal(evaluated.decision, 'require_approval', 'a safe read counts only inside');
    assert.equal(existsSync(join(outside, '.git')), false);
  });

  it('[F-92] agents are added with a token that is shown once, proved by it, and cut off by revoking', async () => {
    const { agent: added, token } = await panel.request('agent.add', { name: 'my-agent' });
    const stored = JSON.stringify((await panel.request('event.query', { limit: 1_000 })).events);
    assert.equal(stored.includes(token), false, 'the token is in an event');
    assert.equal((await panel.request('agent.list', {})).agents.length, 1);
    await panel.request('agent.revoke', { agent_id: added.agent_id });
    assert.deepEqual((await panel.request('agent.list', {})).agents, []);
  });

  it('[G-04] [F-07] answers every command of the registry, and no other', async () => {
    const { commands } = await panel.request('host.version', {});
    assert.deepEqual(commands.toSorted(), registry.map((row) => row.name).toSorted());
    for (const row of registry.filter(
      (r) => r.action === 'read' && r.payload.safeParse({}).success && r.roles.includes('panel'),
    )) {
      const answer = await panel.request(row.name, {});
      row.result.parse(answer);
    }
    const unknown = panel.request('memory.search' as 'host.ping', {});
    assert.equal(await codeOf(unknown), 'unknown_command');
  });
});
