import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, it } from 'mocha';
import { ownToolNames } from '#host/agents/core/own-tools.ts';
import { shipped } from '../fakes/shipped.ts';
import { HostProcess } from './codex/host-process.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe("the tools that a hook takes for Hob's own", function () {
  it('[G-31] are exactly those that its MCP server offers', async () => {
    const base = temporaryFolder('tools');
    const host = await HostProcess.start(join(base, 'data'), base);
    const client = new Client({ name: 'test', version: '0' });
    try {
      const args = [shipped.hob, 'mcp', '--as', 'test', '--data-dir', join(base, 'data')];
      await client.connect(new StdioClientTransport({ command: process.execPath, args }));
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map(({ name }) => name).toSorted(), [...ownToolNames].toSorted());
    } finally {
      await client.close();
      await host.kill();
      await rm(base, { recursive: true, force: true });
    }
  });
});
