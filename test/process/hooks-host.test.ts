/**
 * Documented and captured payloads of each agent, through the real hook program to the real host
 * and back: what the agent would read on stdout, stderr and as exit status.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { hookedAgents, type HookedAgent } from '#host/agents/core/hook-request.ts';
import { shipped } from '../fakes/shipped.ts';
import { HostProcess } from './codex/host-process.ts';

const root = join(import.meta.dirname, '..', '..');
const shells: Record<HookedAgent, string> = {
  codex: 'codex/shell-plain',
  'claude-code': 'claude-code/bash',
  vscode: 'vscode/local-terminal',
};

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number | null;
}
const isDeny = ({ stdout, stderr, exit }: Answer) =>
  (exit === 2 && stderr.trim() !== '') ||
  (exit === 0 && /"permissionDecision":"deny"/.test(stdout));
const isAllow = ({ stdout, stderr, exit }: Answer) =>
  exit === 0 && stderr === '' && (stdout === '' || /"permissionDecision":"allow"/.test(stdout));

describe('the hook program on the real host', function () {
  let base: string;
  let workspace: string;
  let host: HostProcess;

  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'hob-hooks-')));
    workspace = await mkdtemp(join(base, 'workspace-'));
    host = await HostProcess.start(join(base, 'data'), base);
    await host.editor.open([workspace]);
  });
  afterEach(async () => {
    await host.kill();
    await rm(base, { recursive: true, force: true });
  });

  /** A golden payload with the folder of this test in it. */
  const payload = async (fixture: string, input: object = {}): Promise<object> => {
    const file = await readFile(join(root, 'test', 'fixtures', 'hooks', `${fixture}.json`), 'utf8');
    const { stdin } = JSON.parse(file) as { stdin: { tool_input: object } };
    return { ...stdin, cwd: workspace, tool_input: { ...stdin.tool_input, ...input } };
  };
  const start = (agent: HookedAgent, body: object | string, more: readonly string[] = []) => {
    const args = [shipped.hook, agent, '--data-dir', join(base, 'data'), ...more];
    const child = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '', HOME: base, HOB_CACHE_DIR: process.env['HOB_CACHE_DIR'] },
    });
    child.stdin.end(typeof body === 'string' ? body : JSON.stringify(body));
    const exit = new Promise<number | null>((resolve) => {
      child.on('close', resolve);
    });
    const answer = Promise.all([text(child.stdout), text(child.stderr), exit]);
    return {
      child,
      answer: answer.then(([stdout, stderr, status]): Answer => ({ stdout, stderr, exit: status })),
    };
  };
  const total = async () =>
    (
      await host.editor.client.request('approval.list', {
        status: ['pending', 'approved', 'denied', 'cancelled'],
      })
    ).total;

  for (const agent of hookedAgents) {
    it(`[G-29] ${agent}: a yes is an allow, a no is a deny with words`, async () => {
      const body = await payload(shells[agent], { command: 'touch made.txt' });
      const asked = start(agent, body);
      const card = await host.nextCard();
      assert.deepEqual(card.call.argv, ['touch', 'made.txt']);
      await host.editor.respond(card, 'approve');
      assert.ok(isAllow(await asked.answer));

      const again = start(agent, { ...body, tool_use_id: 'another' });
      await host.editor.respond(await host.nextCard(), 'deny');
      const answer = await again.answer;
      assert.ok(isDeny(answer));
      assert.match(answer.stdout + answer.stderr, /The user said no/);
    });

    it(`[G-31] ${agent}: a safe read is allowed without a card`, async () => {
      assert.ok(
        isAllow(await start(agent, await payload(shells[agent], { command: 'git status' })).answer),
      );
      assert.equal(await total(), 0);
    });

    it(`[G-30] ${agent}: bad input and a host that is down are denied`, async () => {
      for (const body of ['', '{', '\u0000', '{"hook_event_name":"PreToolUse"}'])
        assert.ok(isDeny(await start(agent, body).answer));
      const body = await payload(shells[agent], { command: 'git status' });
      await host.kill();
      assert.ok(isDeny(await start(agent, body).answer));
    });
  }

  it("[G-32] denies before the agent's limit, though the host froze while the card waits", async () => {
    const asked = start('codex', await payload(shells.codex, { command: 'touch made.txt' }), [
      '--limit',
      '3',
    ]);
    await host.nextCard();
    host.freeze();
    const answer = await asked.answer;
    assert.ok(isDeny(answer));
    assert.match(answer.stdout, /Nobody answered within/);
  });

  it("[G-31] VS Code's own hook and Claude's hook on one call are one card", async () => {
    const body = await payload('vscode/local-terminal', { command: 'touch made.txt' });
    const first = start('vscode', body);
    const card = await host.nextCard();
    const second = start('claude-code', body);
    await host.editor.respond(card, 'approve');
    assert.ok(isAllow(await first.answer));
    assert.ok(isAllow(await second.answer));
    assert.equal(await total(), 1);
  });

  it('[G-31] the card goes when its hook is killed, as agents do without a word', async () => {
    const asked = start(
      'claude-code',
      await payload(shells['claude-code'], { command: 'touch made.txt' }),
    );
    const card = await host.nextCard();
    asked.child.kill('SIGKILL');
    const { approval } = await host.editor.client.request('approval.get', {
      approval_id: card.approval_id,
      wait_ms: 5_000,
    });
    assert.equal(approval.status, 'cancelled');
  });

  it('[G-29] a call over 1 MiB is denied with the reason', async () => {
    const content = 'x'.repeat(1_100_000);
    const answer = await start('claude-code', await payload('claude-code/write', { content }))
      .answer;
    assert.ok(isDeny(answer));
    assert.match(answer.stdout, /1 MiB/);
  });
});
