import assert from 'node:assert/strict';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import type { CliWorld } from './cli-world.ts';

/** How the model of one CLI calls its shell, and the tools of an MCP server. */
export interface CliCalls {
  shell(command: string): ModelStep;
  mcp(server: string, tool: string): ModelStep;
}

/**
 * A CLI that goes on after a no, in one session, since a session costs seconds: its shell and another
 * server's tool wait for the card, yes runs, no stops and says why, Hob's own tool asks no second time.
 */
export async function assertAsksFirst(t: CliWorld, agent: string, calls: CliCalls): Promise<void> {
  const session = t.run([
    calls.shell('touch allowed.txt'),
    calls.shell('touch denied.txt'),
    calls.mcp('files', 'read_text'),
    calls.mcp('files', 'read_text'),
    calls.mcp('hob', 'get_status'),
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
  const known = agents.find(({ name }) => name === agent);
  assert.deepEqual([known?.coverage.gated, known?.last_hook_at === null], [true, false]);
}
