import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'mocha';
import { registry } from '#schema/commands/registry.ts';
import { responseSchema } from '#schema/envelope/envelope.ts';
import { HostCallError, LinkError } from '#schema/client/errors.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { connectMcp } from '#schema/client/mcp-channel.ts';
import { welcomed } from './raw-client.ts';
import { shells, type Shell } from './shells.ts';

for (const kind of shells) {
  describe(`[F-98] [F-99] [G-03] requests to ${kind.name}`, () => {
    let shell: Shell;
    let cli: HostClient;
    before(async () => {
      shell = await kind.start();
      cli = await shell.connect('cli');
    });
    after(() => shell.stop());

    const palettes = async (): Promise<number> =>
      (await cli.request('event.query', { event_type: ['orb.palette_set'], limit: 1_000 })).events
        .length;

    it('[F-35] host.ping answers with what was sent', async () => {
      const { now, echo } = await cli.request('host.ping', { echo: 'é\u{1f600}' });
      assert.equal(echo, 'é\u{1f600}');
      assert.ok(Math.abs(Date.parse(now) - Date.now()) < 60_000);
    });

    it('[F-34] [F-36] [F-98] [G-03] host.version says the versions and commands that are spoken', async () => {
      const version = await cli.request('host.version', {});
      assert.deepEqual(version.versions, [1]);
      assert.equal(version.instance_id, shell.instanceId);
      assert.deepEqual(version.commands.toSorted(), registry.map(({ name }) => name).toSorted());
    });

    it('[F-29] every response has the shape of the contract, good and bad', async () => {
      const raw = await welcomed(shell);
      for (const [command, payload] of [
        ['host.ping', {}],
        ['event.get', { seq: 999_999 }],
        ['nope.nope', {}],
        ['runtime.status', {}],
      ] as const) {
        const answer = await raw.ask(command, payload);
        assert.equal(responseSchema.safeParse(answer).success, true, JSON.stringify(answer));
      }
      raw.close();
    });

    it('[F-94] answers requests of one connection as each is ready, not in their order', async () => {
      const { run_id: run } = await cli.request('approval.request', {
        call: {
          action: 'command.run',
          tool: 'shell',
          argv: ['/bin/true', randomUUID()],
          cwd: '/',
          arguments: {},
        },
        wait_ms: 0,
      });
      assert.ok(run !== null);
      const order: string[] = [];
      await Promise.all([
        cli.request('run.get', { run_id: run, wait_ms: 400 }).then(() => order.push('waits')),
        cli.request('host.ping', {}).then(() => order.push('ping')),
      ]);
      assert.deepEqual(order, ['ping', 'waits']);
    });

    it('[A-106] [G-07] one idempotency key is one execution: at the same time, later, and never with other content', async () => {
      const before = await palettes();
      const key = randomUUID();
      const set = (idle: string): Promise<object> =>
        cli.request('orb.palette.set', { palette: { idle } }, { idempotencyKey: key });
      await Promise.all([set('#112233'), set('#112233'), set('#112233')]);
      await set('#112233');
      const other = await shell.connect('cli');
      await other.request(
        'orb.palette.set',
        { palette: { idle: '#112233' } },
        { idempotencyKey: key },
      );
      assert.equal(await palettes(), before + 1);
      await assert.rejects(
        set('#445566'),
        (thrown) => thrown instanceof HostCallError && thrown.code === 'idempotency_conflict',
      );
      // Another principal's key is another key.
      const panel = await shell.connect('panel');
      await panel.request(
        'orb.palette.set',
        { palette: { idle: '#445566' } },
        { idempotencyKey: key },
      );
      assert.equal(await palettes(), before + 2);
      await Promise.all([other.close(), panel.close()]);
    });

    it('[F-34] a client stops waiting on its own account: time and abort', async () => {
      const call = {
        action: 'command.run',
        tool: 'shell',
        argv: ['/bin/true', randomUUID()],
        cwd: '/',
        arguments: {},
      } as const;
      const { run_id: run } = await cli.request('approval.request', {
        call: { ...call, argv: [...call.argv] },
        wait_ms: 0,
      });
      const wait = { run_id: run ?? '', wait_ms: 1_000 };
      const abort = new AbortController();
      const aborted = assert.rejects(
        cli.request('run.get', wait, { signal: abort.signal }),
        (thrown) => thrown instanceof LinkError && thrown.code === 'request_aborted',
      );
      abort.abort();
      await aborted;
      await assert.rejects(
        cli.request('run.get', wait, { timeoutMs: 5 }),
        (thrown) => thrown instanceof LinkError && thrown.code === 'request_timeout',
      );
      await cli.request('host.ping', {});
    });

    it('[F-94] [F-99] takes more requests at once than the host does, and sends the rest in turn', async () => {
      const echoes = await Promise.all(
        Array.from({ length: 300 }, (_, at) => cli.request('host.ping', { echo: String(at) })),
      );
      assert.deepEqual(
        echoes.map(({ echo }) => Number(echo)),
        Array.from({ length: 300 }, (_, at) => at),
      );
    });

    it('[R-29] the channel mcp carries JSON-RPC messages after the same handshake', async () => {
      const mcp = await connectMcp(shell.options('agent'));
      const answer = new Promise<Record<string, unknown>>((resolve) => mcp.onMessage(resolve));
      mcp.send({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-06-18',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      });
      const { id, result } = await answer;
      assert.equal(id, 1);
      assert.equal(typeof (result as Record<string, unknown>)['protocolVersion'], 'string');
      await mcp.close();
    });

    it('[F-94] a client that closes gets nothing more and harms nobody', async () => {
      const one = await shell.connect('cli');
      const call = {
        action: 'command.run' as const,
        tool: 'shell',
        argv: ['/bin/true', randomUUID()],
        cwd: '/',
        arguments: {},
      };
      const question = one.request('approval.request', { call, wait_ms: 30_000 });
      const left = assert.rejects(
        question,
        (thrown) => thrown instanceof LinkError && thrown.code === 'link_closed',
      );
      await one.close();
      await left;
      assert.equal(await one.closed, null);
      await assert.rejects(one.request('host.ping', {}), LinkError);
      await cli.request('host.ping', {});
    });
  });
}
