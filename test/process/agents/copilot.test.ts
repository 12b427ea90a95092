/**
 * The real Copilot CLI on a scripted model and the real host, which connected it. With a provider of its
 * own it needs no account and, told to stay offline, asks nobody else.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import { assertAsksFirst } from './asks-first.ts';
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
    await assertAsksFirst(t, copilot.agent, { shell, mcp });
  });

  it('[G-30] with the host gone, nothing runs', async () => {
    await t.endHost(MCP_FILE);
    const { toolResults } = await t.run([shell('touch made.txt')]);
    assert.equal(t.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /Hob could not be asked/);
  });
});
