// kill -9 of the host under agents that talk to it: their sessions go on, no read fails, and nothing happens twice.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import { kills } from '../fakes/kills.ts';
import { AgentWorld, pause } from './mcp/agent-world.ts';

interface Tally {
  failedReads: readonly string[];
  /** What each call was answered with, by its title. */
  told: ReadonlyMap<string, string>;
  /** How often each happened. */
  seen: ReadonlyMap<string, number>;
}

/** What must not have happened, in words. A call whose answer is `host_restarted` may have happened once or not at all. */
function faultsIn({ failedReads, told, seen }: Tally): string[] {
  return [
    ...failedReads.map((why) => `a read failed: ${why}`),
    ...[...seen]
      .filter(([, times]) => times > 1)
      .map(([title, times]) => `${title} happened ${times} times`),
    ...[...told]
      .filter(([title, code]) => code === 'ok' && !seen.has(title))
      .map(([title]) => `${title} was answered and is not stored`),
    ...[...told]
      .filter(([, code]) => code !== 'ok' && code !== 'host_restarted')
      .map(([title, code]) => `${title} was answered with ${code}`),
  ];
}

describe('an MCP session and the host under it', function () {
  let world: AgentWorld;

  beforeEach(() => (world = new AgentWorld()));
  afterEach(() => world[Symbol.asyncDispose]());

  const connect = async (name: string): Promise<Client> => {
    const client = new Client({ name, version: '1' });
    await client.connect(new StdioClientTransport({ ...world.bridge(name), stderr: 'ignore' }));
    return client;
  };
  const append = (line: string): string[] => [
    process.execPath,
    '-e',
    `require('node:fs').appendFileSync('ran', ${JSON.stringify(`${line}\n`)})`,
  ];
  const linesRan = (): string[] => {
    const file = path.join(world.workspace, 'ran');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };

  it('[G-26] [G-10] goes on waiting for the same question when the host is killed, and gets the answer', async () => {
    const client = await connect('patient');
    try {
      const before = await world.editor();
      const asked = client.callTool({ name: 'run_command', arguments: { argv: append('once') } });
      const shown = await before.nextCard();
      await world.killHost();
      const after = await world.editor();
      const card = await after.nextCard();
      assert.equal(card.approval_id, shown.approval_id);
      await after.respond(card, 'approve', { confirmed: true });
      const { structuredContent } = await asked;
      assert.deepEqual(
        [(structuredContent as JsonObject)['status'], linesRan()],
        ['succeeded', ['once']],
      );
    } finally {
      await client.close();
    }
  });

  it('[G-26] [G-11] says that a command was cut off, and does not run it again', async () => {
    const client = await connect('cut');
    try {
      const editor = await world.editor();
      const slow = [
        process.execPath,
        '-e',
        `require('node:fs').appendFileSync('ran', 'slow\\n'); setTimeout(() => {}, 5000)`,
      ];
      const asked = client.callTool({ name: 'run_command', arguments: { argv: slow } });
      await editor.respond(await editor.nextCard(), 'approve', { confirmed: true });
      while (linesRan().length === 0) await pause(10);
      await world.killHost();
      const { structuredContent, isError } = await asked;
      assert.deepEqual(
        [(structuredContent as JsonObject)['status'], isError, linesRan()],
        ['interrupted', true, ['slow']],
      );
    } finally {
      await client.close();
    }
  });

  it('[G-26] [G-05] survives kills under load: no failed read, no call twice', async () => {
    const reader = await connect('reader');
    const names = ['writer-1', 'writer-2', 'writer-3'];
    const writers = await Promise.all(names.map(connect));
    const tally = {
      reads: 0,
      failedReads: [] as string[],
      told: new Map<string, string>(),
      stop: false,
    };
    const outcome = (name: string, work: ReturnType<Client['callTool']>): Promise<void> =>
      work.then(
        (answer) =>
          void tally.told.set(
            name,
            answer.isError === true ? JSON.stringify(answer.content) : 'ok',
          ),
        (failure: { data?: { code?: string }; message: string }) =>
          void tally.told.set(name, failure.data?.code ?? failure.message),
      );
    const read = async (): Promise<void> => {
      while (!tally.stop) {
        await reader
          .callTool({
            name: tally.reads % 3 === 0 ? 'list_approvals' : 'get_status',
            arguments: {},
          })
          .then(
            ({ isError }) =>
              isError === true ? tally.failedReads.push('isError') : (tally.reads += 1),
            (failure: Error) => tally.failedReads.push(failure.message),
          );
        await pause(2);
      }
    };
    // Few enough a name that none is turned away for calling too often.
    const write = async (writer: Client, lane: number, round: number): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        const title = `note-${lane}-${round}-${n}`;
        await outcome(title, writer.callTool({ name: 'notify_user', arguments: { title } }));
        await pause(1);
      }
    };
    const killed = new Set<number>();
    try {
      const load = [read(), read(), read(), read()];
      let round = 0;
      for (const _ of kills({ most: 12, least: 8, enoughMs: 30_000 })) {
        const before = tally.reads;
        // Each host serves for a moment first, and dies in the middle of it.
        while (tally.reads < before + 10) await pause(5);
        round += 1;
        const writing = writers.map((writer, lane) => write(writer, lane, round));
        await pause(Math.random() * 40);
        const pid = await world.killHost();
        if (pid !== null) killed.add(pid);
        await Promise.all(writing);
      }
      const last = tally.reads;
      while (tally.reads < last + 10) await pause(5);
      tally.stop = true;
      await Promise.all(load);
    } finally {
      await reader.close();
      for (const writer of writers) await writer.close();
    }
    const cli = await world.connect('cli');
    const seen = new Map<string, number>();
    for (let from = 0; ;) {
      const { events } = await cli.request('event.query', {
        event_type: ['notification.shown'],
        from_seq: from,
        limit: 1_000,
      });
      for (const { data } of events) {
        const title = data?.['title'];
        assert.ok(typeof title === 'string');
        // Shown as the agent's own words: "writer-1: note-0-1-0".
        const own = title.slice('writer-1: '.length);
        seen.set(own, (seen.get(own) ?? 0) + 1);
      }
      const end = events.at(-1);
      if (end === undefined) break;
      from = end.seq;
    }
    assert.deepEqual(faultsIn({ failedReads: tally.failedReads, told: tally.told, seen }), []);
    assert.ok([...tally.told.values()].filter((told) => told === 'ok').length > killed.size);
    const cut = [...tally.told.values()].filter((told) => told === 'host_restarted').length;
    console.log(
      `      ${killed.size} kills, ${tally.reads} reads, ${tally.told.size} calls, ${cut} of them cut off`,
    );
  });

  it('[G-43] would notice a failed read, a call that happened twice, one that was lost and an unknown answer', () => {
    const good = {
      failedReads: [],
      told: new Map([
        ['a', 'ok'],
        ['b', 'host_restarted'],
      ]),
      seen: new Map([
        ['a', 1],
        ['b', 1],
      ]),
    };
    assert.deepEqual(faultsIn(good), []);
    assert.deepEqual(faultsIn({ ...good, failedReads: ['closed'] }), ['a read failed: closed']);
    assert.deepEqual(
      faultsIn({
        ...good,
        seen: new Map([
          ['a', 1],
          ['b', 2],
        ]),
      }),
      ['b happened 2 times'],
    );
    assert.deepEqual(faultsIn({ ...good, seen: new Map([['b', 1]]) }), [
      'a was answered and is not stored',
    ]);
    assert.deepEqual(
      faultsIn({
        ...good,
        told: new Map([
          ['a', 'ok'],
          ['b', 'timeout'],
        ]),
      }),
      ['b was answered with timeout'],
    );
  });

  it('[G-26] answers what it may not repeat, and says that it may have happened', async () => {
    const agent = world.rawAgent();
    await agent.initialize();
    // The host stands still with the call in its hands.
    const pid = (await world.hostPid()) ?? 0;
    process.kill(pid, 'SIGSTOP');
    const asked = agent.call(1, 'notify_user', { title: 'maybe' });
    const reading = agent.call(2, 'get_status');
    await pause(200);
    await world.killHost();
    const { error } = (await asked) as { error: { message: string; data: JsonObject } };
    assert.deepEqual(error.data, { code: 'host_restarted', retryable: false });
    assert.match(error.message, /may or may not/);
    assert.ok('result' in (await reading));
  });

  it('[G-26] writes nothing but MCP, whatever it is given, and stays', async () => {
    const agent = world.rawAgent();
    await agent.initialize();
    for (const line of [
      '',
      'not json',
      '[]',
      '{"jsonrpc":"2.0"',
      '"text"',
      '\u0000',
      `{"jsonrpc":"2.0","id":1,"method":"nothing/known"}`,
    ])
      agent.line(line);
    const { error } = (await agent.answer(1)) as { error: { code: number } };
    assert.equal(error.code, -32_601);
    assert.ok('result' in (await agent.call(2, 'get_status')));
  });

  it('[G-46] [G-26] answers a message of 5 MiB, refuses one over 16 MiB with a code, and goes on', async () => {
    const agent = world.rawAgent();
    await agent.initialize();
    const large = await agent.call(1, 'notify_user', { title: 'x'.repeat(5 * 1024 * 1024) });
    const { isError, content } = large['result'] as { isError: boolean; content: JsonObject[] };
    assert.equal(isError, true);
    assert.match(String(content[0]?.['text']), /^invalid_payload/);
    agent.send({ id: 2, method: 'ping', params: { x: 'x'.repeat(17 * 1024 * 1024) } });
    const { error } = (await agent.answer(null)) as { error: { code: number; message: string } };
    assert.equal(error.code, -32_700);
    assert.match(error.message, /over 16 MiB/);
    assert.ok('result' in (await agent.call(3, 'get_status')));
  });

  it('[G-26] ends when the agent closes its end, also with a call that waits', async () => {
    const agent = world.rawAgent();
    await agent.initialize();
    const editor = await world.editor();
    agent.send({
      id: 1,
      method: 'tools/call',
      params: { name: 'run_command', arguments: { argv: append('orphan') } },
    });
    const card = await editor.nextCard();
    agent.process.stdin.end();
    assert.equal(await agent.exit, 0);
    // The question stays: it can be answered although nobody waits.
    await editor.respond(card, 'approve', { confirmed: true });
    const { run } = await editor.client.request('run.get', {
      run_id: String(card.run_id),
      wait_ms: 10_000,
    });
    assert.deepEqual([run.status, linesRan()], ['succeeded', ['orphan']]);
  });

  it('[G-26] is refused with a token that is unknown, and says so', async () => {
    const { command, args, cwd } = world.bridge();
    const client = new Client({ name: 'x', version: '1' });
    const transport = new StdioClientTransport({
      command,
      args,
      cwd,
      stderr: 'ignore',
      env: { PATH: process.env['PATH'] ?? '', HOB_AGENT_TOKEN: 'no-such-token' },
    });
    const failure = await client.connect(transport).then(
      () => null,
      (thrown: { data?: { code?: string } }) => thrown,
    );
    assert.equal(failure?.data?.code, 'token_revoked');
    await transport.close();
  });

  it('[G-26] proves the name of an agent that has a token, until it is revoked', async () => {
    const editor = await world.editor();
    const { agent, token } = await editor.client.request('agent.add', { name: 'proven-one' });
    const { command, args, cwd } = world.bridge('something-else');
    const client = new Client({ name: 'x', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command,
        args,
        cwd,
        stderr: 'ignore',
        env: { PATH: process.env['PATH'] ?? '', HOB_AGENT_TOKEN: token },
      }),
    );
    try {
      const { structuredContent } = await client.callTool({ name: 'get_status', arguments: {} });
      assert.deepEqual((structuredContent as JsonObject)['you'], {
        name: 'proven-one',
        proven: true,
      });
      await editor.client.request('agent.revoke', { agent_id: agent.agent_id });
      const refused = await client.callTool({ name: 'get_status', arguments: {} }).then(
        () => 'answered',
        (thrown: { data?: { code?: string } }) => thrown.data?.code,
      );
      assert.equal(refused, 'token_revoked');
    } finally {
      await client.close();
    }
  });
});
