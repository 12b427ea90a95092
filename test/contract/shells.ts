import { rmSync } from 'node:fs';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { compose } from '#host/runtime/compose.ts';
import { createHost } from '#host/runtime/in-process.ts';
import { findHost } from '#schema/client/find-host.ts';
import { connectHost, type HostClient } from '#schema/client/host-client.ts';
import type { OpenOptions } from '#schema/client/open-channel.ts';
import { openHost } from '#schema/client/open-host.ts';
import type { Role } from '#schema/envelope/principal.ts';
import { shippedHost } from '../fakes/shipped.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** A running host as a client sees it, whatever it runs in. */
export interface Shell {
  readonly dataDir: string;
  readonly key: Uint8Array;
  readonly instanceId: string;
  /** A new connection before its handshake. */
  open(): Duplex;
  options(role: Role): OpenOptions;
  connect(role: Role): Promise<HostClient>;
  stop(): Promise<void>;
}

export interface ShellKind {
  readonly name: string;
  start(): Promise<Shell>;
}

const shellOf = (
  dataDir: string,
  key: Uint8Array,
  instanceId: string,
  open: () => Duplex,
  stop: () => Promise<void>,
): Shell => {
  const options = (role: Role): OpenOptions => ({
    address: open(),
    key,
    instanceId,
    role,
    principalHint: `test-${role}`,
  });
  return {
    dataDir,
    key,
    instanceId,
    open,
    options,
    connect: (role) => connectHost(options(role)),
    stop,
  };
};

/** The two shells of the one core. Every contract test runs on both. */
export const shells: readonly ShellKind[] = [
  {
    name: 'a host inside this process',
    async start() {
      const dataDir = temporaryFolder('contract');
      const host = await createHost({ dataDir, compose, socket: false });
      return shellOf(
        dataDir,
        host.key,
        host.instanceId,
        () => host.connectStream(),
        async () => {
          await host.stop({ drain: false });
          rmSync(dataDir, { recursive: true, force: true });
        },
      );
    },
  },
  {
    name: 'a host in a process of its own',
    async start() {
      const dataDir = temporaryFolder('contract');
      const first = await openHost({ dataDir, role: 'cli', program: shippedHost });
      const found = await findHost({ dataDir });
      if (found === null) throw new Error('the host that was just started is not found');
      const { endpoint, key } = found;
      return shellOf(
        dataDir,
        key,
        endpoint.instance_id,
        () => net.connect(endpoint.address),
        async () => {
          await first.request('host.shutdown', { drain: false });
          await first.closed;
          rmSync(dataDir, { recursive: true, force: true });
        },
      );
    },
  },
];
