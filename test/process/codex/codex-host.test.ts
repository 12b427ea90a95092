/**
 * The main job with a real agent: Codex asks, a person answers, it happens, and it verifies. The
 * host is the real one with its socket; the person is a signing editor without VS Code around it.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { compose } from '#host/runtime/compose.ts';
import { createHost, type RunningHost } from '#host/runtime/in-process.ts';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import { TestEditor } from '../../fakes/test-editor.ts';
import { CodexHome } from './codex-home.ts';

const here = import.meta.dirname;
const shell = (cmd: string, more: object = {}): ModelStep => ({
  call: 'exec_command',
  arguments: { cmd, ...more },
});
const escalated = { sandbox_permissions: 'require_escalated', justification: 'test' };

describe('the real Codex on the real host', function () {
  this.timeout(90_000);
  let dataDir: string;
  let host: RunningHost;
  let editor: TestEditor;
  let codex: CodexHome;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'hob-codex-data-'));
    host = await createHost({ dataDir, compose, idleMs: null });
    editor = new TestEditor(await host.connect('extension'));
    await editor.enroll();
    codex = await CodexHome.create((root) => ({
      node: process.execPath,
      hook: [join(here, 'host-hook-process.ts')],
      mcp: [join(here, 'mcp-process.ts'), join(root, 'mcp.log')],
      options: ['--data-dir', dataDir],
      windows: false,
    }));
    await editor.open([codex.workspace]);
    await codex.connect();
  });
  afterEach(async () => {
    await codex.close();
    await host.stop({ drain: false });
    await rm(dataDir, { recursive: true, force: true });
  });

  const agents = async () => (await editor.client.request('agent.list', {})).agents;

  it('[G-50, U-10] its command waits on the card, and runs after approve', async () => {
    const session = codex.run({ steps: [shell('echo hi > made.txt; echo RAN')] });
    const card = await editor.nextCard();
    assert.equal(card.call.command_line, 'echo hi > made.txt; echo RAN');
    assert.deepEqual(card.requester.kind, 'agent');
    assert.equal(codex.exists('made.txt'), false);
    await editor.respond(card, 'approve', { confirmed: true });
    const { toolResults } = await session;
    assert.match(JSON.stringify(toolResults), /RAN/);
    assert.equal(codex.exists('made.txt'), true);
    const verified = await editor.client.request('audit.verify', {});
    assert.equal(verified.ok, true);
  });

  it('[G-50] deny stops it, and the model is told', async () => {
    const session = codex.run({ steps: [shell('touch made.txt')] });
    await editor.respond(await editor.nextCard(), 'deny');
    const { toolResults } = await session;
    assert.equal(codex.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /The user said no/);
  });

  it("[G-50] a call of another server's MCP tool waits on the card likewise", async () => {
    const call: ModelStep = { call: 'read_text', namespace: 'mcp__files', arguments: {} };
    const session = codex.run({ steps: [call, call] });
    const first = await editor.nextCard();
    assert.equal(first.call.action, 'mcp.call');
    await editor.respond(first, 'approve');
    const second = await editor.nextCard();
    assert.notEqual(second.approval_id, first.approval_id);
    await editor.respond(second, 'deny');
    await session;
    assert.deepEqual(codex.mcpCalls(), ['read_text']);
  });

  it('[G-31] a safe read in the workspace shows no card', async () => {
    await writeFile(join(codex.workspace, 'a.txt'), 'content of a');
    const { toolResults } = await codex.run({ steps: [shell('cat a.txt')] });
    assert.match(JSON.stringify(toolResults), /content of a/);
    const { total } = await editor.client.request('approval.list', {
      status: ['approved', 'pending', 'denied'],
    });
    assert.equal(total, 0);
  });

  it("[G-31] a call that Codex asks about twice is one card, and Codex's own prompt stays away", async () => {
    const session = codex.run({
      mode: 'app-server',
      trust: 'click',
      steps: [shell('touch made.txt', escalated)],
    });
    await editor.respond(await editor.nextCard(), 'approve', { confirmed: true });
    const { prompts } = await session;
    assert.deepEqual(prompts, []);
    assert.equal(codex.exists('made.txt'), true);
    const { total } = await editor.client.request('approval.list', {
      status: ['approved', 'pending'],
    });
    assert.equal(total, 1);
  });

  it('[G-14] the same command again is asked again: an approval is for one execution', async () => {
    const session = codex.run({ steps: [shell('touch made.txt'), shell('touch made.txt')] });
    const first = await editor.nextCard();
    await editor.respond(first, 'approve');
    const second = await editor.nextCard();
    assert.notEqual(second.approval_id, first.approval_id);
    await editor.respond(second, 'deny');
    assert.match(JSON.stringify((await session).toolResults[1]), /The user said no/);
  });

  it('[G-31] the card goes when the agent goes', async () => {
    const session = codex.run({ steps: [shell('touch made.txt')] });
    const card = await editor.nextCard();
    codex.interrupt();
    await assert.rejects(session);
    const { approval } = await editor.client.request('approval.get', {
      approval_id: card.approval_id,
      wait_ms: 5_000,
    });
    assert.equal(approval.status, 'cancelled');
    assert.equal(codex.exists('made.txt'), false);
  });

  it('[G-30] with the host down, nothing runs', async () => {
    await host.stop({ drain: false });
    const { toolResults } = await codex.run({ steps: [shell('touch made.txt')] });
    assert.equal(codex.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /Hob could not be asked/);
    host = await createHost({ dataDir, compose, idleMs: null });
  });

  it('[G-34] says what is covered, and when its hook was last heard', async () => {
    const { plan } = await editor.client.request('agent.connect_plan', { name: 'codex' });
    assert.equal(plan.name, 'codex');
    await codex.run({ steps: [shell('pwd')] });
    const agent = (await agents()).find(({ name }) => name === 'codex');
    assert.ok(agent?.last_hook_at, 'the heartbeat is noted');
  });
});
