/**
 * Documented and captured payloads of each agent, through the real hook program to the real host
 * and back: what the agent would read on stdout, stderr and as exit status.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'mocha';
import { hookedAgents, type HookedAgent } from '#host/agents/core/hook-request.ts';
import type { JsonObject, JsonValue } from '#schema/envelope/json.ts';
import type { ApprovalView } from '#schema/views/approval.ts';
import { letsCallGo, stopsCall } from '../fakes/hook-answers.ts';
import { shipped } from '../fakes/shipped.ts';
import { HostProcess } from './codex/host-process.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const shells: Record<HookedAgent, string> = {
  codex: 'codex/shell-plain',
  'claude-code': 'claude-code/bash',
  vscode: 'vscode/local-terminal',
  'copilot-cli': 'copilot-cli/bash',
  cursor: 'cursor/shell',
  cline: 'cline/shell',
  gemini: 'gemini/shell',
  goose: 'goose/shell',
};

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number | null;
}

/** A golden payload in another folder, with its call's input changed, under the agent's names for both. */
function moved(stdin: JsonObject, folder: string, input: JsonObject): JsonObject {
  const folders = ['cwd', 'working_dir'];
  const roots = ['workspaceRoots', 'workspace_roots'];
  const inputs = ['tool_input', 'toolArgs', 'input'];
  return JSON.parse(
    JSON.stringify(stdin, (name, value: JsonValue) => {
      if (folders.includes(name)) return folder;
      if (roots.includes(name)) return [folder];
      return inputs.includes(name) ? { ...(value as JsonObject), ...input } : value;
    }),
  ) as JsonObject;
}

/** What makes a second call of the same thing another call. */
const again = (stdin: JsonObject): JsonObject => {
  const ids = ['tool_use_id', 'tool_call_id', 'id'];
  return JSON.parse(
    JSON.stringify(stdin, (name, value: JsonValue) => {
      if (ids.includes(name)) return 'another';
      if (name !== 'timestamp') return value;
      return typeof value === 'number' ? value + 1 : '2026-11-27T00:00:00.000Z';
    }),
  ) as JsonObject;
};

