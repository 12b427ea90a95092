// What external servers ask the person during a call, through a real host and real servers of both eras.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { InquiryView } from '#schema/views/inquiry.ts';
import { HttpMcpServer } from '../fakes/http-mcp-server.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { addHttp, addServer, callTool, textOf, until } from '../fakes/test-servers.ts';

const database = {
  message: 'Which database?',
  requestedSchema: {
    type: 'object',
    properties: {
      engine: { type: 'string', enum: ['PostgreSQL', 'SQLite'], default: 'SQLite' },
      size: { type: 'integer', minimum: 1 },
    },
    required: ['size'],
  },
};

describe('what servers ask people', function () {
  this.timeout(60_000);
  let test: TestHost;

  beforeEach(async () => {
    test = await startTestHost();
  });
  afterEach(() => test[Symbol.asyncDispose]());

  const ask = (params: JsonObject = database) =>
    callTool(test, 'odd', 'asks', { params: JSON.stringify(params) });
  /** What the server was told, as it says itself. */
  const told = async (run: ReturnType<typeof ask>) => JSON.parse(textOf(await run)) as JsonObject;
  const open = async (): Promise<InquiryView[]> =>
    (await test.editor.client.request('inquiry.list', {})).inquiries;
  const card = () => until(async () => (await open())[0]);
  const answer = (inquiry_id: string, content: JsonObject) =>
    test.editor.client.request('inquiry.answer', { inquiry_id, content });
  const decline = (inquiry_id: string, dismiss: boolean) =>
    test.editor.client.request('inquiry.decline', { inquiry_id, dismiss });
  const refusals = async () => {
    const wanted = { event_type: ['server.question_refused'] };
    const { events } = await test.editor.client.request('event.query', wanted);
    return events.map(({ data }) => String(data?.['reason']));
  };

  it('[X-14] a card says which server asks, in whose call; what is sent fits the form, and goes to the server', async () => {
    await addServer(test, 'odd');
    const run = ask();
    const { inquiry_id, requester, during, question, fields, kind } = await card();
    assert.deepEqual([requester.kind, requester.display, kind], ['service', 'server odd', 'form']);
    assert.deepEqual(during, { tool: 'odd/asks', caller: 'you' });
    assert.deepEqual([question, fields?.length], ['Which database?', 2]);
    await assert.rejects(answer(inquiry_id, {}), /Fill in "size"/);
    await assert.rejects(answer(inquiry_id, { size: 0 }), /1 at least/);
    await assert.rejects(
      test.editor.client.request('inquiry.answer', { inquiry_id, text: 'yes' }),
      /answered on its card/,
    );
    await answer(inquiry_id, { size: 3 });
    assert.deepEqual(await told(run), {
      action: 'accept',
      content: { engine: 'SQLite', size: 3 },
    });
    const { events } = await test.editor.client.request('event.query', { stream_id: inquiry_id });
    assert.deepEqual(
      events.map(({ event_type, causation_id }) => [event_type, causation_id !== null]),
      [
        ['inquiry.asked', true],
        ['inquiry.answered', false],
      ],
    );
    assert.equal((await test.editor.client.request('audit.verify', {})).decisions, 2);
  });

  it('[X-14] no and put away are told apart; nobody but the editor answers', async () => {
    await addServer(test, 'odd');
    const first = ask();
    const { inquiry_id } = await card();
    const agent = await test.host.connect('agent', 'codex');
    const cli = await test.host.connect('cli');
    for (const client of [agent, cli])
      await assert.rejects(
        client.request('inquiry.answer', { inquiry_id, content: { size: 1 } }),
        (failure) => (failure as { code?: unknown }).code === 'role_refused',
      );
    assert.deepEqual((await agent.request('inquiry.list', {})).inquiries, []);
    await decline(inquiry_id, false);
    assert.deepEqual(await told(first), { action: 'decline' });
    const second = ask();
    await decline((await card()).inquiry_id, true);
    assert.equal((await told(second))['action'], 'cancel');
  });

  it('[X-14] a secret is neither asked for nor sent', async () => {
    await addServer(test, 'odd');
    const password = { type: 'object', properties: { password: { type: 'string' } } };
    const asked = await told(ask({ message: 'Log in', requestedSchema: password }));
    assert.equal(asked['action'], 'cancel');
    assert.match((await refusals()).join(), /"password" is a secret/);
    const note = { type: 'object', properties: { note: { type: 'string' } } };
    const run = ask({ message: 'Anything else?', requestedSchema: note });
    const { inquiry_id } = await card();
    const key = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    await assert.rejects(answer(inquiry_id, { note: key }), /looks like a password or a key/);
    await decline(inquiry_id, false);
    await run;
    const record = await test.editor.client.request('event.query', { limit: 500 });
    assert.ok(!JSON.stringify(record).includes(key));
  });

  it('[X-14] is over with its call: cancelled, its server ended, or the host', async () => {
    await addServer(test, 'odd');
    const ended = async (how: () => Promise<unknown>): Promise<string | null> => {
      const run = ask().catch(() => null);
      const { inquiry_id } = await card();
      await how();
      await run;
      return until(async () => {
        const { inquiry } = await test.editor.client.request('inquiry.get', { inquiry_id });
        return inquiry.status === 'cancelled' && inquiry.ended_reason;
      });
    };
    const cancel = async () => {
      const { runs } = await test.editor.client.request('run.list', { status: ['running'] });
      const [run] = runs;
      assert.ok(run !== undefined);
      await test.editor.client.request('run.cancel', { run_id: run.run_id });
    };
    assert.match((await ended(cancel)) ?? '', /call that asked is over/);
    const stop = () => test.editor.client.request('server.stop', { name: 'odd' });
    assert.match((await ended(stop)) ?? '', /call that asked is over/);
    assert.match((await ended(() => test.restart())) ?? '', /over|started again/);
  });

  it('[X-14] a server that nobody called asks nobody', async () => {
    await addServer(test, 'odd', ['--asks-unasked']);
    await until(async () => (await refusals()).length > 0);
    assert.match((await refusals()).join(), /no tool of it was called/);
    assert.deepEqual(await open(), []);
  });

  it('[X-14] [X-11] a server of the newer protocol asks by its result, and gets its state back with the answer', async () => {
    await using far = await HttpMcpServer.start();
    const retried: JsonObject[] = [];
    far.instead = (body, response) => modern(far, body, response, retried);
    await addHttp(test, 'far', far.url);
    const run = callTool(test, 'far', 'echo', { text: 'x' });
    const { inquiry_id, kind, url } = await card();
    assert.deepEqual([kind, url], ['link', 'https://example.org/connect']);
    await answer(inquiry_id, {});
    assert.equal(textOf(await run), 'done');
    assert.deepEqual(
      retried.map(({ requestState, inputResponses }) => [requestState, inputResponses]),
      [['state-1', { page: { action: 'accept', content: {} } }]],
    );
  });
});

/** A server of 2026-07-28 whose tool wants a page opened first. */
function modern(
  far: HttpMcpServer,
  body: JsonObject,
  response: ServerResponse,
  retried: JsonObject[],
): boolean {
  const { method, params } = body as { method: string; params?: JsonObject };
  const complete = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
  if (method === 'server/discover')
    far.reply(response, body, {
      ...complete,
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      serverInfo: { name: 'far', version: '1' },
    });
  else if (method === 'tools/list')
    far.reply(response, body, {
      ...complete,
      tools: [{ name: 'echo', description: 'x', inputSchema: { type: 'object', properties: {} } }],
    });
  else if (method !== 'tools/call') return false;
  else if (params?.['inputResponses'] === undefined)
    far.reply(response, body, {
      resultType: 'input_required',
      inputRequests: {
        page: {
          method: 'elicitation/create',
          params: { mode: 'url', message: 'Connect', url: 'https://example.org/connect' },
        },
      },
      requestState: 'state-1',
    });
  else {
    retried.push(params);
    far.reply(response, body, {
      resultType: 'complete',
      content: [{ type: 'text', text: 'done' }],
    });
  }
  return true;
}
