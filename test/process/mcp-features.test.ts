// What MCP has besides tools, in both of its eras, on one real host: resources that tell of changes, prompts,
// tasks that outlive a host, progress, and questions to the client that never decide.
import assert from 'node:assert/strict';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { after, afterEach, before, describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { TestEditor } from '../fakes/test-editor.ts';
import { AgentWorld, type RawAgent } from './mcp/agent-world.ts';

const TASKS = 'io.modelcontextprotocol/tasks';
interface Ids {
  run_id: string;
  approval_id: string;
}
const impatient = { 'hob/waited_ms': 45_000 };
/** `_meta` of a request of 2026-07-28. */
const modern = (capabilities: JsonObject = {}): JsonObject => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});
const taking = modern({ extensions: { [TASKS]: {} } });

describe('MCP beside tools', function () {
  let world: AgentWorld;
  let editor: TestEditor;
  let last = 100;

  before(async () => {
    world = new AgentWorld();
    editor = await world.editor();
  });
  after(() => world[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const card of await editor.waiting()) await editor.respond(card, 'deny');
  });

  const print = (line: string): string[] => [
    process.execPath,
    '-e',
    `console.log(${JSON.stringify(line)})`,
  ];
  const request = async (
    agent: RawAgent,
    method: string,
    params: JsonObject = {},
  ): Promise<{ result: JsonObject; error: { code: number; data?: JsonObject } }> =>
    (await agent.request((last += 1), method, params)) as never;
  const legacy = async (name: string): Promise<RawAgent> => {
    const agent = world.rawAgent(name);
    await agent.initialize();
    return agent;
  };
  const runs = (line: string): JsonObject => ({
    name: 'run_command',
    arguments: { argv: print(line) },
  });
  const approve = async (): Promise<unknown> =>
    editor.respond(await editor.nextCard(), 'approve', { confirmed: true });
  const textOf = ({ content }: JsonObject): string =>
    String((content as { text: string }[])[0]?.text);

  it('[G-71] shows where Hob stands as resources, one by one, and each to its own agent', async () => {
    const agent = await legacy('reader');
    const waiting = await request(agent, 'tools/call', { ...runs('x'), _meta: impatient });
    const { approval_id, run_id } = waiting.result['structuredContent'] as unknown as Ids;
    const [, link] = waiting.result['content'] as JsonObject[];
    assert.deepEqual(
      [link?.['type'], link?.['uri']],
      ['resource_link', `hob://approvals/${approval_id}`],
    );
    const { resources } = (await request(agent, 'resources/list')).result as unknown as {
      resources: { uri: string; mimeType: string; title: string; description: string }[];
    };
    assert.deepEqual(resources.map(({ uri }) => uri).toSorted(), [
      'hob://approvals/pending',
      'hob://events/recent',
      'hob://policy',
      'hob://schedules',
      'hob://status',
    ]);
    assert.ok(resources.every(({ title, description }) => title !== '' && description !== ''));
    const { resourceTemplates } = (await request(agent, 'resources/templates/list'))
      .result as unknown as { resourceTemplates: { uriTemplate: string }[] };
    assert.deepEqual(resourceTemplates.map(({ uriTemplate }) => uriTemplate).toSorted(), [
      'hob://approvals/{id}',
      'hob://artifacts/{id}',
      'hob://events/{seq}',
      'hob://runs/{id}',
      'hob://schedules/{id}',
    ]);
    const read = async (uri: string, by = agent): Promise<JsonObject | number> => {
      const { result, error } = await request(by, 'resources/read', { uri });
      const [content] = (result?.['contents'] ?? []) as { text: string }[];
      return content === undefined ? error.code : (JSON.parse(content.text) as JsonObject);
    };
    const pending = (await read('hob://approvals/pending')) as { approvals: JsonObject[] };
    assert.deepEqual(
      pending.approvals.map((a) => a['approval_id']),
      [approval_id],
    );
    const status = (await read('hob://status')) as { you: JsonObject };
    assert.equal(status.you['name'], 'reader');
    const policy = (await read('hob://policy')) as { preset: string; rules: JsonObject[] };
    assert.equal(policy.preset, 'ask');
    assert.ok(
      policy.rules.some(
        (r) => r['action'] === 'command.run' && r['decision'] === 'require_approval',
      ),
    );
    const recent = (await read('hob://events/recent')) as {
      events: { seq: number; event_type: string }[];
    };
    const seq = recent.events.find(({ event_type: type }) => type === 'approval.requested')?.seq;
    assert.equal(((await read(`hob://events/${seq}`)) as JsonObject)['seq'], seq);
    assert.equal(((await read(`hob://runs/${run_id}`)) as JsonObject)['status'], 'pending');
    const approval = (await read(`hob://approvals/${approval_id}`)) as JsonObject;
    assert.equal(approval['status'], 'pending');

    const other = await legacy('nosy-reader');
    for (const uri of [
      `hob://runs/${run_id}`,
      `hob://approvals/${approval_id}`,
      `hob://events/${seq}`,
    ])
      assert.equal(await read(uri, other), -32_602);
    assert.equal(await read('hob://nothing'), -32_602);
    const complete = async (uri: string, name: string, value: string, by = agent) => {
      const params = { ref: { type: 'ref/resource', uri }, argument: { name, value } };
      const { result } = await request(by, 'completion/complete', params);
      return (result['completion'] as { values: string[] }).values;
    };
    assert.deepEqual(await complete('hob://approvals/{id}', 'id', 'appr_'), [approval_id]);
    assert.deepEqual(await complete('hob://approvals/{id}', 'id', 'appr_', other), []);
    assert.ok((await complete('hob://runs/{id}', 'id', '')).includes(run_id));
    assert.ok((await complete('hob://events/{seq}', 'seq', String(seq))).includes(String(seq)));
  });

  it('[G-71] tells of changes to what is subscribed to, until it no longer is, and over a restart', async () => {
    const agent = await legacy('subscriber');
    const uri = 'hob://approvals/pending';
    const updates = (): number =>
      agent.received.filter(({ method }) => method === 'notifications/resources/updated').length;
    await request(agent, 'resources/subscribe', { uri });
    await request(agent, 'tools/call', { ...runs('a'), _meta: impatient });
    await agent.next(({ method }) => method === 'notifications/resources/updated');
    const told = agent.received.find(({ method }) => method === 'notifications/resources/updated');
    assert.deepEqual(told?.['params'], { uri });

    agent.received.splice(0);
    await world.killHost();
    editor = await world.editor();
    await agent.next(({ method }) => method === 'notifications/resources/updated');
    agent.received.splice(0);
    await editor.respond(await editor.nextCard(), 'deny');
    await agent.next(({ method }) => method === 'notifications/resources/updated');

    await request(agent, 'resources/unsubscribe', { uri });
    agent.received.splice(0);
    await request(agent, 'tools/call', { ...runs('b'), _meta: impatient });
    await editor.respond(await editor.nextCard(), 'deny');
    await request(agent, 'ping');
    assert.equal(updates(), 0);
  });

  it('[G-71] tells of changes in 2026-07-28 too, and only of what was asked for', async () => {
    const agent = world.rawAgent('listener');
    const uri = 'hob://approvals/pending';
    const notifications = { resourceSubscriptions: [uri] };
    agent.send({
      id: 1,
      method: 'subscriptions/listen',
      params: { notifications, _meta: modern() },
    });
    await agent.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
    await request(agent, 'tools/call', { ...runs('c'), _meta: { ...modern(), ...impatient } });
    await agent.next(({ method }) => method === 'notifications/resources/updated');
    const told = agent.received.filter(
      ({ method }) => method === 'notifications/resources/updated',
    );
    for (const { params } of told) {
      const { uri: changed, _meta: meta } = params as { uri: string; _meta: JsonObject };
      assert.deepEqual([changed, meta['io.modelcontextprotocol/subscriptionId']], [uri, 1]);
    }
  });

  it('[G-75] offers prompts that bring what they speak of, and complete their arguments', async () => {
    const agent = await legacy('prompter');
    await request(agent, 'tools/call', { ...runs('waits'), _meta: impatient });
    const { prompts } = (await request(agent, 'prompts/list')).result as unknown as {
      prompts: { name: string; title: string; description: string }[];
    };
    assert.deepEqual(prompts.map(({ name }) => name).toSorted(), [
      'daily_briefing',
      'plan_schedule',
      'review_approvals',
      'summarize_session',
    ]);
    for (const { name, title, description } of prompts) {
      assert.ok(title !== '' && description !== '');
      const args = name === 'plan_schedule' ? { goal: 'back up' } : {};
      const { result } = await request(agent, 'prompts/get', { name, arguments: args });
      const messages = result['messages'] as {
        content: { type: string; resource?: { text: string } };
      }[];
      assert.equal(messages[0]?.content.type, 'text');
      const attached = messages.flatMap(({ content }) => content.resource?.text ?? []);
      assert.ok(attached.length > 0 && attached.every((text) => JSON.parse(text) !== null));
      if (name === 'review_approvals') assert.match(attached.join(''), /waits/);
    }
    const params = {
      ref: { type: 'ref/prompt', name: 'daily_briefing' },
      argument: { name: 'hours', value: '2' },
    };
    const { result } = await request(agent, 'completion/complete', params);
    assert.deepEqual((result['completion'] as JsonObject)['values'], ['24']);
    const bad = await request(agent, 'prompts/get', { name: 'plan_schedule', arguments: {} });
    assert.equal(bad.error.code, -32_602);
  });

  it('[G-72] 2025-11-25: a call becomes a task that survives the host, and gives its result', async () => {
    const agent = await legacy('tasker');
    const { result } = await request(agent, 'tools/call', { ...runs('as a task'), task: {} });
    const { taskId, status } = result['task'] as { taskId: string; status: string };
    assert.equal(status, 'working');
    const { tools } = (await request(agent, 'tools/list')).result as unknown as {
      tools: { name: string; execution?: { taskSupport: string } }[];
    };
    assert.deepEqual(
      tools
        .filter(({ execution }) => execution?.taskSupport === 'optional')
        .map(({ name }) => name),
      ['run_command', 'request_approval', 'call_external_tool'],
    );
    await world.killHost();
    editor = await world.editor();
    const got = await request(agent, 'tasks/get', { taskId });
    assert.deepEqual([got.result['taskId'], got.result['status']], [taskId, 'working']);
    const ending = request(agent, 'tasks/result', { taskId });
    await approve();
    const ended = (await ending).result;
    assert.match(textOf(ended), /^succeeded/);
    assert.deepEqual((ended['_meta'] as JsonObject)['io.modelcontextprotocol/related-task'], {
      taskId,
    });
    const { tasks } = (await request(agent, 'tasks/list')).result as unknown as {
      tasks: JsonObject[];
    };
    assert.deepEqual([tasks[0]?.['taskId'], tasks[0]?.['status']], [taskId, 'completed']);
    assert.equal((await request(agent, 'tasks/cancel', { taskId })).error.code, -32_602);
    const never = await request(agent, 'tools/call', {
      name: 'get_status',
      arguments: {},
      task: {},
    });
    assert.equal(never.error.code, -32_601);
    const other = await legacy('nosy-tasker');
    assert.equal((await request(other, 'tasks/get', { taskId })).error.code, -32_602);
  });

  it('[G-72] 2025-11-25: a task is cancelled, and its question with it; one that was denied has failed', async () => {
    const agent = await legacy('canceller');
    const begin = async (): Promise<string> => {
      const { result } = await request(agent, 'tools/call', { ...runs('never'), task: {} });
      return (result['task'] as { taskId: string }).taskId;
    };
    const first = await begin();
    await editor.nextCard();
    assert.equal(
      (await request(agent, 'tasks/cancel', { taskId: first })).result['status'],
      'cancelled',
    );
    assert.deepEqual(await editor.waiting(), []);
    const second = await begin();
    await editor.respond(await editor.nextCard(), 'deny');
    await request(agent, 'tasks/result', { taskId: second });
    assert.equal(
      (await request(agent, 'tasks/get', { taskId: second })).result['status'],
      'failed',
    );
    const tool = await request(agent, 'tools/call', { ...runs('third'), _meta: impatient });
    const { run_id } = tool.result['structuredContent'] as unknown as Ids;
    const cancelled = await request(agent, 'tools/call', {
      name: 'cancel_run',
      arguments: { run_id },
    });
    assert.deepEqual(cancelled.result['structuredContent'], { status: 'cancelled', run_id });
  });

  it('[G-72] 2026-07-28: what waits becomes a task for a client that knows tasks, and for no other', async () => {
    const agent = world.rawAgent('modern-tasker');
    const quick = await request(agent, 'tools/call', {
      name: 'run_command',
      arguments: { argv: ['ls'] },
      _meta: taking,
    });
    assert.equal(quick.result['resultType'], 'complete');
    const { result } = await request(agent, 'tools/call', { ...runs('modern'), _meta: taking });
    const { taskId } = result as { taskId: string };
    assert.deepEqual([result['resultType'], result['status']], ['task', 'working']);
    const get = async () => (await request(agent, 'tasks/get', { taskId, _meta: taking })).result;
    assert.equal((await get())['result'], undefined);
    await approve();
    let detail = await get();
    while (detail['status'] === 'working') detail = await get();
    assert.equal(detail['status'], 'completed');
    assert.match(textOf(detail['result'] as JsonObject), /^succeeded[^]*modern/);
    const unaware = await request(agent, 'tasks/get', { taskId, _meta: modern() });
    assert.equal(unaware.error.code, -32_021);
    const waited = await request(agent, 'tools/call', {
      ...runs('waits itself'),
      _meta: { ...modern(), ...impatient },
    });
    assert.equal(waited.result['resultType'], 'complete');
  });

  it('[G-73] tells who waits how it stands, more than once', async () => {
    const client = new Client({ name: 'patient', version: '1' });
    await client.connect(
      new StdioClientTransport({ ...world.bridge('patient'), stderr: 'ignore' }),
    );
    try {
      const told: { progress: number; message?: string | undefined }[] = [];
      const slow = [process.execPath, '-e', 'setTimeout(() => {}, 200)'];
      const call = { name: 'run_command', arguments: { argv: slow } };
      const asked = client.callTool(call, undefined, { onprogress: (p) => void told.push(p) });
      await approve();
      await asked;
      assert.deepEqual(
        told.map(({ message }) => message),
        ['A person has to answer in the editor.', 'It is running.'],
      );
      assert.ok(
        told.every(({ progress }, at) => at === 0 || progress > Number(told[at - 1]?.progress)),
      );
    } finally {
      await client.close();
    }
  });

  it('[G-74] 2025-11-25: asks the client when a schedule is to be, and a person in the editor whether', async () => {
    const client = new Client(
      { name: 'asked', version: '1' },
      { capabilities: { elicitation: {} } },
    );
    const answers: ('accept' | 'decline')[] = ['accept', 'decline'];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      assert.match(params.message, /When should "tests" happen/);
      return { action: answers.shift() ?? 'cancel', content: { when: 'every weekday at 9' } };
    });
    await client.connect(new StdioClientTransport({ ...world.bridge('asked'), stderr: 'ignore' }));
    const wish = {
      name: 'create_schedule',
      arguments: { name: 'tests', do: { reminder: 'look' } },
    };
    try {
      const asked = client.callTool(wish);
      const card = await editor.nextCard();
      assert.match(JSON.stringify(card.call), /0 9 \* \* 1-5/);
      await editor.respond(card, 'approve');
      assert.equal(((await asked).structuredContent as JsonObject)['status'], 'done');
      const declined = await client.callTool(wish);
      assert.equal(declined.isError, true);
      assert.match(textOf(declined as never), /did not say when/);
    } finally {
      await client.close();
    }
    const agent = await legacy('not-asked');
    assert.match(
      textOf((await request(agent, 'tools/call', wish)).result),
      /^invalid_payload: Give when/,
    );
  });

  it('[G-74] 2026-07-28: takes an answer only with the state of its own question, for the same call', async () => {
    const agent = world.rawAgent('modern-asked');
    const asking = modern({ elicitation: {} });
    const call = (change: JsonObject, args: JsonObject = {}) =>
      request(agent, 'tools/call', {
        name: 'create_schedule',
        arguments: { name: 'tests', do: { reminder: 'look' }, ...args },
        _meta: { ...asking, ...impatient },
        ...change,
      });
    const { result } = await call({});
    assert.equal(result['resultType'], 'input_required');
    const { requestState } = result as { requestState: string };
    const inputResponses = { when: { action: 'accept', content: { when: 'every weekday at 9' } } };
    const forged = `${requestState.slice(0, -4)}AAAA`;
    assert.equal((await call({ inputResponses, requestState: forged })).error.code, -32_602);
    const swapped = await call({ inputResponses, requestState }, { name: 'other' });
    assert.equal(swapped.error.code, -32_602);
    const other = world.rawAgent('modern-thief');
    const stolen = await request(other, 'tools/call', {
      name: 'create_schedule',
      arguments: { name: 'tests', do: { reminder: 'look' } },
      _meta: asking,
      inputResponses,
      requestState,
    });
    assert.equal(stolen.error.code, -32_602);
    // An answer without its question is no answer.
    assert.equal((await call({ inputResponses })).result['resultType'], 'input_required');
    const named = async (): Promise<number> => {
      const { tasks } = await editor.client.request('scheduler.list', {});
      return tasks.filter(({ name }) => name === 'tests').length;
    };
    const before = await named();
    // Sent again, it asks the person again, and that is all it does.
    for (const cards of [1, 2]) {
      const taken = await call({ inputResponses, requestState });
      assert.equal((taken.result['structuredContent'] as JsonObject)['status'], 'pending');
      assert.equal((await editor.waiting()).length, cards);
    }
    assert.equal(await named(), before);
  });

  it('[G-74] works with a client of the 2.x SDK that answers by itself', async () => {
    const client = new ModernClient(
      { name: 'modern', version: '1' },
      {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
      },
    );
    client.setRequestHandler('elicitation/create', () =>
      Promise.resolve({ action: 'accept' as const, content: { when: 'tomorrow at noon' } }),
    );
    await client.connect(new ModernTransport({ ...world.bridge('modern'), stderr: 'ignore' }));
    try {
      const asked = client.callTool({
        name: 'create_schedule',
        arguments: { name: 'once', do: { reminder: 'look' } },
      });
      await editor.respond(await editor.nextCard(), 'approve');
      assert.equal(((await asked).structuredContent as JsonObject)['status'], 'done');
    } finally {
      await client.close();
    }
  });
});
