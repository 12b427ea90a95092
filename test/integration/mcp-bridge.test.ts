import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, it } from 'mocha';
import { runMcpBridge } from '#host/cli/mcp-bridge.ts';
import { compose } from '#host/runtime/compose.ts';
import { createHost } from '#host/runtime/in-process.ts';
import type { Compose } from '#host/runtime/ports.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('the MCP bridge', () => {
  it('[G-26] asks a host that drops every connection again and again, but not in a tight loop', async () => {
    const dataDir = temporaryFolder('bridge');
    let opened = 0;
    const dropping: Compose = async (options) => ({
      ...(await compose(options)),
      mcpSessions: {
        open(connection) {
          opened += 1;
          connection.close('internal_error');
        },
      },
    });
    const host = await createHost({ dataDir, compose: dropping });
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    try {
      const ended = runMcpBridge({
        dataDir,
        name: 'patient',
        program: { nodePath: process.execPath, hostScript: '/nowhere', build: '0.0.0+x' },
        cwd: dataDir,
        stdin,
        stdout,
        log: () => {},
      });
      stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      stdin.end();
      await ended;
    } finally {
      await host.stop({ drain: false });
      rmSync(dataDir, { recursive: true, force: true });
    }
    assert.ok(opened > 1 && opened < 20, `${opened} connections`);
  });
});
