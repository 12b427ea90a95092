/**
 * The real Gemini CLI on a scripted model and the real host, which connected it: hook, MCP bridge
 * and card are what people use. A session costs seconds, so one session shows several things.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import { assertAsksFirst } from './asks-first.ts';
import { CliWorld, type Cli } from './cli-world.ts';

const gemini: Cli = {
  agent: 'gemini',
  args: ['-m', 'gemini-2.5-flash', '-o', 'stream-json', '--approval-mode', 'yolo', '-p', 'do it'],
  env: {
    GEMINI_API_KEY: 'none',
    GOOGLE_GEMINI_BASE_URL: '{{model}}',
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  },
  settings: (files) => ({
    '.gemini/settings.json': {
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      general: { disableAutoUpdate: true, disableUpdateNag: true },
      mcpServers: { files: { ...files, trust: true } },
    },
  }),
};
const shell = (command: string): ModelStep => ({
  call: 'run_shell_command',
  arguments: { command, description: 'test' },
});
const mcp = (server: string, tool: string): ModelStep => ({
  call: `mcp_${server}_${tool}`,
  arguments: {},
});

describe('the real Gemini CLI, asking before it acts', function () {
  let t: CliWorld;
  beforeEach(async () => {
    t = await CliWorld.create(gemini);
  });
  afterEach(() => t.close());

  it("[G-61] its shell and another server's tool wait for the card: yes runs, no stops and says why; Hob's own tools ask no second time", async () => {
    await assertAsksFirst(t, gemini.agent, { shell, mcp });
  });

  it('[G-30] with the host gone, nothing runs', async () => {
    await t.endHost('.gemini/settings.json');
    const { toolResults } = await t.run([shell('touch made.txt')]);
    assert.equal(t.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /Hob could not be asked/);
  });

  it('[G-63] known way around: gemini --acp runs no hook. When this fails, Gemini CLI has closed it', async () => {
    const acp = ['--acp', '-m', 'gemini-2.5-flash', '--approval-mode', 'yolo'];
    const { output } = await t.run([shell('touch made.txt')], acp);
    assert.equal(t.exists('made.txt'), true, output.slice(0, 2_000));
  });
});
