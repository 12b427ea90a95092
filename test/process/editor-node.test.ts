import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { findNode } from '../../extension/host-process/node-runtime.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('the Node that an editor starts the host with', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder('node');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const program = (name: string, script: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const problemOf = async (configured: string): Promise<string> => {
    const found = await findNode(configured);
    return found.ok ? '' : found.message;
  };

  it("is the editor's own without a setting, and the one of the setting with one", async () => {
    assert.deepEqual(await findNode(''), { ok: true, nodePath: process.execPath });
    const configured = await findNode(process.execPath);
    assert.deepEqual(configured, { ok: true, nodePath: process.execPath });
  });

  it('[A-84] is refused in words, with the setting that mends it', async () => {
    const old = program('old-node', 'echo v20.11.0');
    assert.match(
      await problemOf(old),
      /is Node v20\.11\.0, which has no node:sqlite\. Set hob\.host\.nodePath/,
    );
    assert.match(await problemOf(program('broken', 'exit 3')), /is not a Node that runs/);
    assert.match(await problemOf(path.join(folder, 'missing')), /is not a Node that runs/);
    assert.match(await problemOf('node'), /absolute path/);
  });
});
