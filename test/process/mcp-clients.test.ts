// What agents embed, as it comes from npm, against a real host: the client of the 1.x SDK, the client of the
// 2.x SDK in the modern era, and the inspector.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { readOnlyTools, resumableTools } from '#host/mcp/core/bridge-facts.ts';
import { npmTools, toolEntry } from '../../scripts/lib/tool-table.mjs';
import type { TestEditor } from '../fakes/test-editor.ts';
import { AgentWorld, pause } from './mcp/agent-world.ts';

const names = [
  'ask_user',
  'call_external_tool',
  'cancel_question',
  'cancel_run',
  'cancel_schedule',
  'create_schedule',
  'get_answer',
  'get_approval',
  'get_policy',
  'get_run',
  'get_schedule',
  'get_status',
  'list_approvals',
  'list_events',
  'list_schedules',
  'listen_once',
  'notify_user',
  'request_approval',
  'run_command',
  'run_schedule_now',
  'search_external_tools',
  'speak_text',
  'stop_speaking',
  'update_schedule',
];
/** Makes the server stop waiting for a person at once. */
const impatient = { 'hob/waited_ms': 45_000 };

describe('MCP clients', function () {
  let world: AgentWorld;
  let editor: TestEditor;
  let client: Client;

  before(async () => {
    world = new AgentWorld();
    editor = await world.editor();
  });
  after(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    client = new Client({ name: 'legacy', version: '1' });
    await client.connect(new StdioClientTransport({ ...world.bridge('codex'), stderr: 'ignore' }));
  });
  afterEach(async () => {
    await client.close();
    for (const card of await editor.waiting()) await editor.respond(card, 'deny');
    rmSync(path.join(world.workspace, 'ran'), { force: true });
  });

  const call = async (name: string, args: JsonObject = {}, meta: JsonObject = {}) => {
    const result = await client.callTool({ name, arguments: args, _meta: meta });
    return {
      isError: result.isError === true,
      data: (result.structuredContent ?? {}) as JsonObject,
      text: (result.content as { text: string }[])[0]?.text ?? '',
    };
  };
  const append = (line: string): string[] => [
    process.execPath,
    '-e',
    `require('node:fs').appendFileSync('ran', ${JSON.stringify(`${line}\n`)}); console.log(${JSON.stringify(line)})`,
  ];
  const ran = (): string[] =>
    existsSync(path.join(world.workspace, 'ran'))
      ? readFileSync(path.join(world.workspace, 'ran'), 'utf8').trim().split('\n')
      : [];

  it('[G-26] [U-03] [U-10] offers every tool, each with title, description, hints and an output schema, in 16 KB', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).toSorted(), names);
    for (const { title, description, outputSchema, annotations } of tools) {
      assert.ok(title && description && outputSchema);
      assert.deepEqual(
        Object.values(annotations ?? {})
          .map((hint) => typeof hint)
          .filter((type) => type === 'boolean').length,
        4,
      );
    }
    assert.ok(JSON.stringify(tools).length <= 16_384, String(JSON.stringify(tools).length));
  });

  it('[G-26] [G-27] has no tool that decides, and sends again only what reads or is recognised', async () => {
    const { tools } = await client.listTools();
    assert.ok(tools.every(({ name }) => !/^(approve|deny|decide|respond|grant|hold)/.test(name)));
    const reading = tools
      .filter(({ annotations }) => annotations?.readOnlyHint === true)
      .map(({ name }) => name);
    assert.deepEqual(reading.toSorted(), readOnlyTools.toSorted());
    assert.deepEqual(
      resumableTools.filter((name) => !names.includes(name)),
      [],
    );
  });

  it('[G-26] says where Hob stands and who the agent is to it', async () => {
    const { data, text } = await call('get_status');
    assert.deepEqual(data, JSON.parse(text));
    assert.deepEqual(
      [data['state'], data['kill_switch'], data['editor_open'], data['you']],
      ['running', false, true, { name: 'codex', proven: false }],
    );
  });

  it('[G-26] [G-21] runs a command after a person has said yes, once', async () => {
    const asked = call('run_command', { argv: append('one'), task: 'writing a line' });
    const card = await editor.nextCard();
    assert.deepEqual(
      [card.requester.display, card.requester.proven, card.task, card.call.cwd],
      ['codex', false, 'writing a line', world.workspace],
    );
    await editor.respond(card, 'approve', { confirmed: true });
    const { data, isError } = await asked;
    assert.deepEqual(
      [data['status'], data['exit_code'], data['stdout'], isError, ran()],
      ['succeeded', 0, 'one\n', false, ['one']],
    );
  });

  it('[S-14] [S-20] [S-21] makes a schedule after a yes, sees its own only, runs and ends it', async () => {
    const wish = {
      name: 'look after a notice',
      when: { after: { event: 'notification.shown', where: { title: 'codex: mine' } } },
      do: { reminder: 'look' },
    };
    const typo = await call('create_schedule', { ...wish, when: { after: { event: 'nothing' } } });
    assert.match(typo.text, /^invalid_schedule: .*begin with/);
    const both = await call('create_schedule', { ...wish, when: { cron: '0 9 * * *', at: 'x' } });
    assert.match(both.text, /^invalid_payload: Give exactly one/);

    const asked = call('create_schedule', wish);
    await editor.respond(await editor.nextCard(), 'approve');
    const task_id = String((await asked).data['task_id']);
    const { schedules, total } = (await call('list_schedules')).data as {
      schedules: JsonObject[];
      total: number;
    };
    assert.deepEqual(
      [total, schedules[0]?.['task_id'], schedules[0]?.['when'], schedules[0]?.['last']],
      [1, task_id, 'After each notification.shown with title codex: mine', null],
    );

    await call('notify_user', { title: 'mine', message: 'x' });
    const history = async (): Promise<JsonObject[]> =>
      (await call('get_schedule', { task_id })).data['history'] as JsonObject[];
    const succeeded = async (count: number): Promise<void> => {
      for (let tries = 0; tries < 200; tries += 1) {
        const slots = (await history()).filter(({ status }) => status === 'succeeded');
        if (slots.length >= count) return;
        await pause(50);
      }
      assert.fail(`it did not succeed ${count} times: ${JSON.stringify(await history())}`);
    };
    await succeeded(1);
    const { contents } = await client.readResource({ uri: 'hob://schedules' });
    const [content] = contents as { text: string; mimeType: string }[];
    assert.equal(content?.mimeType, 'application/json');
    assert.match(content.text, /"last":"succeeded /);

    await call('run_schedule_now', { task_id });
    await succeeded(2);
    await call('cancel_schedule', { task_id });
    assert.equal((await call('list_schedules')).data['total'], 0);
  });

  it('[G-26] does not run what a person has denied', async () => {
    const asked = call('run_command', { argv: append('never') });
    await editor.respond(await editor.nextCard(), 'deny');
    const { data, isError, text } = await asked;
    assert.deepEqual(
      [data['status'], data['reason_code'], isError, ran()],
      ['denied', 'denied_by_person', true, []],
    );
    assert.match(text, /^denied: You said no/);
  });

  it('[G-26] answers reads at once and without a card', async () => {
    const { data } = await call('run_command', { argv: ['ls'] });
    assert.deepEqual(
      [data['status'], data['reason_code'], (await editor.waiting()).length],
      ['succeeded', 'safe_read', 0],
    );
  });

  it('[G-26] says that a command failed and keeps what it wrote', async () => {
    const asked = call('run_command', {
      argv: [process.execPath, '-e', 'console.error("broken"); process.exit(7)'],
    });
    await editor.respond(await editor.nextCard(), 'approve', { confirmed: true });
    const { data, isError } = await asked;
    assert.deepEqual(
      [data['status'], data['exit_code'], data['stderr'], data['reason_code'], isError],
      ['failed', 7, 'broken\n', 'command_failed', false],
    );
  });

  it('[G-23] refuses a folder outside of the workspace before anybody is asked', async () => {
    const { data, isError } = await call('run_command', { argv: ['touch', 'x'], cwd: '/' });
    assert.deepEqual(
      [data['status'], data['reason_code'], isError, (await editor.waiting()).length],
      ['failed', 'path_outside_workspace', true, 0],
    );
  });

  it('[G-26] [G-10] answers pending when nobody answers in time, and gives the result later', async () => {
    const { data } = await call('run_command', { argv: append('later') }, impatient);
    assert.equal(data['status'], 'pending');
    assert.match(String(data['next']), /get_run/);
    const [card] = (await call('list_approvals')).data['approvals'] as JsonObject[];
    assert.deepEqual([card?.['approval_id'], card?.['status']], [data['approval_id'], 'pending']);
    const waiting = call('get_run', { run_id: String(data['run_id']) });
    await editor.respond(await editor.nextCard(), 'approve', { confirmed: true });
    const { data: end } = await waiting;
    assert.deepEqual([end['status'], end['stdout'], ran()], ['succeeded', 'later\n', ['later']]);
    const { data: approval } = await call('get_approval', {
      approval_id: String(data['approval_id']),
      wait_ms: 1_000,
    });
    assert.equal(approval['status'], 'approved');
  });

  it('[G-26] runs what was approved although the agent has gone', async () => {
    const { data } = await call('run_command', { argv: append('alone') }, impatient);
    await client.close();
    await editor.respond(await editor.nextCard(), 'approve', { confirmed: true });
    const { run } = await editor.client.request('run.get', {
      run_id: String(data['run_id']),
      wait_ms: 10_000,
    });
    assert.deepEqual([run.status, ran()], ['succeeded', ['alone']]);
  });

  it('[G-26] answers what the agent wants to do itself: allow, deny or wait', async () => {
    const read = await call('request_approval', {
      action: 'fs.read',
      tool: 'Read',
      paths: [path.join(world.workspace, 'a')],
    });
    assert.equal(read.data['decision'], 'allow');
    const described = {
      action: 'external.write',
      tool: 'post',
      url: 'https://example.com/x',
      arguments: { body: 'hi' },
    };
    for (const [decision, answer] of [
      ['approve', 'allow'],
      ['deny', 'deny'],
    ] as const) {
      const asked = call('request_approval', described);
      const card = await editor.nextCard();
      assert.deepEqual(
        [card.call.url, card.call.arguments],
        ['https://example.com/x', { body: 'hi' }],
      );
      await editor.respond(card, decision, { confirmed: true });
      assert.equal((await asked).data['decision'], answer);
    }
    const { data } = await call('request_approval', described, impatient);
    assert.deepEqual([data['decision'], typeof data['approval_id']], ['pending', 'string']);
  });

  it('[G-27] shows an agent its own runs, approvals and events, and nothing of others', async () => {
    const { data } = await call('run_command', { argv: append('mine') }, impatient);
    const other = new Client({ name: 'other', version: '1' });
    await other.connect(new StdioClientTransport({ ...world.bridge('nosy'), stderr: 'ignore' }));
    try {
      const ask = (name: string, args: JsonObject) => other.callTool({ name, arguments: args });
      for (const [name, args] of [
        ['get_run', { run_id: String(data['run_id']), wait_ms: 0 }],
        ['get_approval', { approval_id: String(data['approval_id']) }],
      ] as const) {
        const refused = await ask(name, args);
        assert.deepEqual(
          [refused.isError, (refused.content as { text: string }[])[0]?.text.split(':')[0]],
          [true, 'not_found'],
        );
      }
      assert.deepEqual((await ask('list_approvals', {})).structuredContent, {
        approvals: [],
        total: 0,
      });
      const theirs = (
        (await ask('list_events', {})).structuredContent as { events: { run_id: string | null }[] }
      ).events;
      assert.ok(theirs.every(({ run_id }) => run_id !== data['run_id']));
    } finally {
      await other.close();
    }
    const { events } = (await call('list_events', { run_id: String(data['run_id']) })).data as {
      events: { event_type: string; run_id: string | null }[];
    };
    assert.deepEqual(
      events.filter(({ run_id }) => run_id === data['run_id']).map(({ event_type }) => event_type),
      ['run.created', 'approval.requested', 'run.waiting'],
    );
  });

  it("[G-26] shows a message in the editor, as the agent's own", async () => {
    assert.deepEqual((await call('notify_user', { title: 'Tests are green' })).data, {
      shown: true,
    });
    const { events } = await editor.client.request('event.query', {
      event_type: ['notification.shown'],
    });
    const own = events.filter(({ data }) => data?.['title'] === 'codex: Tests are green');
    assert.deepEqual(
      own.map(({ actor }) => actor.display),
      ['codex'],
    );
  });

  it('[V-44] [G-26] lets an agent say something, stop it, and tells it when it has talked enough', async () => {
    const first = await call('speak_text', { text: 'Tests are green. All of them.', wait_ms: 0 });
    assert.equal(first.isError, false, first.text);
    assert.ok(['queued', 'spoken', 'quiet'].includes(String(first.data['status'])), first.text);
    assert.equal(first.data['sentences'], 2);
    const long = 'I go on and on. '.repeat(18).trim();
    let refused = '';
    for (let n = 0; n < 5 && refused === ''; n += 1) {
      const { isError, text } = await call('speak_text', { text: long, wait_ms: 0 });
      if (isError) refused = text;
    }
    assert.match(refused, /^too_many_requests: You have said enough for now; speak again in \d+ s/);
    const { data } = await call('stop_speaking');
    assert.equal(typeof data['stopped'], 'number');
    assert.ok((await call('speak_text', { text: 'x'.repeat(301) })).isError);
  });

  it('[G-19] starts nothing while the kill switch is on', async () => {
    await editor.client.request('policy.kill_switch_set', { on: true });
    const { data, isError } = await call('run_command', { argv: ['ls'] });
    assert.deepEqual(
      [data['status'], data['reason_code'], isError],
      ['denied', 'kill_switch_on', true],
    );
    const off = { on: false, ...editor.signSetting({ kill_switch: false }) };
    await editor.client.request('policy.kill_switch_set', off);
  });

  it('[G-26] refuses arguments that do not fit, with what is wrong', async () => {
    for (const wrong of [{}, { argv: [] }, { argv: 'ls' }]) {
      const { isError, text } = await call('run_command', wrong);
      assert.ok(isError && /argv/.test(text), text);
    }
    assert.ok((await call('get_run', { run_id: '../x' })).isError);
  });

  it('[G-26] serves the modern era to a client that speaks it', async () => {
    const modern = new ModernClient(
      { name: 'modern', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await modern.connect(new ModernTransport({ ...world.bridge('modern'), stderr: 'ignore' }));
    try {
      assert.deepEqual((await modern.listTools()).tools.map(({ name }) => name).toSorted(), names);
      const { structuredContent } = await modern.callTool({ name: 'get_status', arguments: {} });
      assert.deepEqual((structuredContent as JsonObject)['you'], { name: 'modern', proven: false });
    } finally {
      await modern.close();
    }
  });

  for (const version of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    it(`[G-26] serves protocol ${version}`, async () => {
      const agent = world.rawAgent();
      const { result } = await agent.initialize(version);
      assert.equal((result as JsonObject)['protocolVersion'], version);
      const status = (await agent.call(1, 'get_status'))['result'] as JsonObject;
      assert.equal((status['structuredContent'] as JsonObject)['state'], 'running');
    });
  }

  it('[G-26] goes on with initialize on a connection that was asked to discover first', async () => {
    const agent = world.rawAgent();
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'both', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    assert.ok('result' in (await agent.request(9, 'server/discover', { _meta: meta })));
    const { result } = await agent.initialize();
    assert.equal((result as JsonObject)['protocolVersion'], '2025-11-25');
    assert.ok('result' in (await agent.call(1, 'get_status')));
  });

  /** The inspector's answer to one method; fails with its exit status. */
  const inspect = (era: string, ...options: string[]) => {
    const entry = toolEntry('inspector');
    assert.ok(
      entry !== undefined && existsSync(entry),
      `the inspector ${npmTools['inspector']?.version ?? ''} is not installed: npm test installs it`,
    );
    const { command, args } = world.bridge('inspector');
    const cli = ['--cli', '--format', 'json', '-q', '--protocol-era', era];
    return promisify(execFile)(process.execPath, [entry, ...cli, ...options, command, ...args], {
      cwd: world.workspace,
    });
  };

  for (const era of ['legacy', 'auto', 'modern']) {
    it(`[G-26] works with the inspector, ${era} era`, async () => {
      const { stdout } = await inspect(era, '--method', 'tools/call', '--tool-name', 'get_status');
      assert.match(stdout, /"name":\s*"inspector"/);
    });

    it(`[G-26] the inspector finds nothing in its schemas when it is strict, ${era} era`, async () => {
      const { stdout, stderr } = await inspect(era, '--strict', '--method', 'tools/list');
      assert.match(stdout, /"get_status"/);
      const [finding] = /^.*Path:.*$/m.exec(stderr) ?? [];
      assert.equal(finding, undefined);
    });
  }
});
