import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { compose } from '#host/runtime/compose.ts';
import { createHost, type RunningHost } from '#host/runtime/in-process.ts';
import { resetDeciders } from '#host/runtime/reset-deciders.ts';
import { TestEditor } from '../fakes/test-editor.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('resetting the deciders', () => {
  let folder: string;
  let dataDir: string;
  const hosts: RunningHost[] = [];
  beforeEach(() => {
    folder = temporaryFolder('reset');
    dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) await host.stop({ drain: false });
    rmSync(folder, { recursive: true, force: true });
  });
  async function start(): Promise<RunningHost> {
    const host = await createHost({ dataDir, compose, socket: false });
    hosts.push(host);
    return host;
  }

  it('[G-15] ends what was granted, lets the next editor be the first, and is in a record that verifies', async () => {
    const host = await start();
    const first = new TestEditor(await host.connect('extension'));
    await first.enroll();
    await first.open([folder]);
    const agent = await host.connect('agent', 'codex');
    const call = {
      action: 'command.run' as const,
      tool: 'x',
      argv: ['touch', 'a'],
      cwd: folder,
      arguments: {},
    };
    const asked = agent.request('approval.request', { call });
    await first.respond(await first.nextCard(), 'approve', { offer_id: 'exact' });
    await asked;
    assert.equal((await first.client.request('grant.list', {})).grants.length, 1);
    await assert.rejects(resetDeciders(dataDir), { code: 'host_draining' });
    await host.stop({ drain: false });

    assert.deepEqual(await resetDeciders(dataDir), { deciders: 1, grants: 1 });

    const again = await start();
    const second = new TestEditor(await again.connect('extension'));
    assert.equal((await second.enroll('the next one')).status, 'enrolled');
    assert.deepEqual((await second.client.request('grant.list', {})).grants, []);
    assert.deepEqual((await second.client.request('audit.verify', {})).problems, []);
    const { events } = await second.client.request('event.query', {
      event_type: ['decider.reset'],
    });
    assert.equal(events.length, 1);
  });

  it('[G-15] of a directory without a store says so', async () => {
    await assert.rejects(resetDeciders(dataDir), { code: 'not_found' });
  });
});