describe('the hook program on the real host', function () {
  const base = temporaryFolder('hooks');
  let workspace: string;
  let host: HostProcess;
  /** Seq after which the hook of gemini is gone from its file. */
  let hookTakenOut: number;

  before(async () => {
    host = await HostProcess.start(join(base, 'data'), base);
    hookTakenOut = await takeHookOut();
  });
  beforeEach(async () => {
    workspace = await mkdtemp(join(base, 'workspace-'));
    await host.editor.open([workspace]);
  });
  after(async () => {
    await host.kill();
    await rm(base, { recursive: true, force: true });
  });

  /** Connects an agent and takes its hook away behind its back; the last but one test sees what came of it. */
  async function takeHookOut(): Promise<number> {
    const { client } = host.editor;
    const { plan } = await client.request('agent.connect_plan', { name: 'gemini' });
    await client.request('agent.connect_apply', { name: 'gemini', plan_hash: plan.plan_hash });
    const { head_seq: connected } = await client.request('runtime.status', {});
    await rm(plan.files[0]?.path ?? '');
    return connected;
  }

  /** A golden payload with the folder of this test in it. */
  const payload = async (fixture: string, input: JsonObject = {}): Promise<JsonObject> => {
    const file = await readFile(join(root, 'test', 'fixtures', 'hooks', `${fixture}.json`), 'utf8');
    const { stdin } = JSON.parse(file) as { stdin: JsonObject };
    return moved(stdin, workspace, input);
  };
  /** The agent's shell call with another command in it. */
  const shellCall = (agent: HookedAgent, command: string): Promise<JsonObject> =>
    payload(
      shells[agent],
      agent === 'cline' ? { commands: [command] } : { command, cwd: workspace },
    );
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
  const settled = async ({ approval_id }: ApprovalView): Promise<string> => {
    const asked = { approval_id, wait_ms: 30_000 };
    return (await host.editor.client.request('approval.get', asked)).approval.status;
  };
  const total = async () =>
    (
      await host.editor.client.request('approval.list', {
        status: ['pending', 'approved', 'denied', 'cancelled'],
      })
    ).total;

  for (const agent of hookedAgents) {
    it(`[G-29] ${agent}: a yes is an allow, a no is a deny with words`, async () => {
      const body = await shellCall(agent, 'touch made.txt');
      const asked = start(agent, body);
      const card = await host.nextCard();
      assert.deepEqual(card.call.argv, ['touch', 'made.txt']);
      await host.editor.respond(card, 'approve');
      const yes = await asked.answer;
      assert.ok(letsCallGo(yes), JSON.stringify(yes));

      const second = start(agent, again(body));
      await host.editor.respond(await host.nextCard(), 'deny');
      const no = await second.answer;
      assert.ok(stopsCall(agent, no), JSON.stringify(no));
      assert.match(no.stdout + no.stderr, /The user said no/);
    });

    it(`[G-31] ${agent}: a safe read is allowed without a card`, async () => {
      const asked = await total();
      assert.ok(letsCallGo(await start(agent, await shellCall(agent, 'git status')).answer));
      assert.equal(await total(), asked);
    });

    it(`[G-30] ${agent}: bad input is denied`, async () => {
      const bodies = ['', '{', '\u0000', '{"hook_event_name":"PreToolUse"}'];
      for (const answer of await Promise.all(bodies.map((body) => start(agent, body).answer)))
        assert.ok(stopsCall(agent, answer));
    });
  }

  it("[G-32] denies before the agent's limit, though the host froze while the card waits", async () => {
    const asked = start('codex', await payload(shells.codex, { command: 'touch made.txt' }), [
      '--limit',
      '3',
    ]);
    const card = await host.nextCard();
    host.freeze();
    const answer = await asked.answer;
    host.thaw();
    assert.ok(stopsCall('codex', answer));
    assert.match(answer.stdout, /Nobody answered within/);
    assert.equal(await settled(card), 'cancelled');
  });

  it("[G-31] VS Code's own hook and Claude's hook on one call are one card", async () => {
    const earlier = await total();
    const body = await payload('vscode/local-terminal', { command: 'touch made.txt' });
    const first = start('vscode', body);
    const card = await host.nextCard();
    const second = start('claude-code', body);
    await host.editor.respond(card, 'approve');
    assert.ok(letsCallGo(await first.answer));
    assert.ok(letsCallGo(await second.answer));
    assert.equal(await total(), earlier + 1);
  });

  it("[G-31] Copilot CLI's own hook and the one in the folder it shares with VS Code are one card", async () => {
    const earlier = await total();
    const input = { command: 'touch made.txt' };
    const first = start('vscode', await payload('vscode/copilot-cli-bash', input));
    const card = await host.nextCard();
    const second = start('copilot-cli', await payload('copilot-cli/bash', input));
    await host.editor.respond(card, 'approve');
    assert.ok(letsCallGo(await first.answer));
    assert.ok(letsCallGo(await second.answer));
    assert.equal(await total(), earlier + 1);
  });

  it('[G-31] the card goes when its hook is killed, as agents do without a word', async () => {
    const asked = start(
      'claude-code',
      await payload(shells['claude-code'], { command: 'touch made.txt' }),
    );
    const card = await host.nextCard();
    asked.child.kill('SIGKILL');
    assert.equal(await settled(card), 'cancelled');
  });

  it('[G-29] a call over 1 MiB is denied with the reason', async () => {
    const content = 'x'.repeat(1_100_000);
    const answer = await start('claude-code', await payload('claude-code/write', { content }))
      .answer;
    assert.ok(stopsCall('claude-code', answer));
    assert.match(answer.stdout, /1 MiB/);
  });

  it('[G-34] a hook taken out of its file behind its back is recorded within a minute, unasked', async () => {
    const changed = async () => {
      const filter = { event_type: ['agent.coverage_changed'], from_seq: hookTakenOut, limit: 1 };
      const { events } = await host.editor.client.request('event.query', filter);
      return events[0]?.data?.['coverage'] as { hook_present: boolean } | undefined;
    };
    const deadline = performance.now() + 60_000;
    let coverage = await changed();
    while (coverage === undefined && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      coverage = await changed();
    }
    assert.equal(coverage?.hook_present, false);
  });

  it('[G-30] a host that is down denies for every agent', async () => {
    await host.kill();
    for (const agent of hookedAgents) {
      const body = await shellCall(agent, 'git status');
      assert.ok(stopsCall(agent, await start(agent, body).answer), agent);
    }
  });
});
