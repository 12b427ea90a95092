import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import * as net from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { hostFiles } from '#schema/client/data-dir.ts';
import { LinkError } from '#schema/client/errors.ts';
import { findHost, type Endpoint, type FoundHost } from '#schema/client/find-host.ts';
import { HostLink, type LinkState } from '#schema/client/host-link.ts';
import type { HostClient } from '#schema/client/host-client.ts';
import { openHost } from '#schema/client/open-host.ts';
import { HostIsRunningError, createHost } from '#host/runtime/in-process.ts';
import { compose } from '#host/runtime/compose.ts';
import { shipped, shippedHost } from '../fakes/shipped.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

describe('the host as a process', function () {
  let dataDir: string;
  const clients: HostClient[] = [];
  const children: ChildProcess[] = [];

  beforeEach(() => (dataDir = temporaryFolder('host')));
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    const pid = (await findHost({ dataDir }).catch(() => null))?.endpoint.pid;
    if (pid !== undefined && pid !== process.pid) await killed(pid);
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  const open = async (more: object = {}): Promise<HostClient> => {
    const client = await openHost({ dataDir, role: 'cli', program: shippedHost, ...more });
    clients.push(client);
    return client;
  };
  const found = async (): Promise<FoundHost> => {
    const host = await findHost({ dataDir });
    assert.ok(host !== null, 'a host is written down');
    return host;
  };
  const isGone = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  const gone = async (pid: number): Promise<void> => {
    while (!isGone(pid)) await new Promise((wake) => setTimeout(wake, 10));
  };
  const killed = async (pid: number): Promise<void> => {
    if (!isGone(pid)) process.kill(pid, 'SIGKILL');
    await gone(pid);
  };

  it('[F-02] [F-106] [R-28] writes key, endpoint and socket for this user alone, and listens on nothing else', async () => {
    const client = await open();
    const { endpoint, key } = await found();
    const files = hostFiles(dataDir);
    const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
    assert.deepEqual(
      [files.endpoint, files.key, files.lock, files.log, endpoint.address].map(mode),
      ['600', '600', '600', '600', '600'],
    );
    assert.equal(mode(dirname(endpoint.address)), '700');
    assert.equal(mode(dataDir), '700');
    assert.equal(lstatSync(endpoint.address).isSocket(), true);
    assert.equal(key.length, 32);
    assert.ok(Buffer.byteLength(endpoint.address) <= 107);
    assert.equal((await client.request('host.version', {})).pid, endpoint.pid);
    const inodes = new Set(socketInodes(endpoint.pid));
    for (const table of ['tcp', 'tcp6', 'udp', 'udp6']) {
      const rows = readFileSync(`/proc/${endpoint.pid}/net/${table}`, 'utf8').split('\n').slice(1);
      assert.deepEqual(
        rows.filter((row) => inodes.has(row.trim().split(/\s+/)[9] ?? '')),
        [],
        table,
      );
    }
  });

  it('[R-29] makes a new key at each start and keeps it out of argv and environment', async () => {
    await open();
    const first = await found();
    const seen = ['cmdline', 'environ']
      .map((name) => readFileSync(`/proc/${first.endpoint.pid}/${name}`))
      .join();
    for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const)
      assert.equal(seen.includes(first.key.toString(form)), false);
    await killed(first.endpoint.pid);
    await open();
    const second = await found();
    assert.notDeepEqual(second.key, first.key);
    assert.notEqual(second.endpoint.instance_id, first.endpoint.instance_id);
  });

  it('[F-93] [G-48] of hosts started at once one wins, the others end with success and every client reaches the winner', async () => {
    const instances = await Promise.all(
      Array.from({ length: 4 }, async () => (await open()).instanceId),
    );
    assert.equal(new Set(instances).size, 1);
    const loser = spawn(process.execPath, [shipped.host, '--data-dir', dataDir, '--foreground'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(loser);
    let printed = '';
    loser.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const status = await new Promise((ended) => loser.once('close', ended));
    assert.equal(status, 0);
    const { started, address } = JSON.parse(printed) as { started: boolean; address: string };
    assert.deepEqual([started, address], [false, (await found()).endpoint.address]);
  });

  it('[F-93] the lock counts inside one process too, and a killed host leaves none', async () => {
    const host = await createHost({ dataDir, compose, socket: false });
    await assert.rejects(createHost({ dataDir, compose, socket: false }), HostIsRunningError);
    await host.stop();
    await open();
    await killed((await found()).endpoint.pid);
    const next = await createHost({ dataDir, compose, socket: false });
    await next.stop();
  });

  it('[F-02] [G-48] is not misled by an endpoint file of a host that was killed, of another boot, or of nobody', async () => {
    await open();
    const { endpoint } = await found();
    await killed(endpoint.pid);
    assert.equal(existsSync(hostFiles(dataDir).endpoint), true, 'a killed host cannot tidy up');
    assert.equal(await findHost({ dataDir }), null);
    const stale: Partial<Endpoint>[] = [
      {},
      { pid: process.pid, boot_id: 'an-earlier-boot' },
      { pid: process.pid },
      { pid: process.pid, address: join(dataDir, 'nobody.sock') },
    ];
    for (const change of stale) {
      writeFileSync(hostFiles(dataDir).endpoint, JSON.stringify({ ...endpoint, ...change }));
      await assert.rejects(
        openHost({ dataDir, role: 'cli' }),
        (thrown) => thrown instanceof LinkError && thrown.code === 'host_unreachable',
      );
    }
    for (const text of ['', '{', '{"v":1}', '[]', '\0']) {
      writeFileSync(hostFiles(dataDir).endpoint, text);
      assert.equal(await findHost({ dataDir }), null);
    }
    const client = await open();
    assert.notEqual(client.instanceId, endpoint.instance_id);
  });

  it('[R-29] sends nothing to a program that took the place of the host', async () => {
    await open();
    const { endpoint } = await found();
    await killed(endpoint.pid);
    const received: Buffer[] = [];
    const address = join(dataDir, 'impostor.sock');
    const impostor = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        received.push(chunk);
        const challenge = JSON.stringify({
          type: 'challenge',
          instance_id: endpoint.instance_id,
          host_nonce: 'A'.repeat(43),
          proof: 'B'.repeat(43),
        });
        const header = Buffer.alloc(4);
        header.writeUInt32BE(challenge.length);
        socket.write(Buffer.concat([header, Buffer.from(challenge)]));
      });
    });
    await new Promise<void>((listening) => impostor.listen(address, listening));
    try {
      writeFileSync(
        hostFiles(dataDir).endpoint,
        JSON.stringify({ ...endpoint, pid: process.pid, address }),
      );
      await assert.rejects(
        openHost({ dataDir, role: 'agent', token: 'a-secret-token' }),
        (thrown) => thrown instanceof LinkError && thrown.code === 'host_not_proven',
      );
      const said = Buffer.concat(received).toString();
      assert.match(said, /"hello"/);
      assert.doesNotMatch(said, /"auth"|a-secret-token/);
    } finally {
      impostor.close();
    }
  });

  it('[R-29] does not use a key file that others can read', async () => {
    await open();
    chmodSync(hostFiles(dataDir).key, 0o644);
    await assert.rejects(
      openHost({ dataDir, role: 'cli' }),
      (thrown) => thrown instanceof LinkError && thrown.code === 'unsafe_files',
    );
    chmodSync(hostFiles(dataDir).key, 0o600);
  });

  it('[F-100] ends in order on SIGTERM: files gone, lock free, clients told', async () => {
    const client = await open();
    const { endpoint } = await found();
    process.kill(endpoint.pid, 'SIGTERM');
    const reason = await client.closed;
    assert.equal((reason as { code?: string } | null)?.code, 'host_draining');
    await gone(endpoint.pid);
    const files = hostFiles(dataDir);
    assert.deepEqual(
      [files.endpoint, files.key, endpoint.address, dirname(endpoint.address)].map((file) =>
        existsSync(file),
      ),
      [false, false, false, false],
    );
  });

  it('[F-34] [G-49] an older host is asked to drain for a newer client, and a newer host stays for an older one', async () => {
    const first = await open();
    const older = await open({
      replaceOlder: true,
      program: { ...shippedHost, build: '0.0.1+20200101T000000Z' },
    });
    assert.equal(older.instanceId, first.instanceId);
    const newer = await open({
      replaceOlder: true,
      program: { ...shippedHost, build: '99.0.0+20990101T000000Z' },
    });
    assert.notEqual(newer.instanceId, first.instanceId);
    assert.equal((await newer.request('host.ping', { echo: 'new' })).echo, 'new');
    assert.ok((await first.closed) !== null);
  });

  it('[F-02] a link comes back to a host that was killed, and misses no event', async () => {
    const states: string[] = [];
    const seqs: number[] = [];
    let wake: () => void = () => {};
    const link = new HostLink({
      open: () => openHost({ dataDir, role: 'panel', program: shippedHost }),
      subscription: { from_seq: 0, events: ['event.appended'] },
      onEvent: ({ seq }) => {
        seqs.push(seq ?? 0);
        wake();
      },
      onState: (state: LinkState) => {
        states.push(state.state);
        wake();
      },
    });
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await new Promise<void>((next) => (wake = next));
    };
    link.start();
    try {
      await until(() => link.state.state === 'connected');
      await link.request('orb.palette.set', { palette: { idle: '#000001' } });
      process.kill((await found()).endpoint.pid, 'SIGKILL');
      await until(() => link.state.state !== 'connected');
      await assert.rejects(
        link.request('host.ping', {}),
        (thrown) => thrown instanceof LinkError && thrown.code === 'link_closed',
      );
      await until(() => link.state.state === 'connected');
      await link.request('orb.palette.set', { palette: { idle: '#000002' } });
      const { head_seq: head } = await link.request('event.query', { limit: 1 });
      await until(() => seqs.includes(head));
      assert.deepEqual(
        seqs,
        Array.from({ length: head }, (_, at) => at + 1),
      );
      assert.deepEqual(states.slice(0, 2), ['connecting', 'connected']);
    } finally {
      await link.dispose();
    }
  });

  it('[F-02] says why a host cannot be started, and names the log', async () => {
    const broken = join(dataDir, 'broken-host.mjs');
    writeFileSync(broken, 'process.exit(7);');
    const failing = openHost({
      dataDir,
      role: 'cli',
      program: { ...shippedHost, hostScript: broken },
    });
    await assert.rejects(failing, (thrown) => {
      assert.ok(thrown instanceof LinkError && thrown.code === 'host_start_failed');
      assert.match(thrown.message, /ended with 7/);
      assert.ok(thrown.message.includes(hostFiles(dataDir).log));
      return true;
    });
  });

  it('[F-02] strips what belongs to one editor window from the environment of the host', async () => {
    process.env['VSCODE_TEST_LEFTOVER'] = 'x';
    process.env['ELECTRON_TEST_LEFTOVER'] = 'x';
    try {
      await open();
      const environ = readFileSync(`/proc/${(await found()).endpoint.pid}/environ`, 'utf8');
      assert.doesNotMatch(environ, /(VSCODE|ELECTRON)_/);
      assert.match(environ, /PATH=/);
    } finally {
      delete process.env['VSCODE_TEST_LEFTOVER'];
      delete process.env['ELECTRON_TEST_LEFTOVER'];
    }
  });

  it('[R-28] uses no socket folder that belongs to something else', async () => {
    const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
    const base = temporaryFolder('run');
    const before = process.env['XDG_RUNTIME_DIR'];
    process.env['XDG_RUNTIME_DIR'] = base;
    writeFileSync(join(base, `hob-${hash}`), 'a file is in the way');
    try {
      await assert.rejects(createHost({ dataDir, compose }));
      assert.equal(existsSync(hostFiles(dataDir).endpoint), false);
      rmSync(join(base, `hob-${hash}`));
      const host = await createHost({ dataDir, compose });
      assert.equal(dirname(host.endpoint?.address ?? ''), join(base, `hob-${hash}`));
      await host.stop();
    } finally {
      if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
      else process.env['XDG_RUNTIME_DIR'] = before;
      rmSync(base, { recursive: true, force: true });
    }
  });
  it('[R-28] [G-76] leaves no socket folder: neither its own at the end, nor that of a host that was killed', async () => {
    const base = temporaryFolder('run');
    const other = temporaryFolder('host');
    const before = process.env['XDG_RUNTIME_DIR'];
    process.env['XDG_RUNTIME_DIR'] = base;
    try {
      await open();
      const { endpoint } = await found();
      const strange = join(base, `hob-${'0'.repeat(16)}`);
      mkdirSync(strange);
      writeFileSync(join(strange, 'notes.sock'), 'no socket');
      // Beside one that lives, nothing is swept.
      await (await createHost({ dataDir: other, compose })).stop();
      assert.deepEqual(readdirSync(base).toSorted(), [
        basename(strange),
        basename(dirname(endpoint.address)),
      ]);
      await killed(endpoint.pid);
      // One that is new may be about to listen.
      await (await createHost({ dataDir: other, compose })).stop();
      assert.equal(existsSync(endpoint.address), true);
      const anHourAgo = new Date(Date.now() - 3_600_000);
      utimesSync(endpoint.address, anHourAgo, anHourAgo);
      // Nobody comes back to that data directory, and still its socket goes.
      await (await createHost({ dataDir: other, compose })).stop();
      assert.deepEqual(readdirSync(base), [basename(strange)]);
    } finally {
      if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
      else process.env['XDG_RUNTIME_DIR'] = before;
      for (const folder of [base, other]) rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Inodes of the sockets that a process has open. */
function socketInodes(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, name)))?.[1] ?? [];
    } catch {
      // Closed in the meantime.
      return [];
    }
  });
}
