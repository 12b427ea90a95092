/**
 * The real Codex CLI on a scripted model, with Hob's hooks written by `AgentConnector` and answered
 * by a gate of the test's own: what the dialect and the wrapper are worth. The same against the
 * real host is in codex-host.test.ts.
 */
import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { LAST_SHELL_SESSION, type ModelStep } from '../../fakes/scripted-model.ts';
import { CodexHome } from './codex-home.ts';
import { scripts } from './scripts.ts';
import { TinyGate } from './tiny-gate.ts';

const here = import.meta.dirname;
const shell = (cmd: string, more: object = {}): ModelStep => ({
  call: 'exec_command',
  arguments: { cmd, ...more },
});
const mcp = (server: string, call: string): ModelStep => ({
  call,
  namespace: `mcp__${server}`,
  arguments: {},
});
const patch: ModelStep = {
  custom: 'apply_patch',
  input: '*** Begin Patch\n*** Add File: patched.txt\n+x\n*** End Patch\n',
};
const allow = { decision: 'allow', reason: 'Approved by the test.' } as const;
const deny = { decision: 'deny', reason: 'Not while I am testing.' } as const;

describe('the real Codex, asking before it acts', function () {
  let codex: CodexHome;
  let gate: TinyGate;

  beforeEach(async () => {
    codex = await CodexHome.create((root) => ({
      node: process.execPath,
      hook: [scripts.hook, join(root, 'gate.sock')],
      mcp: [scripts.mcp, join(root, 'mcp.log')],
      options: [],
      windows: false,
    }));
    gate = await TinyGate.listen(join(codex.root, 'gate.sock'));
    await codex.connect();
  });
  afterEach(async () => {
    await gate.close();
    await codex.close();
  });

  const said = (results: readonly { output: unknown }[], at = 0) =>
    JSON.stringify(results[at]?.output ?? null);

  it('[G-50] waits for the answer, then runs the command', async () => {
    const before: boolean[] = [];
    gate.decide = async () => {
      before.push(codex.exists('made.txt'));
      await new Promise((resolve) => setTimeout(resolve, 300));
      before.push(codex.exists('made.txt'));
      return allow;
    };
    const { toolResults } = await codex.run({ steps: [shell('echo hi > made.txt; echo RAN')] });
    assert.deepEqual(before, [false, false]);
    assert.equal(codex.exists('made.txt'), true);
    assert.match(said(toolResults), /RAN/);
    assert.deepEqual(gate.calls(), ['pre_tool_use echo hi > made.txt; echo RAN']);
    assert.equal(gate.asked[0]?.cwd, codex.workspace);
  });

  it('[G-50] a no stops the command, the edit and the MCP call, and the model is told why', async () => {
    gate.decide = () => deny;
    const { toolResults } = await codex.run({
      steps: [shell('touch made.txt'), patch, mcp('files', 'read_text')],
    });
    assert.equal(codex.exists('made.txt'), false);
    assert.equal(codex.exists('patched.txt'), false);
    assert.deepEqual(codex.mcpCalls(), []);
    for (const at of [0, 1, 2]) assert.match(said(toolResults, at), /Not while I am testing\./);
    assert.equal(gate.asked.length, 3);
  });

  it('[G-50] a yes lets the edit and the MCP call happen', async () => {
    gate.decide = () => allow;
    await codex.run({ steps: [patch, mcp('files', 'read_text')] });
    assert.equal(codex.exists('patched.txt'), true);
    assert.deepEqual(codex.mcpCalls(), ['read_text']);
    assert.deepEqual(
      gate.asked.map(({ call }) => call.action),
      ['fs.write', 'mcp.call'],
    );
  });

  it("[G-31] Hob's own tools are not asked about twice", async () => {
    const { toolResults } = await codex.run({ steps: [mcp('hob', 'get_status')] });
    assert.match(said(toolResults), /get_status answered/);
    assert.deepEqual(gate.asked, []);
  });

  it('[G-50] a bare shell or interpreter is refused, so that nothing can be typed into it', async () => {
    gate.decide = () => allow;
    const { toolResults } = await codex.run({
      steps: [shell('bash', { tty: true, yield_time_ms: 500 }), shell('cd . && python3')],
    });
    assert.match(said(toolResults, 0), /bare interactive shell/);
    assert.match(said(toolResults, 1), /bare interactive shell/);
    assert.deepEqual(gate.asked, []);
  });

  it('[G-31] asks once where Codex asks twice, and Codex shows no prompt of its own', async () => {
    gate.decide = () => allow;
    const escalated = shell('touch made.txt', {
      sandbox_permissions: 'require_escalated',
      justification: 'test',
    });
    const { prompts } = await codex.run({
      mode: 'app-server',
      trust: 'click',
      steps: [escalated, mcp('files', 'read_text')],
    });
    assert.deepEqual(prompts, []);
    assert.equal(codex.exists('made.txt'), true);
    assert.deepEqual(gate.calls(), [
      'pre_tool_use touch made.txt',
      'permission_request touch made.txt',
      'pre_tool_use mcp__files__read_text',
      'permission_request mcp__files__read_text',
    ]);
    const [first, second] = gate.asked;
    assert.ok(first?.dedupe_key.startsWith(`${second?.dedupe_key}.`), 'both are the same question');
  });

  it('[G-50] a no to the prompt stops it too', async () => {
    gate.decide = ({ event }) => (event === 'pre_tool_use' ? allow : deny);
    const escalated = shell('touch made.txt', {
      sandbox_permissions: 'require_escalated',
      justification: 'test',
    });
    const { prompts } = await codex.run({ mode: 'app-server', trust: 'click', steps: [escalated] });
    assert.deepEqual(prompts, []);
    assert.equal(codex.exists('made.txt'), false);
  });

  it('[G-33] after Codex recorded its trust in the same file, undo leaves just that', async () => {
    const untouched = (await codex.connector.plan('codex', { undo: true })).files[0]?.after ?? '';
    gate.decide = () => allow;
    await codex.run({ mode: 'app-server', trust: 'click', steps: [] });
    assert.match(await codex.config(), /trusted_hash/);
    assert.equal((await codex.connector.coverage('codex')).gated, true);
    await codex.connect({ undo: true });
    const left = await codex.config();
    assert.ok(left.startsWith(untouched), left);
    assert.doesNotMatch(left, /Hob|mcp_servers\.hob|hooks\.PreToolUse/);
    assert.match(left, /trusted_hash/);
  });

  describe('when our side breaks', () => {
    const stopped = async (steps: readonly ModelStep[] = [shell('touch made.txt')]) => {
      const { toolResults } = await codex.run({ steps });
      assert.equal(codex.exists('made.txt'), false);
      return said(toolResults);
    };

    it('[G-30] nobody listens: the call is stopped', async () => {
      await gate.close();
      assert.match(await stopped(), /Hob could not be asked/);
    });

    it('[G-30] the gate answers nonsense: the call is stopped', async () => {
      gate.decide = () => ({ verdict: 'sure' }) as never;
      await stopped();
    });

    for (const [what, program] of [
      ['crashes', 'process.exit(1)'],
      ['throws', 'throw new Error("x")'],
      ['is killed', 'process.kill(process.pid, "SIGKILL")'],
      ['prints garbage and fails', 'console.log("garbage"); process.exitCode = 7'],
    ] as const) {
      it(`[G-30] the hook ${what}: the wrapper stops the call`, async () => {
        await breakHook(program);
        assert.match(await stopped(), /Hob could not answer/);
      });
    }

    it('[G-30] Node is gone: the wrapper stops the call', async () => {
      await rewriteConfig((config) =>
        config.replaceAll(`hob-hook ${process.execPath}`, 'hob-hook /nowhere/node'),
      );
      assert.match(await stopped(), /Hob could not answer/);
    });

    it('the check can fail: without the wrapper a crash lets the command run', async () => {
      await rewriteConfig((config) =>
        config.replace(/^command = "\/bin\/sh .*$/gm, 'command = "exit 1"'),
      );
      await codex.run({ steps: [shell('touch made.txt')] });
      assert.equal(codex.exists('made.txt'), true);
    });
  });

  describe('known ways around the hook: when one of these fails, Codex has closed it', () => {
    it('[G-51] hooks that nobody trusted are skipped in silence', async () => {
      gate.decide = () => deny;
      await codex.run({ trust: 'none', steps: [shell('touch made.txt')] });
      assert.equal(codex.exists('made.txt'), true);
      assert.deepEqual(gate.asked, []);
    });

    it('[G-51] text typed into a running program fires no hook', async () => {
      gate.decide = ({ call }) => (call.command_line?.includes('typed') === true ? deny : allow);
      const reader = shell('read line; eval "$line"', { tty: true, yield_time_ms: 500 });
      const typed: ModelStep = {
        call: 'write_stdin',
        arguments: {
          session_id: LAST_SHELL_SESSION,
          chars: 'touch typed.txt\n',
          yield_time_ms: 800,
        },
      };
      await codex.run({ steps: [reader, typed] });
      assert.equal(codex.exists('typed.txt'), true);
      assert.deepEqual(gate.calls(), ['pre_tool_use read line; eval "$line"']);
    });

    it("[G-51] a hook that Codex's own limit kills lets the command run", async () => {
      await rewriteConfig((config) => config.replaceAll('timeout = 600', 'timeout = 1'));
      gate.decide = () => new Promise((resolve) => setTimeout(resolve, 3_000, deny));
      await codex.run({ steps: [shell('touch made.txt')] });
      assert.equal(codex.exists('made.txt'), true);
    });
  });

  it('[G-29] the payloads still have the keys of the golden ones', async () => {
    const log = join(codex.root, 'stdin.log');
    await breakHook(`
      const { appendFileSync, readFileSync } = await import('node:fs');
      appendFileSync(${JSON.stringify(log)}, readFileSync(0, 'utf8') + '\\n');
    `);
    const escalated = shell('touch made.txt', {
      sandbox_permissions: 'require_escalated',
      justification: 'test',
    });
    await codex.run({ mode: 'app-server', trust: 'click', steps: [escalated, patch] });
    const seen = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, object>);
    const golden = await Promise.all(
      [
        'shell-complex',
        'shell-permission-request',
        'apply-patch-on-request',
        'apply-patch-permission-request',
      ].map(async (name) => {
        const file = await readFile(
          join(here, '..', '..', 'fixtures', 'hooks', 'codex', `${name}.json`),
          'utf8',
        );
        return (JSON.parse(file) as { stdin: Record<string, object> }).stdin;
      }),
    );
    const keys = (payload: Record<string, object>) => ({
      event: payload['hook_event_name'],
      tool: payload['tool_name'],
      keys: Object.keys(payload).toSorted(),
      input: Object.keys(payload['tool_input'] ?? {}).toSorted(),
    });
    assert.deepEqual(seen.map(keys), golden.map(keys));
  });

  const rewriteConfig = async (change: (config: string) => string) => {
    const before = await codex.config();
    const after = change(before);
    assert.notEqual(after, before, 'the change found nothing to change');
    await writeFile(codex.configFile, after);
  };

  /** Puts another program where Node's hook is, behind the same wrapper. */
  const breakHook = async (program: string) => {
    const file = join(codex.root, 'broken.mjs');
    await writeFile(file, program);
    const fake = join(codex.root, 'fake-node');
    await writeFile(fake, `#!/bin/sh\nexec ${process.execPath} ${file}\n`);
    await chmod(fake, 0o755);
    await rewriteConfig((config) =>
      config.replaceAll(`hob-hook ${process.execPath}`, `hob-hook ${fake}`),
    );
  };
});
