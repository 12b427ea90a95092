// The shipped programs with a real keyring: GNOME Keyring on a session bus of its own, without a desktop.
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { describe, it } from 'mocha';
import { shipped } from '../fakes/shipped.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const value = 'wild horses over seven hills';

const stopHost = ['call', 'host.shutdown', '{"drain":false}'];

/** Prints the address of its bus when the keyring is open, and lives until its stdin closes. */
const session = `
printf word | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
`;

describe('the vault, as it ships', function () {
  this.timeout(60_000);
  let dataDir: string;
  let home: string;
  let bus: ChildProcess;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    dataDir = temporaryFolder('vault');
    home = temporaryFolder('keyring');
    env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: home };
    bus = spawn('dbus-run-session', ['--', 'sh', '-c', session], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const [line] = (await once(bus.stdout ?? assert.fail(), 'data')) as [Buffer];
    env['DBUS_SESSION_BUS_ADDRESS'] = line.toString().trim();
  });
  after(async () => {
    await hob(stopHost);
    const ended = once(bus, 'close');
    bus.stdin?.end();
    await ended;
    for (const folder of [dataDir, home]) rmSync(folder, { recursive: true, force: true });
  });

  const hob = (
    words: string[],
    input = '',
    place = dataDir,
  ): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const args = [shipped.hob, ...words, '--data-dir', place];
      const child = execFile(process.execPath, args, { env }, (failure, out, err) =>
        resolve({ code: failure === null ? 0 : Number(failure.code), out, err }),
      );
      child.stdin?.end(input);
    });

  it('[A-35] [X-12] the key lies in the keyring: the file alone is worth nothing, and a new host opens it', async () => {
    const kept = await hob(['secret', 'set', 'horses'], `${value}\n`);
    assert.equal(kept.code, 0, kept.err);
    assert.ok(!existsSync(path.join(dataDir, 'vault-key.txt')));
    assert.ok(!readFileSync(path.join(dataDir, 'vault.age'), 'latin1').includes(value));
    assert.match((await hob(['secret', 'list'])).out, /open; its key is in the keyring[^]*horses/);
    assert.equal((await hob(stopHost)).code, 0);
    assert.match((await hob(['secret', 'list'])).out, /open; its key is in the keyring[^]*horses/);
    const taken = await hob(['secret', 'remove', 'horses']);
    assert.deepEqual([taken.code, taken.out.trim()], [0, 'horses is forgotten.']);
  });

  it('[X-12] no secret comes from the command line, and none of nothing', async () => {
    assert.equal((await hob(['secret', 'set', 'horses', value])).code, 2);
    assert.equal((await hob(['secret', 'set', 'horses'], '\n')).code, 2);
  });

  it('[A-35] [X-12] a passphrase on stdin makes a vault, and opens it for the next host', async () => {
    const place = temporaryFolder('vault');
    try {
      const passphrase = 'seven hills of a wild horse';
      const made = await hob(
        ['secret', 'set', 'horses', '--passphrase'],
        `${passphrase}\n${value}\n`,
        place,
      );
      assert.equal(made.code, 0, made.err);
      await hob(stopHost, '', place);
      const locked = await hob(['secret', 'list'], '', place);
      assert.equal(locked.code, 1);
      assert.match(locked.out, /hob secret unlock/);
      const opened = await hob(['secret', 'unlock'], `${passphrase}\n`, place);
      assert.equal(opened.code, 0, opened.err);
      assert.match((await hob(['secret', 'list'], '', place)).out, /your passphrase opens/);
    } finally {
      await hob(stopHost, '', place);
      rmSync(place, { recursive: true, force: true });
    }
  });
});
