// The bootstrap on machines that are not like this one: a fresh clone, an interrupted install, a person
// who is not root. npm and apt-get are stand-ins that write down what they were asked for.
import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { root } from '../../scripts/lib/steps.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** Does what npm leaves behind: the hidden lockfile, our Node, the tool that was asked for. */
const fakeNpm = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
fs.appendFileSync(process.env.CALLS, 'npm ' + process.argv.slice(2).join(' ') + ' in ' + process.cwd() + '\\n');
if (process.env.NPM_FAILS) { console.error('npm error no registry today'); process.exit(1); }
const write = (file, text) => { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, text); };
if (process.cwd() === process.env.CLONE) {
  fs.mkdirSync('node_modules/node/bin', { recursive: true });
  fs.rmSync('node_modules/node/bin/node', { force: true });
  fs.symlinkSync(process.execPath, 'node_modules/node/bin/node');
  write('node_modules/.package-lock.json', '{}');
} else {
  write('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', '');
  if (process.argv[2] === 'rebuild') write('node_modules/naudiodon/build/Release/naudiodon.node', 'compiled');
}
`;

const fakeApt = `#!/bin/sh
echo "apt-get $*" >> "$CALLS"
if [ "$1" = install ]; then for p in $*; do [ "$p" = chromium-headless-shell ] && cp "$0" "$BIN/$p"; done; fi
exit 0
`;

interface Machine {
  readonly dir: string;
  readonly clone: string;
  readonly bin: string;
}

function makeMachine(): Machine {
  const dir = temporaryFolder('boot');
  fs.chmodSync(dir, 0o755);
  const clone = path.join(dir, 'clone');
  const bin = path.join(dir, 'bin');
  fs.mkdirSync(path.join(clone, 'scripts/lib'), { recursive: true });
  fs.mkdirSync(bin);
  fs.copyFileSync(
    path.join(root, 'scripts/bootstrap.mjs'),
    path.join(clone, 'scripts/bootstrap.mjs'),
  );
  for (const name of fs.globSync('*.mjs', { cwd: path.join(root, 'scripts/lib') })) {
    fs.copyFileSync(path.join(root, 'scripts/lib', name), path.join(clone, 'scripts/lib', name));
  }
  fs.writeFileSync(path.join(clone, 'package.json'), '{"name":"clone","type":"module"}\n');
  fs.writeFileSync(path.join(clone, 'package-lock.json'), '{"lockfileVersion":3}\n');
  fs.writeFileSync(path.join(bin, 'npm'), fakeNpm, { mode: 0o755 });
  fs.writeFileSync(path.join(bin, 'apt-get'), fakeApt, { mode: 0o755 });
  return { dir, clone, bin };
}

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly calls: readonly string[];
}

function bootstrap(
  { dir, clone, bin }: Machine,
  args: readonly string[],
  options: { env?: Record<string, string>; uid?: number } = {},
): Outcome {
  const calls = path.join(dir, 'calls');
  fs.writeFileSync(calls, '');
  const result = spawnSync(process.execPath, ['scripts/bootstrap.mjs', ...args], {
    cwd: clone,
    encoding: 'utf8',
    // No more than /bin besides the stand-ins: nothing of this machine is found by accident.
    env: {
      PATH: `${bin}:${path.join(dir, 'coreutils')}`,
      HOME: path.join(dir, 'home'),
      CALLS: calls,
      CLONE: clone,
      BIN: bin,
      ...options.env,
    },
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  });
  return {
    status: result.status,
    output: result.stdout + result.stderr,
    calls: fs.readFileSync(calls, 'utf8').split('\n').filter(Boolean),
  };
}

/** The few programs that the stand-ins themselves need. */
function linkCoreutils({ dir }: Machine): void {
  fs.mkdirSync(path.join(dir, 'coreutils'));
  for (const name of ['sh', 'cp'])
    fs.symlinkSync(`/bin/${name}`, path.join(dir, 'coreutils', name));
}

describe('bootstrap', () => {
  let machine: Machine;

  beforeEach(() => {
    machine = makeMachine();
    linkCoreutils(machine);
  });
  afterEach(() => fs.rmSync(machine.dir, { recursive: true, force: true }));

  it('[G-42] installs packages in a fresh clone, once, and again when the lockfile changes', () => {
    const first = bootstrap(machine, []);
    const second = bootstrap(machine, []);
    fs.writeFileSync(
      path.join(machine.clone, 'package-lock.json'),
      '{"lockfileVersion":3,"x":1}\n',
    );
    fs.utimesSync(
      path.join(machine.clone, 'package-lock.json'),
      new Date(),
      new Date(Date.now() + 5000),
    );
    const third = bootstrap(machine, []);
    assert.deepEqual([first.status, second.status, third.status], [0, 0, 0], first.output);
    assert.deepEqual([first.calls.length, second.calls.length, third.calls.length], [1, 0, 1]);
  });

  it('[G-42] begins again after an install that npm did not finish', () => {
    fs.mkdirSync(path.join(machine.clone, 'node_modules/half'), { recursive: true });
    assert.equal(bootstrap(machine, []).calls.length, 1);
  });

  it('says what npm said when it fails, and ends with 1', () => {
    const { status, output } = bootstrap(machine, [], { env: { NPM_FAILS: '1' } });
    assert.equal(status, 1);
    assert.match(output, /no registry today/);
  });

  it('runs the command with our Node and passes its end on', () => {
    const print = 'console.log("PATH", process.env.PATH.split(":")[0]); process.exit(7)';
    const { status, output } = bootstrap(machine, ['--', 'node', '-e', print]);
    assert.equal(status, 7);
    assert.match(output, new RegExp(`PATH ${machine.clone}/node_modules/node/bin`));
  });

  it('[G-42] fills the tool folder outside node_modules, and again when the marker is missing', () => {
    const first = bootstrap(machine, ['--with', 'inspector']);
    const tools = path.join(machine.dir, 'home/.cache/hob-tools');
    const tool = fs.readdirSync(tools)[0] ?? '';
    const second = bootstrap(machine, ['--with', 'inspector']);
    fs.rmSync(path.join(tools, tool, '.installed.json'));
    fs.writeFileSync(path.join(tools, tool, 'half'), '');
    const third = bootstrap(machine, ['--with', 'inspector']);
    assert.deepEqual([first.status, second.status, third.status], [0, 0, 0], first.output);
    assert.match(tool, /^inspector-\d+\.\d+\.\d+$/);
    assert.deepEqual([first.calls.length, second.calls.length, third.calls.length], [2, 0, 1]);
    assert.deepEqual(fs.existsSync(path.join(tools, tool, 'half')), false);
  });

  it('takes the tool folder from HOB_TOOLS_DIR, then XDG_CACHE_HOME', () => {
    const own = path.join(machine.dir, 'own');
    const cache = path.join(machine.dir, 'cache');
    bootstrap(machine, ['--with', 'inspector'], {
      env: { HOB_TOOLS_DIR: own, XDG_CACHE_HOME: cache },
    });
    bootstrap(machine, ['--with', 'inspector'], { env: { XDG_CACHE_HOME: cache } });
    assert.equal(fs.readdirSync(own).length, 1);
    assert.equal(fs.readdirSync(path.join(cache, 'hob-tools')).length, 1);
  });

  it('[G-42] [V-60] compiles the addon that npm left out once, and puts it into each clone', () => {
    for (const name of ['g++', 'make', 'python3'])
      fs.writeFileSync(path.join(machine.bin, name), '', { mode: 0o755 });
    const folder = path.join(machine.clone, 'node_modules/naudiodon');
    const addon = path.join(folder, 'build/Release/naudiodon.node');
    const first = bootstrap(machine, ['--with', 'naudiodon']);
    assert.equal(first.status, 0, first.output);
    assert.equal(fs.readFileSync(addon, 'utf8'), 'compiled');
    const asked = first.calls.filter((call) => call.includes('naudiodon'));
    // The version of the project, and no other.
    const { optionalDependencies } = JSON.parse(
      fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
    ) as { optionalDependencies: { naudiodon: string } };
    const asIs = `npm install naudiodon@${optionalDependencies.naudiodon} --ignore-scripts`;
    assert.equal(asked[0]?.startsWith(asIs), true, asked[0]);
    assert.match(asked[1] ?? '', /^npm rebuild --foreground-scripts naudiodon/);
    fs.rmSync(folder, { recursive: true });
    const second = bootstrap(machine, ['--with', 'naudiodon']);
    assert.equal(fs.readFileSync(addon, 'utf8'), 'compiled');
    assert.deepEqual([asked.length, second.calls.length], [2, 0]);
  });

  it('refuses a tool that it does not know', () => {
    const { status, output } = bootstrap(machine, ['--with', 'chromium,emacs']);
    assert.equal(status, 1);
    assert.match(output, /unknown tool emacs; known: code-server, /);
  });

  describe('system packages', () => {
    before(function () {
      // Only root can become somebody else, and only root installs packages.
      if (process.getuid?.() !== 0) this.skip();
    });

    it('[G-42] asks apt-get as root: update once, then one install', () => {
      const { status, output, calls } = bootstrap(machine, ['--with', 'chromium']);
      const apt = calls.filter((call) => call.startsWith('apt-get'));
      assert.equal(status, 0, output);
      assert.equal(apt[0], 'apt-get update -q');
      assert.match(apt[1] ?? '', /^apt-get install -y --no-install-recommends .*chromium/);
      assert.equal(apt.length, 2);
    });

    it('[G-42] prints the exact command to anybody else, and ends with 1', () => {
      bootstrap(machine, []);
      fs.chmodSync(path.join(machine.dir, 'calls'), 0o666);
      const nobody = 65534;
      for (const file of ['', 'clone', 'clone/node_modules']) {
        fs.chownSync(path.join(machine.dir, file), nobody, nobody);
      }
      const { status, output, calls } = bootstrap(machine, ['--with', 'chromium'], { uid: nobody });
      assert.equal(status, 1, output);
      assert.match(
        output,
        /sudo apt-get update && sudo apt-get install -y --no-install-recommends .*chromium/,
      );
      assert.deepEqual(calls, []);
    });
  });
});
