import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'mocha';
import { limits } from '#schema/envelope/limits.ts';
import { encodeFrame } from '#schema/wire/framing.ts';
import { auth, hello, RawClient, welcomed, type Frame } from './raw-client.ts';
import { shells, type Shell } from './shells.ts';

const errorOf = (frame: Frame | null): Frame => {
  assert.ok(frame !== null, 'the host closed without a word');
  assert.equal(typeof frame['error'], 'object', JSON.stringify(frame));
  const error = frame['error'] as Frame;
  assert.ok(
    typeof error['message'] === 'string' && error['message'].length > 10,
    'an error says what happened',
  );
  assert.equal(typeof error['retryable'], 'boolean');
  return error;
};

for (const kind of shells) {
  describe(`bad input to ${kind.name}`, () => {
    let shell: Shell;
    const open: RawClient[] = [];
    const connected = (): RawClient => {
      const client = new RawClient(shell.open());
      open.push(client);
      return client;
    };
    const inside = async (): Promise<RawClient> => {
      const client = await welcomed(shell);
      open.push(client);
      return client;
    };
    /** Whether a new connection is asked to prove itself, or told that there are too many. */
    const hasPlace = async (): Promise<boolean> => {
      const client = connected();
      client.send(hello().frame);
      const answer = await client.next();
      return answer !== null && answer['error'] === undefined;
    };
    /** The host has taken every connection so far: the last in the queue, which holds 511, is answered. */
    const queueIsEmpty = async (): Promise<void> => {
      const last = connected();
      last.send(hello().frame);
      await last.next();
      last.close();
    };
    /** The connection goes on: a good request is answered. */
    const livesOn = async (client: RawClient): Promise<void> => {
      const answer = await client.ask('host.ping', { echo: 'still here' });
      assert.deepEqual(
        [answer?.['ok'], (answer?.['payload'] as Frame)['echo']],
        [true, 'still here'],
      );
    };
    const refusedWith = async (client: RawClient, code: string): Promise<Frame> => {
      const refused = await client.next();
      assert.equal(refused?.['type'], 'refused', JSON.stringify(refused));
      const error = errorOf(refused);
      assert.equal(error['code'], code);
      assert.equal(await client.next(), null, 'the connection closes');
      return error;
    };

    before(async () => (shell = await kind.start()));
    after(() => shell.stop());
    afterEach(async () => {
      // Whatever came in, the host is there for the next one.
      await livesOn(await inside());
      for (const client of open.splice(0)) client.close();
    });

    it('[R-29] [G-45] refuses a wrong key', async () => {
      const client = connected();
      const greeting = hello();
      client.send(greeting.frame);
      client.send(auth(randomBytes(32), greeting, await client.next()));
      await refusedWith(client, 'handshake_failed');
    });

    it('[R-29] [G-45] refuses a handshake that was recorded and is replayed', async () => {
      const first = connected();
      const greeting = hello();
      first.send(greeting.frame);
      const good = auth(shell.key, greeting, await first.next());
      first.send(good);
      assert.equal((await first.next())?.['type'], 'welcome');
      const replay = connected();
      replay.send(greeting.frame);
      await replay.next();
      replay.send(good);
      await refusedWith(replay, 'handshake_failed');
    });

    it("[R-29] refuses the host's own proof sent back to it", async () => {
      const client = connected();
      client.send(hello().frame);
      const challenge = await client.next();
      client.send({ type: 'auth', proof: challenge?.['proof'], principal_hint: '' });
      await refusedWith(client, 'handshake_failed');
    });

    it('[R-29] refuses a proof that was made for another role, hint, token or channel', async () => {
      const changes: ((frame: Frame) => Frame)[] = [
        (frame) => ({ ...frame, principal_hint: 'somebody else' }),
        (frame) => ({ ...frame, token: 'not covered' }),
      ];
      for (const change of changes) {
        const client = connected();
        const greeting = hello('agent');
        client.send(greeting.frame);
        client.send(change(auth(shell.key, greeting, await client.next())));
        await refusedWith(client, 'handshake_failed');
      }
      for (const other of [hello('panel'), hello('agent', { channel: 'mcp' })]) {
        const client = connected();
        const greeting = hello('agent');
        client.send(greeting.frame);
        const pretended = { ...other, clientNonce: greeting.clientNonce };
        client.send(auth(shell.key, pretended, await client.next()));
        await refusedWith(client, 'handshake_failed');
      }
    });

    it('[R-29] [G-45] refuses a second hello, before and after the welcome', async () => {
      const client = connected();
      client.send(hello().frame);
      await client.next();
      client.send(hello().frame);
      await refusedWith(client, 'handshake_failed');

      const late = await inside();
      late.send(hello().frame);
      assert.equal(errorOf(await late.next())['code'], 'handshake_failed');
      assert.equal(await late.next(), null);
    });

    it('[R-29] answers nothing but a handshake to who has not shown the key', async () => {
      for (const frame of [
        { v: 1, request_id: randomUUID(), command: 'host.ping', payload: {} },
        {},
        [],
        'x',
        null,
        { type: 'auth' },
      ]) {
        const client = connected();
        client.send(frame);
        await refusedWith(client, 'handshake_failed');
      }
    });

    it('[F-31] refuses a handshake of another version and says which it speaks', async () => {
      const client = connected();
      client.send({ ...hello().frame, v: 2 });
      const error = await refusedWith(client, 'unsupported_version');
      assert.deepEqual(error['details'], { supported: [1] });
    });

    it('[R-37] refuses more than 4 KiB before the welcome', async () => {
      const client = connected();
      client.send({ ...hello().frame, padding: 'x'.repeat(4_096) });
      await refusedWith(client, 'frame_too_large');
    });

    it('[F-31] refuses an unknown version and lives on', async () => {
      const client = await inside();
      for (const v of [0, 2, 1.5, -1]) {
        const id = randomUUID();
        client.send({ v, request_id: id, command: 'host.ping', payload: {} });
        const answer = await client.next();
        assert.equal(answer?.['request_id'], id);
        assert.equal(errorOf(answer)['code'], 'unsupported_version');
      }
      await livesOn(client);
    });

    it('[F-28] [R-04] refuses an envelope with a field missing or wrong, names the field, and lives on', async () => {
      const client = await inside();
      const good = (): Frame => ({
        v: 1,
        request_id: randomUUID(),
        command: 'host.ping',
        payload: {},
      });
      for (const field of ['v', 'request_id', 'command', 'payload']) {
        const { [field]: _left, ...rest } = good();
        client.send(rest);
        const error = errorOf(await client.next());
        assert.equal(error['code'], 'bad_request');
        assert.match(String(error['message']), new RegExp(field));
      }
      const wrong: Frame = {
        request_id: 'not a uuid',
        command: 7,
        payload: [],
        workspace_id: 'nope',
        correlation_id: '',
        idempotency_key: 'k'.repeat(129),
      };
      for (const [field, value] of Object.entries(wrong)) {
        client.send({ ...good(), [field]: value });
        assert.equal(errorOf(await client.next())['code'], 'bad_request', field);
      }
      await livesOn(client);
    });

    it('[F-28] [G-04] refuses an unknown command and lives on', async () => {
      const client = await inside();
      for (const name of [
        'host.nope',
        'constructor',
        '__proto__',
        'toString',
        'host.ping ',
        'HOST.PING',
      ]) {
        assert.equal(errorOf(await client.ask(name, {}))['code'], 'unknown_command', name);
      }
      await livesOn(client);
    });

    it('[F-92] refuses a command to a role that may not use it', async () => {
      const agent = await welcomed(shell, 'agent');
      open.push(agent);
      for (const name of [
        'host.shutdown',
        'grant.revoke',
        'policy.kill_switch_set',
        'agent.add',
        'config.patch',
        'client.context_set',
        'toolcall.succeed',
        'decider.enroll',
      ]) {
        assert.equal(errorOf(await agent.ask(name, {}))['code'], 'role_refused', name);
      }
      await livesOn(agent);
    });

    it('[R-34] refuses a payload that does not fit and says where', async () => {
      const client = await inside();
      const error = errorOf(await client.ask('event.query', { limit: 0, from_seq: 'x' }));
      assert.equal(error['code'], 'invalid_payload');
      const { issues } = error['details'] as { issues: { path: string; message: string }[] };
      assert.deepEqual(issues.map(({ path }) => path).toSorted(), ['from_seq', 'limit']);
      await livesOn(client);
    });

    it('[R-37] [G-46] refuses a payload over 1 MiB and lives on', async () => {
      const client = await inside();
      const error = errorOf(await client.ask('host.ping', { echo: 'x'.repeat(1_048_577) }));
      assert.equal(error['code'], 'payload_too_large');
      await livesOn(client);
    });

    it('[R-37] [G-46] refuses a frame over 16 MiB at its header and closes', async () => {
      const client = await inside();
      client.bytes(Buffer.from([0x01, 0x00, 0x00, 0x01]));
      assert.equal(errorOf(await client.next())['code'], 'frame_too_large');
      assert.equal(await client.next(), null);
    });

    it('[R-34] [G-46] refuses JSON 65 levels deep and lives on', async () => {
      const client = await inside();
      client.text('['.repeat(65) + ']'.repeat(65));
      assert.equal(errorOf(await client.next())['code'], 'json_too_deep');
      const deep = `{"v":1,"request_id":"${randomUUID()}","command":"host.ping","payload":${'{"a":'.repeat(64)}1${'}'.repeat(64)}}`;
      client.text(deep);
      assert.equal(errorOf(await client.next())['code'], 'json_too_deep');
      await livesOn(client);
    });

    it('[R-34] [G-46] refuses invalid UTF-8 and what is not JSON, and lives on', async () => {
      const client = await inside();
      const frames = [
        Buffer.from([0xff, 0xfe]),
        Buffer.from([0x22, 0xc3, 0x28, 0x22]),
        Buffer.from(''),
        Buffer.from('{"v":1'),
        Buffer.from('undefined'),
      ];
      for (const frame of frames) {
        const header = Buffer.alloc(4);
        header.writeUInt32BE(frame.length);
        client.bytes(Buffer.concat([header, frame]));
        assert.equal(errorOf(await client.next())['code'], 'bad_frame');
      }
      await livesOn(client);
    });

    it('[R-34] refuses text that is half a character, which could not be hashed, and lives on', async () => {
      const client = await inside();
      const id = randomUUID();
      client.text(
        `{"v":1,"request_id":"${id}","command":"host.ping","payload":{"echo":"\\ud800"}}`,
      );
      const answer = await client.next();
      assert.deepEqual([answer?.['request_id'], errorOf(answer)['code']], [id, 'bad_request']);
      await livesOn(client);
    });

    it('[R-36] [G-46] says that half a frame is none, when the client stops in the middle', async () => {
      const client = await inside();
      client.bytes(encodeFrame(JSON.stringify({ v: 1 })).subarray(0, 6));
      client.stream.end();
      assert.equal(errorOf(await client.next())['code'], 'bad_frame');
      assert.equal(await client.next(), null);
    });

    it('[R-36] bears a client that vanishes in the middle of a frame, of a handshake and of a request', async () => {
      const half = await inside();
      half.bytes(Buffer.from([0, 0, 1, 0, 0x7b]));
      half.close();
      const greeted = connected();
      greeted.send(hello().frame);
      greeted.close();
      const asked = await inside();
      asked.send({ v: 1, request_id: randomUUID(), command: 'event.query', payload: {} });
      asked.close();
      await Promise.all([half.ended, greeted.ended, asked.ended]);
    });

    it('[R-34] takes nothing from a payload but what the command names', async () => {
      const client = await inside();
      client.text(
        `{"v":1,"request_id":"${randomUUID()}","command":"host.ping","payload":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"echo":"e"}}`,
      );
      const answer = await client.next();
      assert.equal((answer?.['payload'] as Frame)['echo'], 'e');
      assert.equal(({} as Frame)['polluted'], undefined);
    });

    it('[R-39] [F-96] answers more requests at once than it takes with too_many_requests and nothing else is lost', async () => {
      const client = await inside();
      const { run_id: run } = await waitingRun(client);
      const ids: string[] = Array.from({ length: limits.requestsInFlight + 16 }, () =>
        randomUUID(),
      );
      for (const id of ids)
        client.send({
          v: 1,
          request_id: id,
          command: 'run.get',
          payload: { run_id: run, wait_ms: 1_500 },
        });
      const answers = new Map<unknown, Frame>();
      while (answers.size < ids.length) {
        const frame = await client.next();
        assert.ok(frame !== null);
        if (ids.includes(String(frame['request_id']))) answers.set(frame['request_id'], frame);
      }
      const codes = [...answers.values()].map((frame) =>
        frame['ok'] === true ? 'ok' : errorOf(frame)['code'],
      );
      assert.equal(codes.filter((code) => code === 'too_many_requests').length, 16);
      assert.equal(codes.filter((code) => code === 'ok').length, limits.requestsInFlight);
      await livesOn(client);
    });

    it('[R-39] [G-47] bears 1,000 idle connections: the ones over the limit are told so, a client that is in is served', async function () {
      const client = await inside();
      const idle: RawClient[] = [];
      while (idle.length < 1_000) {
        for (let count = 0; count < 500; count++) idle.push(connected());
        await queueIsEmpty();
      }
      await livesOn(client);
      // Nobody who stays silent keeps a place: after five seconds all are gone.
      const codes = (await Promise.all(idle.map((one) => one.next()))).map(
        (frame) => errorOf(frame)['code'],
      );
      assert.deepEqual(new Set(codes.slice(0, 500)), new Set(['handshake_timeout']));
      const over = new Set(codes.slice(500));
      // A slow host may have thrown out some of the first before the last came.
      over.delete('handshake_timeout');
      assert.deepEqual(over, new Set(['too_many_connections']));
      await livesOn(client);
      // A place is free when its connection is closed on both sides.
      for (const one of idle) one.close();
      while (!(await hasPlace())) await new Promise((resolve) => setTimeout(resolve, 100));
    });
  });
}

/** A run that waits for a person. */
async function waitingRun(client: RawClient): Promise<{ run_id: string }> {
  const call = {
    action: 'command.run',
    tool: 'shell',
    argv: ['/bin/true', randomUUID()],
    cwd: '/',
    arguments: {},
  };
  const answer = await client.ask('approval.request', { call, wait_ms: 0 });
  assert.equal((answer?.['payload'] as Frame)['decision'], 'pending', JSON.stringify(answer));
  return { run_id: String((answer?.['payload'] as Frame)['run_id']) };
}
