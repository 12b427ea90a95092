import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { servicePlan } from '#host/cli/service/service-plan.ts';
import { shipped } from '../fakes/shipped.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('hob service', function () {
  let home = '';
  beforeEach(() => {
    home = temporaryFolder('service');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const hob = (...words: string[]) =>
    spawnSync(
      process.execPath,
      [shipped.hob, 'service', ...words, '--data-dir', join(home, 'da ta')],
      {
        encoding: 'utf8',
        env: { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, 'config') },
      },
    );
  const unit = (): string => join(home, 'config/systemd/user/hob.service');

  it('[F-13] writes a unit that systemd takes, shows it, and takes it away without a trace', function () {
    if (process.platform !== 'linux') this.skip(); // The other systems' files are compared below.
    const installed = hob('install', '--no-start');
    assert.equal(installed.status, 0, installed.stderr);
    const text = readFileSync(unit(), 'utf8');
    assert.ok(installed.stdout.includes(text));
    const check = spawnSync('systemd-analyze', ['verify', '--user', unit()], { encoding: 'utf8' });
    if (check.error === undefined) assert.doesNotMatch(check.stderr, /hob[.]service/);
    assert.match(hob('status').stdout, /^Installed: /);
    assert.equal(hob('install', '--no-start').status, 1);
    assert.equal(hob('remove', '--no-start').status, 0);
    assert.deepEqual(readdirSync(home), ['da ta']);
    assert.deepEqual(readdirSync(join(home, 'da ta')), []);
  });

  it('[F-13] puts back byte for byte what was there, and leaves alone what was changed since', function () {
    if (process.platform !== 'linux') this.skip(); // As above.
    mkdirSync(join(home, 'config/systemd/user'), { recursive: true });
    const before = Buffer.from([0x23, 0xff, 0x00, 0x0d, 0x0a]);
    writeFileSync(unit(), before);
    hob('install', '--no-start');
    writeFileSync(unit(), 'mine');
    assert.equal(hob('remove', '--no-start').status, 1);
    assert.equal(readFileSync(unit(), 'utf8'), 'mine');
    assert.equal(existsSync(unit()), true);
    rmSync(join(home, 'da ta'), { recursive: true });
    writeFileSync(unit(), before);
    assert.equal(hob('install', '--no-start').status, 0);
    assert.notDeepEqual(readFileSync(unit()), before);
    assert.equal(hob('remove', '--no-start').status, 0);
    assert.deepEqual(readFileSync(unit()), before);
  });

  it('escapes what each system would read as something else', () => {
    const program = { node: '/n$%"o', hostScript: '/h&<ost.js', dataDir: 'C:\\d "x"\\', env: {} };
    const on = (platform: NodeJS.Platform) =>
      servicePlan(program, { platform, home: '/home/me', env: {}, uid: 501 });
    assert.match(
      on('linux')?.text ?? '',
      /^ExecStart="\/n\$\$%%\\"o" "\/h&<ost[.]js" "--standby"/m,
    );
    assert.match(on('darwin')?.text ?? '', /<string>\/h&amp;&lt;ost[.]js<\/string>/);
    assert.match(on('win32')?.text ?? '', /&quot;C:\\d \\&quot;x\\&quot;\\\\&quot;<\/Arguments>/);
    assert.equal(on('aix'), null);
  });
});
