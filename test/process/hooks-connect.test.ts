import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { stableLaunch } from '#host/agents/connect/adapters/launchers.ts';
import type { AgentConnector } from '#host/agents/connect/service.ts';
import { hookCommand, type Launch } from '#host/agents/core/connect/launch.ts';
import { HobError } from '#host/kernel/errors.ts';
import { agentConnector } from '../fakes/agent-connector.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const CONFIG = 'model = "mine"  # do not touch\r\n\n[profiles.x]\nmodel = "y"';

describe('connecting an agent, on real files', () => {
  let root: string;
  let home: string;
  let connector: AgentConnector;

  const file = (...parts: string[]) => join(home, ...parts);
  const withCode = (code: string) => (error: unknown) =>
    error instanceof HobError && error.code === code;

  beforeEach(async () => {
    root = temporaryFolder('connect');
    home = join(root, 'home');
    await mkdir(file('.codex'), { recursive: true });
    await writeFile(file('.codex', 'config.toml'), CONFIG);
    await chmod(file('.codex', 'config.toml'), 0o640);
    await mkdir(join(root, 'bin'));
    await writeFile(join(root, 'bin', 'codex'), '#!/bin/sh\necho codex-cli 0.169.0\n', {
      mode: 0o755,
    });
    connector = agentConnector(root, { PATH: `${join(root, 'bin')}:relative` });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const connect = async (name: string, undo = false) => {
    const { plan_hash } = await connector.plan(name, { undo });
    return connector.apply(name, { undo, plan_hash });
  };

  it('[G-33] finds the agent, shows file and diff, writes them, and undoes byte for byte', async () => {
    const plan = await connector.plan('codex');
    assert.deepEqual(plan.found, {
      executable: join(root, 'bin', 'codex'),
      version: '0.169.0',
      config_dir: file('.codex'),
    });
    assert.equal(plan.state, 'not_connected');
    assert.deepEqual(
      plan.files.map(({ path }) => path),
      [file('.codex', 'config.toml')],
    );
    assert.match(plan.files[0]?.diff ?? '', /^\+\[\[hooks\.PreToolUse\]\]/m);
    assert.equal(
      await readFile(file('.codex', 'config.toml'), 'utf8'),
      CONFIG,
      'a plan writes nothing',
    );

    const applied = await connector.apply('codex', plan);
    assert.equal(await readFile(file('.codex', 'config.toml'), 'utf8'), plan.files[0]?.after);
    assert.equal(
      applied.files[0]?.sha256_before,
      createHash('sha256').update(CONFIG).digest('hex'),
    );
    assert.equal((await stat(file('.codex', 'config.toml'))).mode & 0o777, 0o640);
    assert.equal((await connector.plan('codex')).state, 'connected');
    const untrusted = await connector.coverage('codex');
    assert.deepEqual(
      [untrusted.gated, untrusted.hook_present],
      [false, true],
      'Codex skips hooks that nobody trusted',
    );

    await connect('codex', true);
    assert.equal(await readFile(file('.codex', 'config.toml'), 'utf8'), CONFIG);
    assert.equal(
      (await connector.coverage('codex')).hook_present,
      null,
      'nothing is missing: it is not connected',
    );
    await assert.rejects(connector.plan('codex', { undo: true }), withCode('not_found'));
    assert.deepEqual(await readdir(file('.codex')), ['config.toml'], 'no temporary file is left');
  });

  it('[G-33] removes files that it made', async () => {
    await connect('claude-code');
    assert.match(await readFile(file('.claude', 'settings.json'), 'utf8'), /PreToolUse/);
    assert.match(await readFile(file('.claude.json'), 'utf8'), /mcpServers/);
    await connect('claude-code', true);
    await assert.rejects(readFile(file('.claude', 'settings.json')), { code: 'ENOENT' });
    await assert.rejects(readFile(file('.claude.json')), { code: 'ENOENT' });

    await connect('vscode');
    await connect('vscode', true);
    await assert.rejects(readFile(file('.copilot', 'hooks', 'hob.json')), { code: 'ENOENT' });
  });

  it('[G-33] writes nothing when a file changed after the plan was shown', async () => {
    const { plan_hash } = await connector.plan('codex');
    await writeFile(file('.codex', 'config.toml'), `${CONFIG}\nx = 1\n`);
    await assert.rejects(connector.apply('codex', { plan_hash }), withCode('agent_config_changed'));
    assert.equal(await readFile(file('.codex', 'config.toml'), 'utf8'), `${CONFIG}\nx = 1\n`);
  });

  it("[G-33] undo keeps what was changed since and takes out only Hob's part, and shows that first", async () => {
    await connect('codex');
    const written = await readFile(file('.codex', 'config.toml'), 'utf8');
    await writeFile(file('.codex', 'config.toml'), `${written}[hooks.state]\n`);
    const plan = await connector.plan('codex', { undo: true });
    assert.equal(plan.state, 'changed');
    assert.match(plan.notes.join(), /your changes stay/);
    await connector.apply('codex', { undo: true, plan_hash: plan.plan_hash });
    assert.equal(
      await readFile(file('.codex', 'config.toml'), 'utf8'),
      `${CONFIG}\r\n[hooks.state]\n`,
    );
  });

  it('[G-33] undo refuses, and shows what differs, when its part cannot be told from the rest', async () => {
    await connect('codex');
    const written = await readFile(file('.codex', 'config.toml'), 'utf8');
    const tampered = written.replace('# <<< Hob <<<', '');
    await writeFile(file('.codex', 'config.toml'), tampered);
    await assert.rejects(connector.plan('codex', { undo: true }), (error: unknown) => {
      assert.ok(error instanceof HobError);
      assert.equal(error.code, 'agent_config_changed');
      assert.match(JSON.stringify(error.details), /timeout = 600/);
      return true;
    });
    assert.equal(await readFile(file('.codex', 'config.toml'), 'utf8'), tampered);
  });

  it('[G-34] says so when the hook is taken out behind its back', async () => {
    await connect('codex');
    await writeFile(file('.codex', 'config.toml'), CONFIG);
    assert.deepEqual(await connector.coverage('codex'), {
      gated: false,
      covered: [],
      not_covered: [
        'the hook of Hob is not in its file: nothing of this agent is gated',
        "Hob's MCP server is not in its file: it cannot use the tools of Hob",
      ],
      hook_present: false,
      server_present: false,
    });
    assert.equal((await connector.plan('codex')).state, 'changed');
  });

  it('connecting twice keeps the way back to the very first bytes', async () => {
    await connect('codex');
    await writeFile(file('.codex', 'config.toml'), CONFIG);
    await connect('codex');
    await connect('codex', true);
    assert.equal(await readFile(file('.codex', 'config.toml'), 'utf8'), CONFIG);
  });

  it('follows a symlink and leaves it one', async () => {
    const real = join(root, 'dotfiles.toml');
    await writeFile(real, CONFIG);
    await rm(file('.codex', 'config.toml'));
    await symlink(real, file('.codex', 'config.toml'));
    await connect('codex');
    assert.ok((await lstat(file('.codex', 'config.toml'))).isSymbolicLink());
    assert.match(await readFile(real, 'utf8'), /mcp_servers\.hob/);
  });

  it('[G-33] refuses a file that is not text, and an agent it does not know', async () => {
    await writeFile(file('.codex', 'config.toml'), Buffer.from([0x61, 0xff, 0xfe]));
    await assert.rejects(connector.plan('codex'), withCode('agent_config_invalid'));
    await assert.rejects(connector.plan('emacs'), withCode('agent_unknown'));
  });

  describe('what the configuration names', () => {
    const build = (folder: string): Launch => ({
      node: process.execPath,
      hook: [join(root, folder, "it's a hook.mjs")],
      mcp: [join(root, folder, 'mcp.mjs')],
      options: ['--data-dir', join(root, 'data')],
      env: { ELECTRON_RUN_AS_NODE: '1' },
      windows: false,
    });
    const run = (launch: Launch) =>
      spawnSync('/bin/sh', ['-c', hookCommand(launch, 'codex')], { encoding: 'utf8', input: 'in' });

    it('[G-33] stays the same when Hob is updated, and starts the new build', async () => {
      for (const folder of ['one', 'two']) {
        await mkdir(join(root, folder));
        const program = `process.stdout.write([${JSON.stringify(folder)}, ...process.argv.slice(2), process.env.ELECTRON_RUN_AS_NODE].join(' '))`;
        await writeFile(join(root, folder, "it's a hook.mjs"), program);
      }
      const before = stableLaunch(join(root, 'data'), build('one'));
      assert.equal(run(before).stdout, `one codex --data-dir ${join(root, 'data')} 1`);
      const after = stableLaunch(join(root, 'data'), build('two'));
      assert.deepEqual(after, before);
      assert.equal(run(before).stdout, `two codex --data-dir ${join(root, 'data')} 1`);
      const { mode } = await stat(join(root, 'data', 'agents', 'hook'));
      assert.equal(mode & 0o777, 0o700);
    });

    it('[G-30] is a deny when Hob is not there any more', async () => {
      const launch = stableLaunch(join(root, 'data'), build('gone'));
      for (const remove of [async () => {}, () => rm(join(root, 'data'), { recursive: true })]) {
        await remove();
        const { status, stderr } = run(launch);
        assert.equal(status, 2);
        // In words, or the agent runs the tool: dash itself ends with 2 when a script is missing.
        assert.notEqual(stderr.trim(), '');
      }
    });
  });
});
