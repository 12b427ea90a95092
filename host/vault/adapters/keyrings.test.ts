// The keyrings of systems that there is none of here, with a stand-in for the system's tool that does what its
// documentation says, and writes down how it was called.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { macKeychain } from './mac-keychain.ts';
import { windowsDpapi } from './windows-dpapi.ts';
import { temporaryFolder } from '../../../test/fakes/temporary-folder.ts';

const key = 'AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0S';
const codeOf = (failure: unknown): unknown => (failure as { code?: unknown }).code;

describe('keyrings of other systems', () => {
  let folder: string;
  const closing = new AbortController().signal;
  const inFolder = (name: string): string => join(folder, name);
  /** A program whose body is JavaScript; `args`, `input` and `done(code, out, err)` are there. */
  const program = (body: string): string => {
    const file = inFolder('tool');
    const head = `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(inFolder('calls'))}, args.join(' ') + '\\n');
const input = fs.readFileSync(0, 'utf8');
const done = (code, out = '', err = '') => { process.stdout.write(out); process.stderr.write(err); process.exitCode = code; };
const kept = ${JSON.stringify(inFolder('kept'))};
`;
    writeFileSync(file, head + body);
    chmodSync(file, 0o700);
    return file;
  };
  const calls = (): string => readFileSync(inFolder('calls'), 'utf8');

  beforeEach(() => {
    folder = temporaryFolder('keyrings');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const security = String.raw`
if (args[0] === '-i') {
  const [, account, word] = /"-a" "((?:[^"\\]|\\.)*)" "-w" "([^"]*)"/.exec(input);
  fs.writeFileSync(kept, JSON.stringify({ account: account.replaceAll(/\\(.)/g, '$1'), word }));
  done(0);
} else if (!fs.existsSync(kept)) done(44, '', 'security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n');
else {
  const { account, word } = JSON.parse(fs.readFileSync(kept, 'utf8'));
  account === args[args.indexOf('-a') + 1] ? done(0, word + '\n') : done(44);
}
`;

  it('[X-12] macOS: in the keychain of its user, by what goes in on stdin alone', async () => {
    const place = '/Users/me/Application Support/"Hob"';
    const store = macKeychain(place, { security: program(security), closing });
    assert.equal(await store.read(), null);
    await store.keep(key);
    assert.equal(await store.read(), key);
    assert.ok(!calls().includes(key), 'never an argument');
    const locked = macKeychain(place, { security: program(`done(36, '', 'locked')`), closing });
    for (const work of [() => locked.read(), () => locked.keep(key)])
      await assert.rejects(work, (failure) => codeOf(failure) === 'vault_unavailable');
  });

  it('[X-12] Windows: as its user alone can open it, by what goes in on stdin alone', async () => {
    const powershell = program(`
const command = args.at(-1);
const turned = (text) => [...text].reverse().join('');
if (command.includes('::Protect(')) done(0, Buffer.from(turned(input)).toString('base64'));
else if (command.includes('::Unprotect(')) done(0, turned(Buffer.from(input, 'base64').toString()));
else done(1);
`);
    const file = inFolder('vault-key.dpapi');
    const store = windowsDpapi(file, { powershell, closing });
    assert.equal(await store.read(), null);
    await store.keep(key);
    assert.equal(await store.read(), key);
    assert.ok(!calls().includes(key), 'never an argument');
    assert.ok(!readFileSync(file, 'utf8').includes(key));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await assert.rejects(store.keep(key), /EEXIST/, 'never in the place of another one');
    const failing = { powershell: program(`done(1, '', 'Access is denied')`), closing };
    await assert.rejects(
      windowsDpapi(file, failing).read(),
      (failure) => codeOf(failure) === 'vault_unavailable' && /denied/.test(String(failure)),
    );
  });
});
