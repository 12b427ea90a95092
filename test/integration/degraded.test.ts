import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { compose } from '#host/runtime/compose.ts';
import { createHost, type RunningHost } from '#host/runtime/in-process.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? 'no code',
  );

async function onStore(
  bytes: Buffer | string,
  use: (host: RunningHost, panel: HostClient, file: string) => Promise<void>,
): Promise<void> {
  const dataDir = temporaryFolder('degraded');
  const file = join(dataDir, 'events.db');
  writeFileSync(file, bytes);
  const host = await createHost({ dataDir, compose, socket: false });
  try {
    await use(host, await host.connect('panel'), file);
  } finally {
    await host.stop({ drain: false });
    rmSync(dataDir, { recursive: true, force: true });
  }
}

describe('a host whose store is broken', () => {
  const call = {
    action: 'command.run' as const,
    tool: 'command.run',
    argv: ['ls'],
    cwd: '/',
    arguments: {},
  };

  it('[G-09] stays up, says what is wrong, denies every action and leaves the file alone', async () => {
    const garbage = Buffer.alloc(8_192, 'not a database ');
    await onStore(garbage, async (host, panel, file) => {
      const status = await panel.request('runtime.status', {});
      assert.equal(status.state, 'degraded');
      assert.ok((status.problem ?? '').length > 10, 'it does not say what is wrong');
      assert.equal((await panel.request('host.ping', { echo: 'x' })).echo, 'x');
      assert.equal((await panel.request('host.version', {})).store_id, null);
      const agent = await host.connect('agent', 'codex');
      const refused = [
        () => agent.request('approval.request', { call }),
        () => panel.request('conversation.inject_text', { text: 'git status' }),
        () => panel.request('approval.list', {}),
        () => panel.request('config.patch', { changes: { 'policy.preset': 'off' } }),
        () => panel.request('audit.verify', {}),
      ];
      for (const request of refused) assert.equal(await codeOf(request()), 'store_unavailable');
      assert.deepEqual(readFileSync(file), garbage);
    });
  });

  it('[G-09] says so for a file that breaks off in the middle', async () => {
    await onStore('SQLite format 3\0', async (_host, panel) => {
      assert.equal((await panel.request('runtime.status', {})).state, 'degraded');
    });
  });
});
