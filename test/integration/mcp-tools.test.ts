// Every tool of Hob, called by an agent on a whole host: what it answers is what it says it answers. And what
// was too long for an answer is read by the agent that made it, piece by piece, and by nobody else.
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { after, before, describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { agentOf, type TestAgent, type ToolResult } from '../fakes/test-mcp-agent.ts';
import { addServer } from '../fakes/test-servers.ts';

interface Listed {
  name: string;
  outputSchema: JsonObject & { properties: Record<string, { type?: unknown; anyOf?: unknown }> };
}
interface Called {
  content: { type: string; text: string }[];
  structuredContent?: JsonObject;
  isError?: boolean;
}

const validator = new AjvJsonSchemaValidator();

describe('the tools of Hob', function () {
  this.timeout(60_000);
  let test: TestHost;
  let agent: TestAgent;
  let tools: Map<string, Listed>;

  before(async () => {
    test = await startTestHost();
    await test.editor.open([realpathSync(tmpdir())]);
    agent = await agentOf(test.host, 'asker');
    const listed = (await agent.request('tools/list'))['tools'] as unknown as Listed[];
    tools = new Map(listed.map((tool) => [tool.name, tool]));
    await addServer(test, 'odd');
  });
  after(async () => {
    await agent.close();
    await test[Symbol.asyncDispose]();
  });

  const notYet = new Set<string>();
  /** Calls it and holds the answer to what the tool says of its answers. */
  async function checked(name: string, args: JsonObject = {}): Promise<ToolResult> {
    notYet.delete(name);
    const asked = agent.request('tools/call', { name, arguments: args });
    const { structuredContent, content, isError } = (await asked) as unknown as Called;
    assert.notEqual(isError, true, `${name}: ${content[0]?.text}`);
    assert.ok(structuredContent, `${name} has no structured answer`);
    const { outputSchema } = tools.get(name) as Listed;
    const { valid, errorMessage } = validator.getValidator(outputSchema as never)(
      structuredContent,
    );
    assert.ok(valid, `${name}: ${errorMessage ?? ''} in ${JSON.stringify(structuredContent)}`);
    assert.equal(content[0]?.type, 'text');
    assert.ok(content[0].text.length > 0, `${name} has no text`);
    return structuredContent as ToolResult;
  }
  /** The same for a call that a person has to answer. */
  async function approved(name: string, args: JsonObject): Promise<ToolResult> {
    const asked = checked(name, args);
    const card = await Promise.race([test.editor.nextCard(), ended(asked)]);
    await test.editor.respond(card, 'approve', { confirmed: card.danger });
    return asked;
  }
  const ended = async (asked: Promise<ToolResult>): Promise<never> => {
    throw new Error(`it ended without a card: ${JSON.stringify(await asked)}`);
  };
  const node = (program: string): string[] => [process.execPath, '-e', program];

  it('[G-26] say the kind of every field of their answers', () => {
    for (const { name, outputSchema } of tools.values())
      for (const [field, { type, anyOf }] of Object.entries(outputSchema.properties))
        assert.ok((type ?? anyOf) !== undefined, `${name}: ${field} has no type`);
  });

  it('[G-26] [U-03] each answers what its schema says, as data and as text', async () => {
    for (const name of tools.keys()) notYet.add(name);
    await checked('get_status');
    await checked('get_policy');
    const { run_id } = await approved('run_command', { argv: node('console.log(1)') });
    assert.equal((await checked('get_run', { run_id }))['stdout'], '1\n');
    await checked('cancel_run', { run_id });
    const may = await approved('request_approval', {
      action: 'fs.write',
      tool: 'Write',
      paths: ['/tmp/x'],
    });
    await checked('get_approval', { approval_id: String(may['approval_id']) });
    await checked('list_approvals', { status: ['approved'] });
    await checked('notify_user', { title: 'hello', message: 'there' });
    await checked('speak_text', { text: 'hello' });
    await checked('stop_speaking');
    const question = checked('ask_user', { question: 'Which?', choices: ['a', 'b'] });
    await answerNext({ choice: 1 });
    const { inquiry_id, choice } = await question;
    assert.equal(choice, 1);
    await checked('get_answer', { inquiry_id });
    const heard = checked('listen_once', { prompt: 'Say a colour' });
    await answerNext({ text: 'blue' });
    assert.equal((await heard)['answer'], 'blue');
    await checked('cancel_question', { inquiry_id });
    const wish = { name: 'later', when: { every_seconds: 86_400 }, do: { reminder: 'look' } };
    const task_id = String((await approved('create_schedule', wish))['task_id']);
    const paused = await checked('update_schedule', { task_id, paused: true });
    assert.equal(paused['next_due'], undefined);
    await checked('update_schedule', { task_id, paused: false });
    await checked('list_schedules');
    await checked('get_schedule', { task_id });
    await checked('run_schedule_now', { task_id });
    const cancelled = await checked('cancel_schedule', { task_id });
    assert.deepEqual(cancelled, { status: 'done', task_id }, 'it is not due any more');
    await checked('search_external_tools', { query: 'echo' });
    const echo = { server: 'odd', tool: 'echo', arguments: { text: 'x' } };
    await approved('call_external_tool', echo);
    await checked('list_events');
    assert.deepEqual([...notYet], [], 'these were not called');
  });

  it('[G-43] an answer of another kind would be seen', () => {
    const { outputSchema } = tools.get('run_command') as Listed;
    const isValid = validator.getValidator(outputSchema as never);
    assert.equal(isValid({ status: 'succeeded', truncated: 'no' }).valid, false);
    assert.equal(isValid({ status: 1 }).valid, false);
  });

  it('[M-62] [G-26] a long output is read whole by its agent, piece by piece and as a resource, and by no other', async () => {
    const line = 'ünïcödé 🦉 line\n';
    const program = `process.stdout.write(${JSON.stringify(line)}.repeat(60000))`;
    const run = await approved('run_command', { argv: node(program) });
    assert.equal(run['truncated'], true);
    assert.match(String(run['next']), /get_run with read/);
    const pieces = await readWhole(run.run_id, 'stdout');
    assert.ok(pieces.length > 10);
    assert.equal(pieces.join(''), line.repeat(60_000));

    const artifact = await linked('get_run', { run_id: run.run_id });
    const { contents } = (await agent.request('resources/read', { uri: artifact })) as {
      contents: { text: string; mimeType: string }[];
    };
    assert.equal(contents[0]?.mimeType, 'text/plain');
    assert.ok(line.repeat(60_000).startsWith(contents[0].text));
    assert.ok(contents[0].text.length > 500_000);

    const stranger = await agentOf(test.host, 'stranger');
    const refused = await stranger.text('get_run', { run_id: run.run_id, read: 'stdout' });
    assert.match(refused, /^not_found/);
    await assert.rejects(stranger.request('resources/read', { uri: artifact }), /-32602|-32002/);
    await stranger.close();
  });

  it('[M-62] what the agent alone is shown shorter is whole in its pieces too', async () => {
    const program = "process.stderr.write('x'.repeat(99999) + 'end')";
    const run = await approved('run_command', { argv: node(program) });
    assert.equal(run['truncated'], true);
    const args = { run_id: run.run_id, read: 'stderr', from: 98_304 };
    const last = await checked('get_run', args);
    assert.deepEqual([last['piece'], last['next_from']], [`${'x'.repeat(1_695)}end`, undefined]);
    assert.match(
      await agent.text('get_run', { run_id: run.run_id, read: 'answer' }),
      /^not_found: It has no answer/,
    );
  });

  it('[X-04] [M-62] a long answer of an external tool is read whole by the agent that asked', async () => {
    const run = await approved('call_external_tool', { server: 'odd', tool: 'long' });
    const whole = await readWhole(run.run_id, 'answer');
    const { content } = JSON.parse(whole.join('')) as { content: { text: string }[] };
    assert.equal(content[0]?.text, 'long '.repeat(60_000));
  });

  /** What was cut off, in the pieces that an agent gets. */
  async function readWhole(run_id: string, read: 'stdout' | 'answer'): Promise<string[]> {
    const pieces: string[] = [];
    for (let from: unknown = 0; from !== undefined;) {
      const got = await checked('get_run', { run_id, read, from: Number(from) });
      pieces.push(String(got['piece']));
      from = got['next_from'];
    }
    return pieces;
  }

  /** The address that a result links to. */
  async function linked(name: string, args: JsonObject): Promise<string> {
    const result = await agent.request('tools/call', { name, arguments: args });
    const parts = result['content'] as { type: string; uri?: string }[];
    const link = parts.find(({ type }) => type === 'resource_link');
    assert.match(link?.uri ?? '', /^hob:\/\/artifacts\/art/);
    return link?.uri ?? '';
  }

  async function answerNext(answer: { choice: number } | { text: string }): Promise<void> {
    const { client } = test.editor;
    for (;;) {
      const { inquiries } = await client.request('inquiry.list', {});
      const inquiry_id = inquiries.at(-1)?.inquiry_id;
      if (inquiry_id !== undefined)
        return void (await client.request('inquiry.answer', { inquiry_id, ...answer }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});
