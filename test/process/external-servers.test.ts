// Servers that other people use and the shipped programs: host process, `hob server`, `hob mcp`.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import * as path from 'node:path';
import { describe, it } from 'mocha';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerView } from '#schema/views/server.ts';
import { toolEntry } from '../../scripts/lib/tool-table.mjs';
import { isAlive } from '../fakes/is-alive.ts';
import { shipped } from '../fakes/shipped.ts';
import type { TestEditor } from '../fakes/test-editor.ts';
import { oddServer, until } from '../fakes/test-servers.ts';
import { AgentWorld } from './mcp/agent-world.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

function entryOf(name: string): string {
  const entry = toolEntry(name);
  if (entry === undefined) throw new Error(`${name} is not installed: npm test installs it`);
  return entry;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe('external servers, as they ship', function () {
  this.timeout(120_000);
  let world: AgentWorld;
  let editor: TestEditor;
  let files: string;

  before(async () => {
    world = new AgentWorld();
    editor = await world.editor();
    files = temporaryFolder('files');
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    rmSync(files, { recursive: true, force: true });
  });

  /** `hob server …`, and what it answers with --json. */
  const hob = (...args: string[]): Promise<{ code: number; lines: JsonObject[] }> =>
    new Promise((resolve) => {
      const words = [shipped.hob, 'server', '--json', '--data-dir', world.dataDir, ...args];
      execFile(process.execPath, words, { cwd: files }, (failure, stdout) => {
        const lines = stdout.split('\n').filter((line) => line !== '');
        resolve({
          code: failure === null ? 0 : Number(failure.code),
          lines: lines.map((line) => JSON.parse(line) as JsonObject),
        });
      });
    });
  /** The same, with the card that it leads to approved. */
  const approved = async (...args: string[]) => {
    const answer = hob(...args);
    const card = await editor.nextCard();
    await editor.respond(card, 'approve', { confirmed: card.danger });
    return answer;
  };
  const listed = async (name: string): Promise<ServerView> => {
    const { servers } = await editor.client.request('server.list', {});
    const found = servers.find((server) => server.name === name);
    assert.ok(found !== undefined, name);
    return found;
  };
  const called = async (server: string, tool: string, args: JsonObject): Promise<RunView> => {
    const { code, lines } = await approved('call', server, tool, JSON.stringify(args));
    const run = lines[0] as unknown as RunView;
    assert.equal(code, run.status === 'succeeded' ? 0 : 1);
    return run;
  };
  const answerOf = (run: RunView): string =>
    String((run.result?.['content'] as { text?: string }[])[0]?.text);

  it('[M-59] [M-60] [M-63] server-filesystem: reads, writes, lists, creates and moves inside its folder, and nothing else', async () => {
    const folder = path.join(files, 'given');
    mkdirSync(folder);
    const outside = path.join(files, 'outside.txt');
    writeFileSync(outside, 'not yours');
    const added = await approved(
      'add',
      'files',
      '--write',
      folder,
      '--',
      process.execPath,
      entryOf('mcp-filesystem'),
      folder,
    );
    assert.equal(added.code, 0, JSON.stringify(added.lines));
    const server = await listed('files');
    assert.equal(server.health.state, 'ready', String(server.health.problem));
    assert.equal(server.isolation.level, 'bubblewrap');
    assert.equal(server.tools?.usable, 14);
    const at = (name: string) => path.join(folder, name);
    const write = await called('files', 'write_file', { path: at('a.txt'), content: 'from Hob' });
    assert.equal(write.status, 'succeeded', JSON.stringify(write.error));
    assert.equal(readFileSync(at('a.txt'), 'utf8'), 'from Hob');
    assert.equal(
      answerOf(await called('files', 'read_text_file', { path: at('a.txt') })),
      'from Hob',
    );
    await called('files', 'create_directory', { path: at('sub') });
    await called('files', 'move_file', { source: at('a.txt'), destination: at('sub/b.txt') });
    assert.ok(existsSync(at('sub/b.txt')));
    assert.match(
      answerOf(await called('files', 'list_directory', { path: folder })),
      /\[DIR\] sub/,
    );
    const escape = await called('files', 'read_text_file', { path: outside });
    assert.equal(escape.error?.code, 'tool_failed');
    assert.match(answerOf(escape), /Access denied/);
  });

  it('[M-60] server-everything: what it adds after the start is pinned with the rest; data is checked', async () => {
    const argv = [process.execPath, entryOf('mcp-everything'), 'stdio'];
    assert.equal((await approved('add', 'everything', '--', ...argv)).code, 0);
    const { tools } = await listed('everything');
    assert.ok((tools?.usable ?? 0) >= 10, JSON.stringify(tools));
    assert.equal(tools?.quarantined, 0);
    const run = await called('everything', 'get-structured-content', { location: 'New York' });
    assert.equal(run.status, 'succeeded');
    assert.equal(typeof (run.result?.['structured'] as JsonObject)['temperature'], 'number');
    const environment = answerOf(await called('everything', 'get-env', {}));
    assert.ok(!environment.includes('SSH_AUTH_SOCK') && environment.includes('/tmp/home'));
  });

  it('[X-11] server-everything over streamable HTTP: added by its address, called, and gone without it', async () => {
    const port = await freePort();
    const far = spawn(process.execPath, [entryOf('mcp-everything'), 'streamableHttp'], {
      env: { ...process.env, PORT: String(port) },
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}/mcp`;
    try {
      await until(() => answers(port));
      assert.equal((await approved('add', 'far', '--url', url)).code, 0);
      const { health, tools } = await listed('far');
      assert.equal(health.state, 'ready', String(health.problem));
      assert.ok((tools?.usable ?? 0) >= 10, JSON.stringify(tools));
      assert.match(answerOf(await called('far', 'echo', { message: 'hello' })), /hello/);
    } finally {
      far.kill('SIGKILL');
    }
    const gone = await called('far', 'echo', { message: 'hello' });
    assert.equal(gone.error?.code, 'egress_unreachable');
    assert.equal((await hob('remove', 'far')).code, 0);
  });

  it('[M-67] server-memory: an agent remembers and finds again, through `hob mcp`', async () => {
    const store = path.join(files, 'memory');
    mkdirSync(store);
    const variable = `MEMORY_FILE_PATH=${path.join(store, 'memory.jsonl')}`;
    process.env['MEMORY_FILE_PATH'] = path.join(store, 'memory.jsonl');
    const argv = [process.execPath, entryOf('mcp-memory')];
    assert.equal(
      (await approved('add', 'memory', '--write', store, '--set', variable, '--', ...argv)).code,
      0,
    );
    const agent = world.rawAgent('rememberer');
    await agent.initialize();
    const search = await agent.call(1, 'search_external_tools', { query: 'create entities' });
    const found = (search['result'] as JsonObject)['structuredContent'] as {
      tools: { server: string; tool: string }[];
    };
    assert.deepEqual(
      { server: found.tools[0]?.server, tool: found.tools[0]?.tool },
      { server: 'memory', tool: 'create_entities' },
    );
    const entities = [{ name: 'Hob', entityType: 'spirit', observations: ['asks first'] }];
    const pending = agent.call(2, 'call_external_tool', {
      server: 'memory',
      tool: 'create_entities',
      arguments: { entities },
    });
    await editor.respond(await editor.nextCard(), 'approve');
    const created = (await pending)['result'] as JsonObject;
    assert.equal(created['isError'] ?? false, false, JSON.stringify(created));
    const graph = await called('memory', 'read_graph', {});
    assert.match(answerOf(graph), /asks first/);
    agent.process.stdin.end();
  });

  it('[X-05] a host that is killed during a call: the call is interrupted, not repeated, and no server is left', async () => {
    const argv = [process.execPath, oddServer];
    assert.equal((await approved('add', 'odd', '--write', files, '--', ...argv)).code, 0);
    const { health } = await listed('odd');
    const counter = path.join(files, 'calls');
    const payload = { server: 'odd', tool: 'count', arguments: { path: counter } };
    const { run } = await editor.client.request('server.call', payload);
    await editor.respond(await editor.nextCard(), 'approve');
    await until(() => Promise.resolve(existsSync(counter)));
    await world.killHost();
    await until(() => Promise.resolve(!isAlive(health.pid ?? 0)));
    editor = await world.editor();
    const after = await editor.client.request('run.get', { run_id: run.run_id });
    assert.equal(after.run.status, 'interrupted');
    assert.equal((await listed('odd')).health.state, 'stopped');
    assert.equal(readFileSync(counter, 'utf8'), '1');
    // What was pinned before is pinned after, and is called again when somebody asks.
    const again = await called('odd', 'echo', { text: 'after' });
    assert.equal(answerOf(again), 'after');
  });

  it('[X-01] [G-41] a no is exit status 3, and a list says what is there', async () => {
    const refused = hob('add', 'never', '--', process.execPath, oddServer);
    await editor.respond(await editor.nextCard(), 'deny');
    assert.equal((await refused).code, 3);
    const { code, lines } = await hob('list');
    assert.equal(code, 0);
    assert.deepEqual(
      lines.map((line) => String(line['name'])).toSorted((a, b) => (a < b ? -1 : 1)),
      ['everything', 'files', 'memory', 'odd'],
    );
    assert.equal((await hob('remove', 'odd')).code, 0);
    assert.equal((await hob('tools', 'odd')).code, 1);
  });
});
