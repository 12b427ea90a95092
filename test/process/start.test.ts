// `npm start` as a person runs it where there is no desktop VS Code: the address that it prints opens the
// workbench, nobody else gets in, and Ctrl-C leaves nothing running.
import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, before, describe, it } from 'mocha';
import { markedProcesses } from '../../scripts/lib/processes.ts';
import { root } from '../../scripts/lib/steps.ts';
import { toolDir } from '../../scripts/lib/tool-table.mjs';
import { makePrivateDirs } from '../ui/harness/workbench.ts';
import type { PrivateDirs } from '../ui/harness/workbench.ts';

/** Tools of this machine, state of a machine that never ran Hob. */
function privateTools(dirs: PrivateDirs): string {
  const tools = path.join(dirs.root, 'tools');
  fs.mkdirSync(tools);
  for (const name of ['code-server', 'vsce'])
    fs.symlinkSync(toolDir(name), path.join(tools, path.basename(toolDir(name))));
  return tools;
}

/** PATH without a `code` command: only what runs Node and npm. */
function pathWithoutEditor(): string {
  const hasCode = (dir: string): boolean => fs.existsSync(path.join(dir, 'code'));
  return (process.env['PATH'] ?? '')
    .split(':')
    .filter((dir) => !hasCode(dir))
    .join(':');
}

function untilPrinted(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const look = (data: Buffer): void => {
      output += data.toString();
      const found = pattern.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', (code) =>
      reject(new Error(`ended with ${code} before ${pattern.source}:\n${output}`)),
    );
  });
}

describe('npm start', function () {
  // Inherited by everything that it starts; code-server gets one of its own besides.
  const witness = randomUUID();
  let dirs: PrivateDirs;
  let child: ChildProcess;
  let address = '';

  before(async () => {
    dirs = makePrivateDirs();
    child = spawn(process.execPath, ['scripts/bootstrap.mjs', '--', 'node', 'scripts/start.ts'], {
      cwd: root,
      env: {
        ...process.env,
        ...dirs.env,
        PATH: pathWithoutEditor(),
        HOB_TOOLS_DIR: privateTools(dirs),
        HOB_TEST_WITNESS: witness,
        DISPLAY: '',
        WAYLAND_DISPLAY: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    address = await untilPrinted(child, /http:\/\/127\.0\.0\.1:\d+\/[\w-]{20,}/);
  });
  after(() => {
    child.kill('SIGKILL');
    fs.rmSync(dirs.root, { recursive: true, force: true });
  });

  it('[G-42] prints an address that opens the workbench', async () => {
    const door = await fetch(address, { redirect: 'manual' });
    const cookie = door.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const workbench = await fetch(door.headers.get('location') ?? '', { headers: { cookie } });
    assert.equal(door.status, 302);
    assert.equal(workbench.status, 200);
    assert.match(await workbench.text(), /vscode-workbench-web-configuration/);
  });

  it('asks everybody else for a password', async () => {
    const door = await fetch(address, { redirect: 'manual' });
    const stranger = await fetch(door.headers.get('location') ?? '', { redirect: 'manual' });
    const guess = await fetch(new URL('/guess', address));
    assert.match(stranger.headers.get('location') ?? '', /login/);
    assert.equal(guess.status, 404);
  });

  it('[G-42] installed Hob into a profile of its own', () => {
    const extensions = path.join(dirs.root, 'tools/start/extensions');
    assert.ok(fs.readdirSync(extensions).some((name) => name.startsWith('hob.hob-')));
  });

  it('[G-42] leaves nothing running after Ctrl-C', async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
    assert.deepEqual(markedProcesses(witness, 'HOB_TEST_WITNESS'), []);
  });
});
