// Commands that the host itself runs, seen from outside: their output, their artifacts, and how they are stopped.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { HostClient } from '#schema/client/host-client.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { RunView } from '#schema/views/run.ts';
import { TEST_WORKSPACE } from '../fakes/test-editor.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { isAlive } from '../fakes/is-alive.ts';
import { agentOf, type TestAgent } from '../fakes/test-mcp-agent.ts';

describe('a command that the host runs', () => {
  let t: TestHost;
  let agent: TestAgent;
  let cli: HostClient;

  beforeEach(async () => {
    t = await startTestHost();
    agent = await agentOf(t.host, 'codex');
    cli = await t.host.connect('cli');
  });
  afterEach(async () => {
    await agent.close();
    await t[Symbol.asyncDispose]();
  });

  /** Asked by an agent and approved by the person; resolves when it has started. */
  async function start(source: string): Promise<RunView> {
    const asked = await agent.call('run_command', { argv: [process.execPath, '-e', source] });
    await t.editor.respond(await t.editor.nextCard(), 'approve', { confirmed: true });
    return (await cli.request('run.get', { run_id: asked.run_id })).run;
  }
  const ended = async ({ run_id }: RunView): Promise<RunView> =>
    (await cli.request('run.get', { run_id, wait_ms: 10_000 })).run;
  const shaOf = (events: readonly StoredEvent[]): string => {
    const sha = events[0]?.data?.['sha256'];
    assert.ok(typeof sha === 'string');
    return sha;
  };
  const inWorkspace = (name: string): string => join(t.workspace, name);
  async function fileThere(name: string): Promise<void> {
    for (let tries = 0; tries < 6_000 && !existsSync(inWorkspace(name)); tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(existsSync(inWorkspace(name)), `${name} was not written`);
  }

  it('[G-21] keeps what is too long for an event as a file with an event of its own', async () => {
    const run = await ended(
      await start(`for (let i = 0; i < 20000; i++) console.log('line ' + String(i).padStart(60))`),
    );
    assert.equal(run.result?.['truncated'], true);
    const { events } = await cli.request('event.query', {
      run_id: run.run_id,
      event_type: ['artifact.created'],
    });
    const { sha256, bytes, artifact_id, name } = events[0]?.data as Record<string, string | number>;
    assert.deepEqual(
      [events.length, name, artifact_id],
      [1, 'stdout', run.result?.['stdout_artifact']],
    );
    const file = join(t.dataDir, 'artifacts', String(sha256));
    const content = readFileSync(file);
    assert.deepEqual(
      [
        createHash('sha256').update(content).digest('hex'),
        content.length,
        statSync(file).mode & 0o777,
      ],
      [sha256, bytes, 0o600],
    );
    assert.equal(content.toString('utf8').split('\n').length, 20_001);
    assert.equal((await cli.request('audit.verify', {})).ok, true);
  });

  it('[A-94] keeps no secret in an artifact', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const run = await ended(
      await start(
        `for (let i = 0; i < 20000; i++) console.log(i === 9000 ? ['gh' + 'p_', 'a1B2'.repeat(9)].join('') : '.'.repeat(60))`,
      ),
    );
    const { events } = await cli.request('event.query', {
      run_id: run.run_id,
      event_type: ['artifact.created'],
    });
    const content = readFileSync(join(t.dataDir, 'artifacts', shaOf(events)), 'utf8');
    assert.deepEqual([content.includes(token), content.split('\n').length], [false, 20_001]);
    assert.notEqual(content.split('\n')[9_000], '.'.repeat(60));
  });

  it('[G-21] is stopped by run.cancel, with everything that it started', async () => {
    const run = await start(
      `require('node:child_process').spawn(process.execPath, ['-e', "require('node:fs').writeFileSync('child', String(process.pid)); setInterval(() => {}, 1000)"]); setInterval(() => {}, 1000)`,
    );
    await fileThere('child');
    await cli.request('run.cancel', { run_id: run.run_id });
    assert.equal((await ended(run)).status, 'cancelled');
    const pid = Number(readFileSync(inWorkspace('child'), 'utf8'));
    assert.equal(isAlive(pid), false, 'its child is gone');
  });

  it('[G-19] is stopped by the kill switch', async () => {
    const run = await start(
      `require('node:fs').writeFileSync('up', ''); setInterval(() => {}, 1000)`,
    );
    await fileThere('up');
    await cli.request('policy.kill_switch_set', { on: true });
    const end = await ended(run);
    assert.deepEqual([end.status, end.error?.message], ['cancelled', 'kill_switch']);
  });

  it('[G-13] fails when the program is not the one any more that was shown', async () => {
    symlinkSync('/bin/echo', inWorkspace('tool'));
    const asked = await agent.call('run_command', { argv: ['./tool', 'hi'] });
    const card = await t.editor.nextCard();
    rmSync(inWorkspace('tool'));
    symlinkSync('/bin/cat', inWorkspace('tool'));
    await t.editor.respond(card, 'approve', { confirmed: true });
    const { run } = await cli.request('run.get', { run_id: asked.run_id, wait_ms: 10_000 });
    assert.deepEqual([run.status, run.error?.code], ['failed', 'arguments_changed']);
  });

  it('[G-23] refuses a link in the workspace that leads out of it', async () => {
    symlinkSync('/', inWorkspace('out'));
    const asked = await agent.call('run_command', { argv: ['ls'], cwd: inWorkspace('out') });
    const { run } = await cli.request('run.get', { run_id: asked.run_id });
    assert.deepEqual(
      [run.status, run.error?.code, run.workspace_id],
      ['failed', 'path_outside_workspace', TEST_WORKSPACE],
    );
  });
});
