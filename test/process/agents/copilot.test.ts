/**
 * The real Copilot CLI on a scripted model and the real host, which connected it. With a provider of its
 * own it needs no account and, told to stay offline, asks nobody else.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import { CliWorld, type Cli } from './cli-world.ts';

const MCP_FILE = '.copilot/mcp-config.json';

const copilot: Cli = {
  agent: 'copilot-cli',
  program: 'copilot',
  args: ['-p', 'do it', '--allow-all-tools', '--no-color', '--log-level', 'none'],
  env: {
    COPILOT_OFFLINE: 'true',
    COPILOT_PROVIDER_BASE_URL: '{{model}}/v1',
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_MODEL: 'fake',
    COPILOT_AUTO_UPDATE: 'false',
  },
  settings: (files) => ({
    [MCP_FILE]: { mcpServers: { files: { type: 'local', ...files, tools: ['*'] } } },
  }),
};
const shell = (command: string): ModelStep => ({
  call: 'bash',
  arguments: { command, description: 'test' },
});
const mcp = (server: string, tool: string): ModelStep => ({
  call: `${server}-${tool}`,
  arguments: {},
});

describe('the real Copilot CLI, asking before it acts', function () {
  let t: CliWorld;
  beforeEach(async () => {
    t = await CliWorld.create(copilot);
  });
  afterEach(() => t.close());

  it("[G-64] its shell and another server's tool wait for the card: yes runs, no stops and says why; Hob's own tools ask no second time", async () => {
    const session = t.run([
      shell('touch allowed.txt'),
      shell('touch denied.txt'),
      mcp('files', 'read_text'),
      mcp('files', 'read_text'),
      mcp('hob', 'get_status'),
    ]);
    const first = await t.cardOf(session);
    assert.deepEqual([first.requester.kind, first.call.argv], ['agent', ['touch', 'allowed.txt']]);
    assert.equal(t.exists('allowed.txt'), false);
    await t.editor.respond(first, 'approve');
    await t.editor.respond(await t.cardOf(session), 'deny');
    assert.equal(t.exists('allowed.txt'), true);
    const call = await t.cardOf(session);
    assert.equal(call.call.action, 'mcp.call');
    await t.editor.respond(call, 'approve');
    await t.editor.respond(await t.cardOf(session), 'deny');
    const { toolResults } = await session;
    assert.equal(t.exists('denied.txt'), false);
    assert.deepEqual(t.mcpCalls(), ['read_text']);
    const said = toolResults.map(({ output }) => JSON.stringify(output));
    assert.match(said[1] ?? '', /The user said no/);
    assert.match(said[3] ?? '', /The user said no/);
    assert.match(said[4] ?? '', /proven/, 'get_status answered');
    const { agents } = await t.editor.client.request('agent.list', {});
    const known = agents.find(({ name }) => name === 'copilot-cli');
    assert.deepEqual([known?.coverage.gated, known?.last_hook_at === null], [true, false]);
  });

  it('[G-30] with the host gone, nothing runs', async () => {
    await t.endHost(MCP_FILE);
    const { toolResults } = await t.run([shell('touch made.txt')]);
    assert.equal(t.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /Hob could not be asked/);
  });
});
