/**
 * The real Cline CLI on a scripted model and the real host, which connected it. A no ends a run of
 * Cline, so each no has a session of its own.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import { CliWorld, type Cli } from './cli-world.ts';

const cline: Cli = {
  agent: 'cline',
  args: ['--json', '-P', 'openai-compatible', '-m', 'fake', 'do it'],
  env: { CLINE_NO_TELEMETRY: '1' },
  settings: (files) => ({
    '.cline/data/settings/cline_mcp_settings.json': {
      mcpServers: { files: { ...files, timeout: 60 } },
    },
    '.cline/data/settings/providers.json': {
      version: 1,
      lastUsedProvider: 'openai-compatible',
      providers: {
        'openai-compatible': {
          settings: {
            provider: 'openai-compatible',
            apiKey: 'none',
            model: 'fake',
            baseUrl: '{{model}}/v1',
          },
          updatedAt: '2026-01-01T00:00:00.000Z',
          tokenSource: 'manual',
        },
      },
    },
  }),
};
const shell = (command: string): ModelStep => ({
  call: 'run_commands',
  arguments: { commands: [command] },
});
const read: ModelStep = { call: 'files__read_text', arguments: {} };

/** Cline ends its run without showing why. */
const ABORTED = /"finishReason":"aborted"/;

describe('the real Cline, asking before it acts', function () {
  let t: CliWorld;
  beforeEach(async () => {
    t = await CliWorld.create(cline);
  });
  afterEach(() => t.close());

  it("[G-62] its shell and another server's tool wait for the card: yes runs, no stops; Hob's own tools ask no second time", async () => {
    const own: ModelStep = { call: 'hob__get_status', arguments: {} };
    const session = t.run([own, shell('touch allowed.txt'), read, shell('touch denied.txt')]);
    const first = await t.cardOf(session);
    assert.deepEqual([first.requester.kind, first.call.argv], ['agent', ['touch', 'allowed.txt']]);
    assert.equal(t.exists('allowed.txt'), false);
    await t.editor.respond(first, 'approve');
    const call = await t.cardOf(session);
    assert.equal(call.call.action, 'mcp.call');
    assert.equal(t.exists('allowed.txt'), true);
    await t.editor.respond(call, 'approve');
    await t.editor.respond(await t.cardOf(session), 'deny');
    const { output, toolResults } = await session;
    assert.equal(t.exists('denied.txt'), false);
    assert.deepEqual(t.mcpCalls(), ['read_text']);
    assert.match(output, ABORTED);
    assert.match(JSON.stringify(toolResults[0]?.output), /proven/, 'get_status answered');
  });

  it("[G-62] a no stops another server's tool", async () => {
    const session = t.run([read]);
    await t.editor.respond(await t.cardOf(session), 'deny');
    await session;
    assert.deepEqual(t.mcpCalls(), []);
  });

  it('[G-30] with the host gone, nothing runs', async () => {
    await t.endHost('.cline/data/settings/cline_mcp_settings.json');
    const { output } = await t.run([shell('touch made.txt')]);
    assert.equal(t.exists('made.txt'), false);
    assert.match(output, ABORTED);
  });

  it('[G-63] known way around: Cline looks at no exit status. When this fails, it has begun to', async () => {
    const hook = join(t.home, '.cline', 'hooks', 'PreToolUse');
    await writeFile(hook, '#!/bin/sh\necho "no" >&2\nexit 2\n');
    await t.run([shell('touch made.txt')]);
    assert.equal(t.exists('made.txt'), true);
  });
});
