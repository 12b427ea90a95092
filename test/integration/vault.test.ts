import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { SecretStorage } from 'vscode';
import type { HostClient } from '#schema/client/host-client.ts';
import { VaultKey } from '../../extension/vault/vault-key.ts';
import { HttpMcpServer } from '../fakes/http-mcp-server.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { addHttp, addServer, approve, callTool, server, textOf } from '../fakes/test-servers.ts';

const codeOf = (failure: unknown): unknown => (failure as { code?: unknown }).code;
const refusedWith = (code: string) => (failure: unknown) => codeOf(failure) === code;

// No shape of it gives it away: only who knows it can find it.
const value = 'wild horses over seven hills';

describe('the vault', function () {
  this.timeout(30_000);
  let test: TestHost;
  let cli: HostClient;

  beforeEach(async () => {
    test = await startTestHost();
    cli = await test.host.connect('cli');
  });
  afterEach(() => test[Symbol.asyncDispose]());

  const inData = (name: string) => join(test.dataDir, name);
  const set = (name = 'horses', text = value) =>
    cli.request('secret.set', { name, value: text, key: 'file' });
  const events = async (type: string) =>
    (await test.editor.client.request('event.query', { event_type: [type] })).events;
  /** Everything that the host keeps, as bytes. */
  const everything = (): string =>
    readdirSync(test.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');
  const restarted = async () => {
    await test.restart();
    cli = await test.host.connect('cli');
  };
  /** What is kept of a sentence that holds the secret. */
  const kept = async (): Promise<string> => {
    await cli.request('conversation.inject_text', { text: `say ${value}` });
    return JSON.stringify((await events('turn.started')).at(-1)?.data);
  };

  it('[A-35] [X-12] keeps a secret encrypted, in files of the owner alone, and gives none back', async () => {
    assert.deepEqual((await cli.request('secret.list', {})).vault.state, 'none');
    await set();
    const { vault, secrets } = await cli.request('secret.list', {});
    assert.deepEqual(vault, { state: 'open', key: 'file', problem: null });
    assert.deepEqual(
      secrets.map(({ name }) => name),
      ['horses'],
    );
    assert.match(
      readFileSync(inData('vault.age'), 'latin1'),
      /^age-encryption\.org\/v1\n-> X25519 /,
    );
    for (const file of ['vault.age', 'vault-key.txt'])
      assert.equal(statSync(inData(file)).mode & 0o777, 0o600, file);
    assert.ok(!everything().includes(value));
    assert.ok(!JSON.stringify(await cli.request('secret.list', {})).includes(value));
  });

  it('[A-35] [A-94] [X-12] is known to the redactor at once, after a restart and after it was forgotten', async () => {
    await set();
    assert.match(await kept(), /redacted:known_secret/);
    await restarted();
    assert.match(await kept(), /redacted:known_secret/);
    assert.deepEqual(await cli.request('secret.remove', { name: 'horses' }), { removed: true });
    assert.match(await kept(), /redacted:known_secret/);
    assert.deepEqual(await cli.request('secret.remove', { name: 'horses' }), { removed: false });
    assert.ok(!everything().includes(value));
  });

  it('[A-35] agents neither set, list nor remove one; a short one is refused', async () => {
    const agent = await test.host.connect('agent');
    const wanted = { name: 'mine', value: 'something long', key: 'file' as const };
    await assert.rejects(agent.request('secret.set', wanted), refusedWith('role_refused'));
    await assert.rejects(agent.request('secret.list', {}), refusedWith('role_refused'));
    await assert.rejects(
      agent.request('secret.remove', { name: 'horses' }),
      refusedWith('role_refused'),
    );
    await assert.rejects(set('short', 'abc'), refusedWith('invalid_payload'));
  });

  it('[A-35] [L-46] [A-112] a program gets it as a variable, and what it says of it is redacted', async () => {
    await set();
    await addServer(test, 'odd', [], { secrets: [{ env: 'HORSES', from: 'horses' }] });
    const run = await callTool(test, 'odd', 'reads', { path: '/proc/self/environ' });
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    assert.match(textOf(run), /HORSES=\[redacted:known_secret\]/);
    const [used] = await events('vault.secret_used');
    const { server_id } = await server(test, 'odd');
    assert.deepEqual(used?.data, { name: 'horses', server_id });
    assert.ok(!everything().includes(value));
  });

  it('[L-46] the card names the secret; a server whose secret is not there does not start and says which', async () => {
    const { client } = test.editor;
    const { run } = await client.request('server.add', {
      name: 'odd',
      transport: {
        kind: 'stdio',
        argv: [process.execPath, '-e', '0'],
        secrets: [{ env: 'HORSES', from: 'horses' }],
      },
    });
    const [card] = await test.editor.waiting();
    assert.deepEqual(card?.call.env_names, ['HORSES']);
    assert.match(JSON.stringify(card?.call.arguments), /"from":"horses"/);
    await approve(test, run);
    await client.request('run.get', { run_id: run.run_id, wait_ms: 15_000 });
    assert.match((await server(test, 'odd')).health.problem ?? '', /no secret "horses"/);
  });

  it('[L-46] [X-11] a server behind an address is shown it as a bearer token, and nobody else is', async () => {
    await set();
    await using far = await HttpMcpServer.start();
    far.bearer = value;
    await addHttp(test, 'far', far.url, { bearer_from: 'horses' });
    assert.equal(textOf(await callTool(test, 'far', 'echo', { text: 'in' })), 'in');
    // A tool that says what it was shown.
    far.instead = (message, response, { headers }) => {
      if (message['method'] !== 'tools/call') return false;
      far.reply(response, message, {
        content: [{ type: 'text', text: String(headers.authorization) }],
      });
      return true;
    };
    assert.equal(
      textOf(await callTool(test, 'far', 'echo', { text: 'x' })),
      'Bearer [redacted:known_secret]',
    );
    assert.ok(!everything().includes(value));
  });

  it('[X-11] a token that is not taken is said with a code', async () => {
    await set();
    await using far = await HttpMcpServer.start();
    far.bearer = 'another one';
    await addHttp(test, 'far', far.url, { bearer_from: 'horses' });
    assert.match((await server(test, 'far')).health.problem ?? '', /does not take/);
    await addHttp(test, 'bare', far.url);
    assert.match((await server(test, 'bare')).health.problem ?? '', /hob server login bare/);
  });

  it('[A-35] [X-12] an editor keeps the key: made, read back and given; a host without a window is locked and says so', async () => {
    const stored = new Map<string, string>();
    const secrets = {
      get: async (name: string) => stored.get(name),
      store: async (name: string, text: string) => void stored.set(name, text),
    } as unknown as SecretStorage;
    const { key: other } = await test.editor.client.request('vault.new_key', {});
    const problems: string[] = [];
    const holder = new VaultKey({
      secrets,
      dataDir: () => test.dataDir,
      warn: (text) => problems.push(text),
    });
    await holder.make(test.editor.client);
    await test.editor.client.request('secret.set', {
      name: 'mine',
      value: 'a value of mine',
      key: 'editor',
    });
    const [key = ''] = stored.values();
    assert.match(key, /^AGE-SECRET-KEY-/);
    assert.ok(!everything().includes(key), 'it is nowhere on the disk');
    await assert.rejects(holder.make(test.editor.client), /There is a vault/);
    assert.equal(stored.size, 1);

    await test.restart();
    const look = async () => (await test.editor.client.request('secret.list', {})).vault;
    const locked = await look();
    assert.equal(locked.state, 'locked');
    assert.match(locked.problem ?? '', /a window of it has to be open/);
    await assert.rejects(
      test.editor.client.request('vault.unlock', { key: other }),
      (failure) => codeOf(failure) === 'vault_locked',
    );
    await holder.unlock(test.editor.client);
    assert.deepEqual(problems, []);
    assert.deepEqual(await look(), { state: 'open', key: 'editor', problem: null });
    for (const role of ['cli', 'panel', 'agent'] as const) {
      const client = await test.host.connect(role);
      for (const ask of [
        () => client.request('vault.new_key', {}),
        () => client.request('vault.unlock', { key }),
      ])
        await assert.rejects(ask, (failure) => codeOf(failure) === 'role_refused');
    }
  });

  it('[A-35] [X-12] a passphrase opens the key: asked for after each start, and kept nowhere', async () => {
    const passphrase = 'seven hills of a wild horse';
    const under = { name: 'horses', value, key: 'passphrase' } as const;
    await assert.rejects(cli.request('secret.set', under), refusedWith('vault_unavailable'));
    assert.equal((await cli.request('secret.list', {})).vault.state, 'none');
    await cli.request('secret.set', { ...under, passphrase });
    assert.match(
      readFileSync(inData('vault-key.age'), 'latin1'),
      /^age-encryption\.org\/v1\n-> scrypt \S+ 17\n/,
    );
    assert.equal(statSync(inData('vault-key.age')).mode & 0o777, 0o600);
    await cli.request('conversation.inject_text', { text: `say ${passphrase}` });
    await restarted();
    const look = async () => (await cli.request('secret.list', {})).vault;
    assert.match((await look()).problem ?? '', /hob secret unlock/);
    const enter = (given: string) =>
      cli.request('vault.enter_passphrase', { passphrase: given }, { idempotencyKey: given });
    await assert.rejects(enter('seven hills of a tame horse'), refusedWith('vault_locked'));
    assert.equal((await look()).state, 'locked');
    await enter(passphrase);
    assert.deepEqual(await look(), { state: 'open', key: 'passphrase', problem: null });
    assert.match(await kept(), /redacted:known_secret/);
    assert.ok(!everything().includes(passphrase));
    // The router remembers neither that it opened nor a hash to guess it by; and a key of another vault beside it, as
    // of an attempt that was broken off, is not the only one that is tried.
    await restarted();
    const other = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
    writeFileSync(inData('vault-key.txt'), other, { mode: 0o600 });
    assert.equal((await look()).state, 'locked');
    await enter(passphrase);
    assert.deepEqual(await look(), { state: 'open', key: 'passphrase', problem: null });
    const agent = await test.host.connect('agent');
    await assert.rejects(
      agent.request('vault.enter_passphrase', { passphrase }),
      refusedWith('role_refused'),
    );
  });

  it('[X-12] an editor whose secret storage keeps nothing makes no vault', async () => {
    const secrets = {
      get: async () => undefined,
      store: async () => {},
    } as unknown as SecretStorage;
    const holder = new VaultKey({ secrets, dataDir: () => test.dataDir, warn: () => {} });
    await assert.rejects(holder.make(test.editor.client), /keeps nothing/);
    assert.equal((await test.editor.client.request('secret.list', {})).vault.state, 'none');
  });

  it('[X-12] without a keyring nothing is kept, and it says what else there is', async () => {
    const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
    delete process.env['DBUS_SESSION_BUS_ADDRESS'];
    try {
      await assert.rejects(
        cli.request('secret.set', { name: 'horses', value }),
        (failure: Error) =>
          codeOf(failure) === 'vault_unavailable' && /--key-file/.test(failure.message),
      );
    } finally {
      if (before !== undefined) process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
    }
    assert.ok(!existsSync(inData('vault.age')));
    assert.ok(!everything().includes(value));
  });

  it('[X-12] a key that others can read, another key and a damaged file open nothing and are not written over', async () => {
    await set();
    const sealed = readFileSync(inData('vault.age'));
    const key = readFileSync(inData('vault-key.txt'));
    const isLocked = async (about: RegExp) => {
      await restarted();
      const { vault } = await cli.request('secret.list', {});
      assert.equal(vault.state, 'locked');
      assert.match(vault.problem ?? '', about);
      await assert.rejects(set('more', 'something long'), refusedWith('vault_locked'));
      assert.deepEqual(readFileSync(inData('vault.age')), now);
    };
    let now = sealed;
    chmodSync(inData('vault-key.txt'), 0o644);
    await isLocked(/read by others/);
    chmodSync(inData('vault-key.txt'), 0o600);

    writeFileSync(
      inData('vault-key.txt'),
      key.toString().replace(/SECRET-KEY-1.{58}/, `SECRET-KEY-1${'Q'.repeat(58)}`),
    );
    await isLocked(/cannot be opened/);
    writeFileSync(inData('vault-key.txt'), key);

    for (const at of [10, 60, sealed.length - 1]) {
      now = Buffer.from(sealed);
      now[at] = (now[at] ?? 0) ^ 1;
      writeFileSync(inData('vault.age'), now);
      await isLocked(/cannot be opened/);
    }
    writeFileSync(inData('vault.age'), sealed);
    await restarted();
    assert.equal((await cli.request('secret.list', {})).vault.state, 'open');
  });

  it('[X-12] secrets that are set at the same moment are all kept', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => set(`s${i}`, `value number ${i}`)));
    assert.equal((await cli.request('secret.list', {})).secrets.length, 20);
    await restarted();
    assert.equal((await cli.request('secret.list', {})).secrets.length, 20);
  });
});
