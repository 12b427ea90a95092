// The way out with real sockets; only what a name leads to is the test's, so that a name can lie.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as http from 'node:http';
import { describe, it } from 'mocha';
import { nodeSend } from '#host/egress/adapters/node-http.ts';
import { kindOf, systemResolve } from '#host/egress/adapters/resolve.ts';
import type { ChannelOptions } from '#host/egress/channel.ts';
import type { AllowedOrigin } from '#host/egress/core/allowed.ts';
import type { RequestEnded, Resolve } from '#host/egress/ports.ts';
import { Egress } from '#host/egress/service.ts';
import { HobError } from '#host/kernel/errors.ts';
import { silentLog } from '#host/kernel/log.ts';
import { systemClock } from '#host/kernel/system-clock.ts';

const codeOf = (failure: unknown): unknown => (failure as { code?: unknown }).code;
const refusedWith = (code: string) => (failure: unknown) => codeOf(failure) === code;

const server_id = 'srv_01ARZ3NDEKTSV4RRFFQ69G5FAV';
const limits = { connectMs: 2_000, answerMs: 1_000, idleMs: 500, bytes: 1_000 };

describe('the way out', () => {
  let server: http.Server;
  let port: number;
  let reached: string[];
  let kept: { ended: RequestEnded; runId: string | null }[];
  let leads: Resolve;
  let mayLeave: () => Promise<void>;
  let egress: Egress;

  beforeEach(async () => {
    reached = [];
    kept = [];
    leads = systemResolve;
    mayLeave = async () => {};
    server = http.createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as { port: number }).port;
    egress = new Egress({
      resolve: (name) => leads(name),
      send: nodeSend,
      clock: systemClock,
      log: silentLog,
      mayLeave: () => mayLeave(),
      record: async (ended, runId) => void kept.push({ ended, runId }),
    });
  });
  afterEach(async () => {
    await egress.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    reached.push(request.url ?? '');
    if (request.url === '/silent') return;
    if (request.url === '/moved') {
      response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' }).end();
      return;
    }
    if (request.url === '/large') {
      response.end('x'.repeat(5_000));
      return;
    }
    if (request.url === '/packed') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
      return;
    }
    if (request.url === '/stalls') {
      response.write('half');
      return;
    }
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let i = 0; i < 100; i += 1) response.write(`data: ${'x'.repeat(100)}\n\n`);
      response.end();
      return;
    }
    response.end('hello');
  }

  const local = (): AllowedOrigin => ({ origin: `http://127.0.0.1:${port}`, reach: 'loopback' });
  const open = (allow: AllowedOrigin[] = [local()], more: Partial<ChannelOptions> = {}) =>
    egress.open({ server_id, allow, limits, ...more });
  const at = (path = '/') => `http://127.0.0.1:${port}${path}`;
  const outcomes = () => kept.map(({ ended }) => [ended.outcome, ended.code, ended.status]);

  it('[A-33] [X-10] keeps where a request went and how much it was, for the run that made it, and nothing of what it said', async () => {
    const channel = open();
    await egress.forRun('run_x', async () => {
      const response = await channel.fetch(at('/path?secret=1'), { method: 'POST', body: 'ask' });
      assert.equal(await response.text(), 'hello');
    });
    assert.equal(kept.length, 1);
    const { ended, runId } = kept[0] ?? assert.fail();
    assert.equal(runId, 'run_x');
    const { ms, ...rest } = ended;
    assert.ok(ms >= 0);
    assert.deepEqual(rest, {
      server_id,
      origin: `http://127.0.0.1:${port}`,
      method: 'POST',
      outcome: 'answered',
      status: 200,
      code: null,
      address: '127.0.0.1',
      sent_bytes: 3,
      received_bytes: 5,
      times: 1,
    });
  });

  it('[A-92] nothing goes where nobody allowed it, and a loop of it fills no record', async () => {
    const channel = open([{ origin: 'https://other.example', reach: 'public' }]);
    for (let i = 0; i < 50; i += 1)
      await assert.rejects(channel.fetch(at()), refusedWith('egress_refused'));
    assert.deepEqual(reached, []);
    assert.equal(kept.length, 1);
    await egress.close();
    assert.deepEqual(
      kept.map(({ ended }) => [ended.outcome, ended.code, ended.times]),
      [
        ['refused', 'egress_refused', 1],
        ['refused', 'egress_refused', 49],
      ],
    );
  });

  it('[A-92] a name that leads to this machine, a private network or the metadata of a cloud reaches nothing', async () => {
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1']) {
      const family = address.includes(':') ? 6 : 4;
      // One honest address beside it changes nothing.
      leads = async () => [
        { address: '93.184.216.34', family: 4, kind: 'public' },
        { address, family, kind: kindOf(address, family) },
      ];
      const allow: AllowedOrigin = { origin: `http://rebound.example:${port}`, reach: 'public' };
      await assert.rejects(
        open([allow]).fetch(`http://rebound.example:${port}/`),
        refusedWith('egress_refused'),
        address,
      );
    }
    assert.deepEqual(reached, []);
  });

  it('[A-92] it connects to the address that was judged, whatever the name leads to a moment later', async () => {
    let asked = 0;
    leads = async () => {
      asked += 1;
      const address = asked === 1 ? '127.0.0.1' : '127.0.0.9';
      return [{ address, family: 4, kind: 'loopback' }];
    };
    const allow: AllowedOrigin = { origin: `http://moving.localhost:${port}`, reach: 'loopback' };
    const response = await open([allow]).fetch(`http://moving.localhost:${port}/`);
    assert.equal(await response.text(), 'hello');
    assert.equal(asked, 1);
    assert.equal(kept[0]?.ended.address, '127.0.0.1');
  });

  it('[A-92] a redirect is an answer: whoever follows it is judged again', async () => {
    const channel = open();
    const response = await channel.fetch(at('/moved'));
    assert.equal(response.status, 302);
    await response.body?.cancel();
    await assert.rejects(
      channel.fetch(response.headers.get('location') ?? ''),
      refusedWith('egress_refused'),
    );
  });

  it('[A-92] more than 200 requests at once are turned away, with when to try again', async () => {
    const channel = open();
    const answers = await Promise.all(
      Array.from({ length: 260 }, () =>
        channel.fetch(at()).then(
          async (response) => response.text(),
          (failure: unknown) => failure,
        ),
      ),
    );
    const refused = answers.filter((a) => a instanceof HobError && a.code === 'egress_limited');
    assert.ok(refused.length > 0 && refused.length <= 60, String(refused.length));
    assert.ok((refused[0] as HobError).retryAfterMs !== undefined);
    // On a busy machine some of the others come too late for the time that these tests give them.
    const answered = answers.filter((answer) => answer === 'hello');
    assert.ok(answered.length > 0 && reached.length >= answered.length, String(answered.length));
  });

  it('[X-10] answers that are too large, packed, late or stop half-way end with a code; streams may be long', async () => {
    const channel = open();
    const read = async (path: string) => (await channel.fetch(at(path))).text();
    await assert.rejects(read('/large'), refusedWith('egress_too_large'));
    await assert.rejects(read('/packed'), refusedWith('egress_too_large'));
    await assert.rejects(read('/silent'), refusedWith('egress_unreachable'));
    await assert.rejects(read('/stalls'), refusedWith('egress_unreachable'));
    assert.equal((await read('/events')).length, 100 * 108);
    assert.deepEqual(outcomes(), [
      ['cut', 'egress_too_large', 200],
      ['cut', 'egress_too_large', 200],
      ['failed', 'egress_unreachable', null],
      ['cut', 'egress_unreachable', 200],
      ['answered', null, 200],
    ]);
  });

  it('[X-10] no network, nobody there and a name that is none are said in words', async () => {
    const gone: AllowedOrigin = { origin: 'http://127.0.0.1:1', reach: 'loopback' };
    await assert.rejects(
      open([gone]).fetch('http://127.0.0.1:1/'),
      (failure: Error) =>
        codeOf(failure) === 'egress_unreachable' && /Nothing answers/.test(failure.message),
    );
    leads = () => Promise.reject(Object.assign(new Error(), { code: 'EAI_AGAIN' }));
    const far: AllowedOrigin = { origin: 'https://far.example', reach: 'public' };
    await assert.rejects(
      open([far]).fetch('https://far.example/'),
      (failure: Error) =>
        codeOf(failure) === 'egress_unreachable' && /no network/.test(failure.message),
    );
  });

  it('[X-10] a certificate of somebody else is not taken', async () => {
    const https = await import('node:https');
    const { execFileSync } = await import('node:child_process');
    const pem = execFileSync(
      'openssl',
      [
        ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1'.split(' '),
        ...'-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout - -out -'.split(' '),
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString();
    const secure = https.createServer({ key: pem, cert: pem }, (_q, r) => void r.end('x'));
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const origin = `https://localhost:${(secure.address() as { port: number }).port}`;
    leads = async () => [{ address: '127.0.0.1', family: 4, kind: 'loopback' }];
    await assert.rejects(
      open([{ origin, reach: 'loopback' }]).fetch(origin),
      refusedWith('egress_untrusted'),
    );
    secure.close();
    await once(secure, 'close');
  });

  it('[A-33] while nothing may leave nothing does, and closing ends what is on its way', async () => {
    mayLeave = () => Promise.reject(new HobError('kill_switch_on'));
    await assert.rejects(open().fetch(at()), refusedWith('kill_switch_on'));
    assert.deepEqual(reached, []);
    mayLeave = async () => {};
    const channel = open([local()], { limits: { ...limits, answerMs: 60_000, idleMs: 60_000 } });
    const waiting = channel.fetch(at('/silent'));
    const half = await channel.fetch(at('/stalls'));
    const reading = half.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
    egress.shut(channel);
    await assert.rejects(waiting);
    await assert.rejects(reading);
    await egress.close();
    assert.deepEqual(kept.map(({ ended }) => ended.outcome).toSorted(), [
      'cut',
      'failed',
      'refused',
    ]);
  });
});
