import assert from 'node:assert/strict';
import * as http from 'node:http';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'mocha';
import { exitCodes, UsageError } from '#host/cli/command.ts';
import { finishLogin } from '#host/cli/commands/server-login.ts';
import { ageFile } from '#host/vault/adapters/age-file.ts';
import { keyFile } from '#host/vault/adapters/key-file.ts';
import { HttpMcpServer, json } from '../fakes/http-mcp-server.ts';
import { OAuthServer } from '../fakes/oauth-server.ts';
import { browse, signIn } from '../fakes/sign-in.ts';
import { startTestHost, type TestHost } from '../fakes/test-host.ts';
import { addHttp, callTool, pause, server, textOf, until } from '../fakes/test-servers.ts';

describe('signing in at servers', function () {
  this.timeout(60_000);
  let test: TestHost;
  let far: HttpMcpServer;
  let auth: OAuthServer;

  beforeEach(async () => {
    test = await startTestHost();
    far = await HttpMcpServer.start();
    auth = await OAuthServer.start();
    far.tokens = auth.tokens;
    far.described = { resource: far.url, authorization_servers: [auth.origin] };
  });
  afterEach(async () => {
    await test[Symbol.asyncDispose]();
    await far[Symbol.asyncDispose]();
    await auth[Symbol.asyncDispose]();
  });

  const echo = () => callTool(test, 'far', 'echo', { text: 'hello' });
  const ready = () =>
    until(async () => (await server(test, 'far')).health.state === 'ready' || null);
  const signedIn = async () => {
    await addHttp(test, 'far', far.url);
    const { login } = await signIn(test, 'far');
    assert.equal(login?.state, 'signed_in', login?.problem ?? '');
    await ready();
  };
  /** Everything that was ever recorded, as text. */
  const record = async () =>
    JSON.stringify(await test.editor.client.request('event.query', { limit: 500 }));
  /** What lies in the vault, whoever knows of it. */
  const keptLogins = async () => {
    const key = await keyFile(path.join(test.dataDir, 'vault-key.txt')).read();
    return (await ageFile(path.join(test.dataDir, 'vault.age')).read(key ?? '')).logins;
  };
  const cards = async () =>
    (await test.editor.waiting()).filter((c) => c.call.tool === 'server.allow_origins');

  it('[X-13] a server that wants a login starts none by itself: an agent hears what a person has to do', async () => {
    const { health, login } = await addHttp(test, 'far', far.url);
    assert.deepEqual([health.state, login?.state], ['failed', 'needed']);
    assert.match(health.problem ?? '', /hob server login far/);
    assert.deepEqual(auth.asked, []);
    await assert.rejects(
      test.editor.client.request('server.restart', { name: 'none' }),
      /no server of that name/,
    );
    const agent = await test.host.connect('agent');
    for (const command of ['server.login', 'server.logout', 'server.cancel_login'] as const)
      await assert.rejects(
        agent.request(command, { name: 'far' }),
        (failure) => codeOf(failure) === 'role_refused',
      );
  });

  it('[X-13] [A-92] a person signs in: a card for the place, a page in the browser, and the tokens work', async () => {
    await addHttp(test, 'far', far.url);
    const { client } = test.editor;
    const first = await client.request('server.login', {
      name: 'far',
      key: 'file',
      wait_ms: 20_000,
    });
    assert.equal(first.server.login?.state, 'asking');
    const [card] = await cards();
    assert.deepEqual(card?.call.arguments['origins'], [auth.origin]);
    assert.match(
      card?.explanation.effect ?? '',
      new RegExp(`connect to ${auth.origin}, where "far" wants you`),
    );
    assert.deepEqual(auth.asked, [], 'nothing is asked before the yes');

    const { login } = await signIn(test, 'far');
    assert.equal(login?.state, 'signed_in', login?.problem ?? '');
    assert.deepEqual([login?.issuer, login?.renews, login?.problem], [auth.origin, true, null]);
    await ready();
    assert.equal(textOf(await echo()), 'hello');

    const [asked] = auth.authorizations;
    assert.equal(asked?.get('code_challenge_method'), 'S256');
    assert.equal(asked?.get('resource'), far.url);
    assert.match(asked?.get('redirect_uri') ?? '', /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    assert.deepEqual(
      auth.asked.filter((one) => one === '/authorize' || one === '/token'),
      ['/authorize', '/token'],
    );
  });

  it('[X-13] [X-12] tokens are in the vault alone: in no event, no answer, no log, and not plain on the disk', async () => {
    await signedIn();
    await echo();
    const [token = ''] = auth.tokens;
    const said = `${await record()}${JSON.stringify(await server(test, 'far'))}`;
    for (const secret of [token, 'registered-secret-1', 'access-', 'refresh-'])
      assert.ok(!said.includes(secret), secret);
    const vault = readFileSync(path.join(test.dataDir, 'vault.age'), 'latin1');
    assert.ok(!vault.includes('access-'));
    // A server that says one again is not believed to have said it.
    far.instead = (body, response) => {
      if (body['method'] !== 'tools/call') return false;
      far.reply(response, body, { content: [{ type: 'text', text: `it is ${token}` }] });
      return true;
    };
    assert.equal(textOf(await echo()), 'it is [redacted:known_secret]');
  });

  it('[X-13] the login is there after a restart, and prolonged when it ended, once for ten who wait', async () => {
    auth.lifetime = 1;
    await signedIn();
    await test.restart();
    assert.equal((await server(test, 'far')).login?.state, 'signed_in');
    const before = auth.tokenRequests.length;
    auth.lifetime = 3_600;
    const runs = await Promise.all(Array.from({ length: 10 }, () => echo()));
    assert.deepEqual(new Set(runs.map(textOf)), new Set(['hello']));
    assert.deepEqual(
      auth.tokenRequests.slice(before).map((form) => form.get('grant_type')),
      ['refresh_token'],
    );
  });

  it('[X-13] ten calls with a token that the server takes no more prolong it once', async () => {
    await signedIn();
    await echo();
    const before = auth.tokenRequests.length;
    auth.tokens.clear();
    const runs = await Promise.all(Array.from({ length: 10 }, () => echo()));
    assert.deepEqual(
      runs.map(({ status }) => status),
      Array.from({ length: 10 }, () => 'succeeded'),
    );
    assert.equal(auth.tokenRequests.length - before, 1);
  });

  it('[X-13] what was taken back there is forgotten here, and the call says to sign in', async () => {
    await signedIn();
    auth.revokeAll();
    const run = await echo();
    assert.deepEqual([run.status, run.error?.code], ['failed', 'server_needs_login']);
    const { login } = await server(test, 'far');
    assert.equal(login?.state, 'needed');
    assert.match(login?.problem ?? '', /invalid_grant/);
    await signIn(test, 'far');
    await ready();
    assert.equal(textOf(await echo()), 'hello');
  });

  it('[X-13] an authorization server that is gone loses no login', async () => {
    await signedIn();
    auth.tokens.clear();
    auth.instead = (_path, response) => {
      response.writeHead(503).end();
      return true;
    };
    assert.equal((await echo()).error?.code, 'server_unavailable');
    assert.equal((await server(test, 'far')).login?.state, 'signed_in');
    auth.instead = () => false;
    assert.equal(textOf(await echo()), 'hello');
  });

  it('[X-13] a call that needs more rights asks a person for them once, with those that there are', async () => {
    far.challenge = ', scope="read"';
    await signedIn();
    far.callScope = 'write';
    const run = await echo();
    assert.equal(run.error?.code, 'server_needs_login');
    assert.match((await server(test, 'far')).login?.problem ?? '', /more rights .* write/);
    await signIn(test, 'far');
    assert.equal(auth.authorizations.at(-1)?.get('scope'), 'read write');
    await ready();
    assert.equal(textOf(await echo()), 'hello');
    far.callScope = 'nothing';
    await echo();
    await signIn(test, 'far');
    await ready();
    far.instead = (body, response) => {
      if (body['method'] !== 'tools/call') return false;
      response.setHeader('www-authenticate', 'Bearer error="insufficient_scope", scope="read"');
      response.writeHead(403).end();
      return true;
    };
    const again = await echo();
    assert.equal(again.error?.code, 'server_unauthorized', 'it was asked for already');
  });

  it('[X-13] signing out takes the tokens back and forgets them', async () => {
    await signedIn();
    const { revoked, server: after } = await test.editor.client.request('server.logout', {
      name: 'far',
    });
    assert.equal(revoked, true);
    assert.equal(auth.revoked.length, 2);
    assert.equal(after.login, null);
    await test.restart();
    assert.equal((await server(test, 'far')).login, null);
    assert.equal((await echo()).error?.code, 'server_needs_login');
  });

  for (const [how, leave] of [
    ['signs out', () => test.editor.client.request('server.logout', { name: 'far' })],
    [
      'removes the server',
      () => test.editor.client.request('server.remove', { name: 'far', reason: 'not needed' }),
    ],
  ] as const)
    it(`[X-13] who ${how} while the login is prolonged is not signed in by that`, async () => {
      auth.lifetime = 1;
      await signedIn();
      const held = Promise.withResolvers<http.ServerResponse>();
      auth.instead = (where, response) => {
        if (where !== '/token') return false;
        held.resolve(response);
        return true;
      };
      const call = echo();
      const response = await held.promise;
      auth.instead = () => false;
      const left = leave();
      // Longer than the session says goodbye, for which it waits for the token.
      await pause(700);
      auth.tokens.add('late-access-1');
      const late = { access_token: 'late-access-1', token_type: 'Bearer', expires_in: 3_600 };
      json(response, 200, { ...late, refresh_token: 'late-refresh-1' });
      await left;
      await call;
      assert.ok(auth.revoked.includes('late-access-1'), 'what was won late is taken back too');
      assert.deepEqual(await keptLogins(), {});
    });

  it('[X-13] a program signs in without a browser, and again when its token ended', async () => {
    const { client } = test.editor;
    await client.request('secret.set', { name: 'robot', value: 'robot-secret-1', key: 'file' });
    const oauth = {
      grant: 'client_credentials',
      client_id: 'robot',
      client_secret_from: 'robot',
    } as const;
    auth.givesRefresh = false;
    await addHttp(test, 'far', far.url, { oauth });
    await client.request('server.login', { name: 'far', wait_ms: 20_000 });
    const [card] = await cards();
    assert.match(card?.explanation.effect ?? '', /is shown the secret "robot"/);
    assert.equal((await signIn(test, 'far')).login?.state, 'signed_in');
    await ready();
    auth.tokens.clear();
    assert.equal(textOf(await echo()), 'hello');
    assert.deepEqual(auth.authorizations, []);
    assert.deepEqual(
      auth.tokenRequests.map((form) => form.get('client_secret')),
      ['robot-secret-1', 'robot-secret-1'],
    );
  });

  // What must not work

  const failed = async (): Promise<string> => {
    await addHttp(test, 'far', far.url);
    const { login } = await signIn(test, 'far');
    assert.equal(login?.state, 'needed');
    assert.deepEqual([...auth.tokens], []);
    await until(async () => {
      const wanted = { event_type: ['server.login_failed'] };
      const { events } = await test.editor.client.request('event.query', wanted);
      return events.length > 0;
    });
    return login?.problem ?? '';
  };

  it('[X-13] [A-92] a no on the card ends it, and nothing was asked', async () => {
    await addHttp(test, 'far', far.url);
    const { login } = await signIn(test, 'far', { answers: 'deny' });
    assert.match(login?.problem ?? '', /nobody allowed Hob to connect/);
    assert.deepEqual(auth.asked, []);
  });

  it('[X-13] an answer of another issuer, or of none where one was promised, is not used', async () => {
    auth.redirect = { iss: 'https://evil.example' };
    assert.match(await failed(), /another authorization server/);
    auth.redirect = { iss: null };
    const { login } = await signIn(test, 'far');
    assert.match(login?.problem ?? '', /another authorization server/);
    assert.deepEqual(auth.tokenRequests, []);
  });

  it('[X-13] an answer with another state, method, path or Host changes nothing; the right one is taken once', async () => {
    await addHttp(test, 'far', far.url);
    let redirect = '';
    const { login } = await signIn(test, 'far', {
      async browser(url) {
        redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
        const state = new URL(url).searchParams.get('state') ?? '';
        for (const query of ['?code=x', '?code=x&state=wrong', `?code=x&state=${state.slice(1)}`])
          assert.equal((await browse(redirect + query)).status, 400);
        assert.equal(
          (await browse(`${new URL(redirect).origin}/other?state=${state}`)).status,
          400,
        );
        assert.equal(await statusOf(`${redirect}?state=${state}`, 'POST'), 400);
        assert.equal(
          await statusOf(`${redirect}?state=${state}`, 'GET', { host: 'evil.example' }),
          400,
        );
        return browse(url);
      },
    });
    assert.equal(login?.state, 'signed_in', login?.problem ?? '');
    await assert.rejects(browse(redirect), /ECONNREFUSED/);
  });

  it('[X-13] where the browser cannot reach Hob, its address is taken once, and no other one', async () => {
    await addHttp(test, 'far', far.url);
    const { client } = test.editor;
    const finish = (address: string) =>
      client.request('server.finish_login', { name: 'far', address });
    await assert.rejects(finish('http://127.0.0.1:1/callback?code=x'), /No sign-in is under way/);
    const told: string[] = [];
    const note = (text: string) => void told.push(text);
    const out = {
      json: false,
      result: (_: unknown, text: string) => note(text),
      say: note,
      warn: note,
    };
    const typed = (...lines: string[]) =>
      finishLogin({ connect: async () => client, out }, 'far', Readable.from(lines));
    const { login } = await signIn(test, 'far', {
      async browser(url) {
        const { status, location = '' } = await firstStop(url);
        assert.equal(status, 302);
        const copied = new URL(location);
        const other = new URL(location);
        other.searchParams.set('state', 'x');
        for (const address of [
          other.href,
          location.replace('127.0.0.1', 'evil.example'),
          location.replace('/callback', '/other'),
          'not an address',
        ])
          await assert.rejects(finish(address), (failure) => codeOf(failure) === 'login_refused');
        await assert.rejects(typed(), UsageError);
        // As browsers show it, given to the command line, which says how it ended.
        assert.equal(await typed(`${copied.href.replace('http://', '')}\n`), exitCodes.done);
        assert.deepEqual(told, [`Signed in at far (${auth.origin}).`]);
        await assert.rejects(finish(copied.href), (failure) => codeOf(failure) === 'login_refused');
        return { status: 0, url: '', body: '' };
      },
    });
    assert.equal(login?.state, 'signed_in', login?.problem ?? '');
    assert.ok(!(await record()).includes('callback?code='));
  });

  it('[X-13] a person who says no in the browser is told so, with nothing kept', async () => {
    auth.redirect = { code: null, error: 'access_denied', error_description: 'you said no' };
    assert.match(await failed(), /access_denied you said no/);
  });

  it('[X-13] a description of another resource is not followed', async () => {
    far.described = { resource: 'https://other.example/mcp', authorization_servers: [auth.origin] };
    assert.match(await failed(), /another server than the one that you added/);
    assert.deepEqual(auth.authorizations, []);
  });

  it('[X-13] [A-92] places that nobody may allow are refused without a card: http elsewhere, a name with a password', async () => {
    for (const [place, words] of [
      ['http://auth.example.com', /has to be https/],
      ['https://me:word@auth.example.com', /name or password/],
      ['file:///etc/passwd', /has to be https/],
    ] as const) {
      auth.metadata = { token_endpoint: place };
      if (place === 'http://auth.example.com') assert.match(await failed(), words);
      else assert.match((await signIn(test, 'far')).login?.problem ?? '', words);
    }
    assert.deepEqual(auth.tokenRequests, []);
  });

  it('[X-13] [A-92] every other place that the metadata names is asked about before it is used', async () => {
    await using other = await OAuthServer.start();
    auth.metadata = { token_endpoint: `${other.origin}/token`, revocation_endpoint: null };
    await addHttp(test, 'far', far.url);
    const { client } = test.editor;
    await client.request('server.login', { name: 'far', key: 'file', wait_ms: 20_000 });
    const [first] = await cards();
    assert.ok(first !== undefined);
    await test.editor.respond(first, 'approve', { confirmed: first.danger });
    const second = await until(async () => (await cards())[0]);
    assert.deepEqual(second.call.arguments['origins'], [other.origin]);
    assert.deepEqual(other.asked, []);
    await test.editor.respond(second, 'deny', {});
    const ended = await until(async () => {
      const { login } = await server(test, 'far');
      return login?.state === 'needed' && login;
    });
    assert.match(ended.problem ?? '', /nobody allowed/);
    assert.deepEqual(other.asked, []);
  });

  it('[X-13] without PKCE, and with metadata of another issuer, nobody is signed in', async () => {
    auth.metadata = { code_challenge_methods_supported: null };
    assert.match(await failed(), /PKCE/);
    auth.metadata = { code_challenge_methods_supported: ['plain'] };
    assert.match((await signIn(test, 'far')).login?.problem ?? '', /PKCE/);
    auth.metadata = { issuer: 'https://evil.example' };
    assert.match((await signIn(test, 'far')).login?.problem ?? '', /another authorization server/);
    assert.deepEqual(auth.authorizations, []);
  });

  it('[X-13] [A-92] metadata of 5 MiB, of something else, or on another origin by a redirect, is not taken', async () => {
    const answers: [(response: http.ServerResponse) => void, RegExp][] = [
      [(response) => response.end(' '.repeat(5 * 1024 * 1024)), /more than|too large|larger/],
      [(response) => response.end('<html>'), /not what the standard says/],
      [
        (response) => response.writeHead(302, { location: `${far.url}/x` }).end(),
        /does not say how/,
      ],
    ];
    let isFirst = true;
    for (const [answer, words] of answers) {
      auth.instead = (where, response) => {
        if (!where.startsWith('/.well-known')) return false;
        answer(response);
        return true;
      };
      const problem = isFirst ? await failed() : ((await signIn(test, 'far')).login?.problem ?? '');
      isFirst = false;
      assert.match(problem, words);
    }
    assert.deepEqual(auth.authorizations, []);
  });

  it('[X-13] a sign-in can be ended by the person, and ends with the kill switch', async () => {
    await addHttp(test, 'far', far.url);
    const { client } = test.editor;
    const first = signIn(test, 'far', { browser: async () => ({ status: 0, url: '', body: '' }) });
    await until(async () => (await server(test, 'far')).login?.state === 'browser');
    await client.request('server.cancel_login', { name: 'far' });
    assert.match((await first).login?.problem ?? '', /you ended it/);

    await client.request('server.login', { name: 'far', wait_ms: 20_000 });
    await client.request('policy.kill_switch_set', { on: true });
    await until(async () => (await server(test, 'far')).login?.state === 'needed');
    await assert.rejects(
      client.request('server.login', { name: 'far' }),
      (failure) => codeOf(failure) === 'kill_switch_on',
    );
  });

  it('[X-13] a host that ended in the middle of it knows of no sign-in, and begins a new one', async () => {
    await addHttp(test, 'far', far.url);
    let page = '';
    const lost = signIn(test, 'far', {
      async browser(url) {
        page = url;
        return { status: 0, url, body: '' };
      },
    }).catch(() => null);
    await until(async () => page !== '');
    await test.restart();
    await lost;
    await assert.rejects(browse(page), /ECONNREFUSED/, 'nobody listens for it any more');
    assert.equal((await server(test, 'far')).login, null);
    assert.equal((await signIn(test, 'far')).login?.state, 'signed_in');
  });

  it('[X-13] without a vault nobody is sent to a browser', async () => {
    await addHttp(test, 'far', far.url);
    await assert.rejects(
      test.editor.client.request('server.login', { name: 'far', wait_ms: 5_000 }),
      (failure) => codeOf(failure) === 'vault_unavailable',
    );
    assert.deepEqual(auth.asked, []);
  });

  it('[X-13] [X-11] servers that want no login say so', async () => {
    far.tokens = null;
    await addHttp(test, 'far', far.url);
    await assert.rejects(
      test.editor.client.request('server.login', { name: 'far', key: 'file' }),
      (failure) => codeOf(failure) === 'login_refused' && /as it is/.test(String(failure)),
    );
  });
});

/** Where a page sends the browser, without following it. */
const firstStop = (url: string): Promise<{ status: number; location: string | undefined }> =>
  new Promise((resolve, reject) => {
    http
      .get(url, { agent: false }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      })
      .once('error', reject);
  });

const codeOf = (failure: unknown): unknown => (failure as { code?: unknown }).code;

const statusOf = (
  url: string,
  method: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    http
      .request(url, { method, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .once('error', reject)
      .end();
  });
