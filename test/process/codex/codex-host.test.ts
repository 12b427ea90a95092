/**
 * The main job with a real agent: Codex asks, a person answers, it happens, and it verifies. Host,
 * hook and MCP bridge are the real programs, and the host itself connected Codex; the person is a
 * signing editor without VS Code around it.
 */
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ApprovalView } from '#schema/views/approval.ts';
import type { ModelStep } from '../../fakes/scripted-model.ts';
import type { TestEditor } from '../../fakes/test-editor.ts';
import { CodexHome } from './codex-home.ts';
import { HostProcess } from './host-process.ts';
import type { SessionResult } from './session-process.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const shell = (cmd: string, more: object = {}): ModelStep => ({
  call: 'exec_command',
  arguments: { cmd, ...more },
});
const escalated = { sandbox_permissions: 'require_escalated', justification: 'test' };

describe('the real Codex on the real host', function () {
  let dataDir: string;
  let host: HostProcess;
  let editor: TestEditor;
  let codex: CodexHome;

  beforeEach(async () => {
    dataDir = temporaryFolder('codex-data');
    codex = await CodexHome.create();
    host = await HostProcess.start(dataDir, codex.home);
    editor = host.editor;
    await editor.open([codex.workspace]);
    await connectCodex();
  });
  afterEach(async () => {
    await codex.close();
    await host.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Connects Codex through the host, as panel and CLI do. */
  const connectCodex = async () => {
    const { plan } = await editor.client.request('agent.connect_plan', { name: 'codex' });
    await editor.client.request('agent.connect_apply', {
      name: 'codex',
      plan_hash: plan.plan_hash,
    });
  };
  /** The next card of a session; a session that ends without one says what it did instead. */
  const cardOf = (session: Promise<SessionResult>): Promise<ApprovalView> =>
    Promise.race([
      host.nextCard(),
      session.then((result) => assert.fail(`ended without a card: ${JSON.stringify(result)}`)),
    ]);
  const known = async () =>
    (await editor.client.request('agent.list', {})).agents.find(({ name }) => name === 'codex');

  it('[G-50, U-10] its command waits on the card, and runs after approve', async () => {
    const session = codex.run({ steps: [shell('echo hi > made.txt; echo RAN')] });
    const card = await cardOf(session);
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
    await editor.respond(await cardOf(session), 'deny');
    const { toolResults } = await session;
    assert.equal(codex.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /The user said no/);
  });

  it("[G-50] a call of another server's MCP tool waits on the card likewise", async () => {
    const call: ModelStep = { call: 'read_text', namespace: 'mcp__files', arguments: {} };
    const session = codex.run({ steps: [call, call] });
    const first = await cardOf(session);
    assert.equal(first.call.action, 'mcp.call');
    await editor.respond(first, 'approve');
    const second = await cardOf(session);
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
    await editor.respond(await cardOf(session), 'approve', { confirmed: true });
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
    const first = await cardOf(session);
    await editor.respond(first, 'approve');
    const second = await cardOf(session);
    assert.notEqual(second.approval_id, first.approval_id);
    await editor.respond(second, 'deny');
    assert.match(JSON.stringify((await session).toolResults[1]), /The user said no/);
  });

  it('[G-31] the card goes when the agent goes', async () => {
    const session = codex.run({ steps: [shell('touch made.txt')] });
    const card = await cardOf(session);
    codex.interrupt();
    await assert.rejects(session);
    const { approval } = await editor.client.request('approval.get', {
      approval_id: card.approval_id,
      wait_ms: 5_000,
    });
    assert.equal(approval.status, 'cancelled');
    assert.equal(codex.exists('made.txt'), false);
  });

  it('[G-30] with the host gone, nothing runs', async () => {
    await host.kill();
    // Its MCP bridge would start another one, where nobody is to answer.
    await writeFile(
      codex.configFile,
      (await codex.config()).replace('[mcp_servers.hob]', '$&\nenabled = false'),
    );
    const { toolResults } = await codex.run({ steps: [shell('touch made.txt')] });
    assert.equal(codex.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /Hob could not be asked/);
  });

  it('[G-30] with the host frozen, nothing runs', async () => {
    host.freeze();
    const { toolResults } = await codex.run({ steps: [shell('touch made.txt')] });
    assert.equal(codex.exists('made.txt'), false);
    assert.match(JSON.stringify(toolResults), /Hob could not be asked/);
  });

  it('[G-30] the host killed while the card waits: nothing runs', async () => {
    const session = codex.run({ steps: [shell('touch made.txt')] });
    await cardOf(session);
    await host.kill();
    await session;
    assert.equal(codex.exists('made.txt'), false);
  });

  it('[G-34] says what is covered, and when its hook was last heard', async () => {
    await codex.run({ steps: [shell('pwd')] });
    const untrusted = await known();
    assert.ok(untrusted?.last_hook_at, 'the heartbeat is noted');
    assert.deepEqual([untrusted.coverage.gated, untrusted.coverage.hook_present], [false, true]);
    assert.match(untrusted.coverage.not_covered.join(), /trust/);

    await codex.run({ mode: 'app-server', trust: 'click', steps: [shell('pwd')] });
    assert.equal((await known())?.coverage.gated, true);

    await writeFile(codex.configFile, '');
    assert.equal((await known())?.coverage.hook_present, false);
  });

  it("[G-50, G-27] Hob's own run_command over MCP waits on the card likewise, once", async () => {
    const run: ModelStep = {
      call: 'run_command',
      namespace: 'mcp__hob',
      arguments: { argv: ['touch', 'made.txt'], cwd: codex.workspace },
    };
    const session = codex.run({ steps: [run, run] });
    const first = await cardOf(session);
    assert.deepEqual(first.call.argv, ['touch', 'made.txt']);
    assert.equal(codex.exists('made.txt'), false);
    await editor.respond(first, 'approve');
    const second = await cardOf(session);
    assert.equal(codex.exists('made.txt'), true);
    await editor.respond(second, 'deny');
    const { toolResults } = await session;
    assert.match(JSON.stringify(toolResults[0]), /succeeded/);
    assert.match(JSON.stringify(toolResults[1]), /denied/);
  });

  it('[G-50] asks for its own shell and for a tool of Hob in one session', async () => {
    const run: ModelStep = {
      call: 'run_command',
      namespace: 'mcp__hob',
      arguments: { argv: ['touch', 'made.txt'] },
    };
    const session = codex.run({ steps: [shell('touch hooked.txt'), run] });
    for (const name of ['hooked.txt', 'made.txt']) {
      const card = await cardOf(session);
      assert.equal(codex.exists(name), false);
      await editor.respond(card, 'approve');
    }
    await session;
    assert.deepEqual([codex.exists('hooked.txt'), codex.exists('made.txt')], [true, true]);
  });
});
