import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import * as os from 'node:os';
import type { Duplex } from 'node:stream';
import { bootId } from '#schema/client/boot-id.ts';
import { hostFiles } from '#schema/client/data-dir.ts';
import { ENDPOINT_VERSION, type Endpoint } from '#schema/client/find-host.ts';
import { connectHost, type HostClient } from '#schema/client/host-client.ts';
import type { Role } from '#schema/envelope/principal.ts';
import { KEY_BYTES } from '#schema/wire/handshake.ts';
import { inMemoryTransport } from '#host/ipc/adapters/in-memory-pair.ts';
import { namedPipe } from '#host/ipc/adapters/named-pipe.ts';
import { unixSocket } from '#host/ipc/adapters/unix-socket.ts';
import type { EnvelopeSession } from '#host/ipc/envelope-session.ts';
import { HostServer } from '#host/ipc/host-server.ts';
import type { Listen } from '#host/ipc/listener.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { DisposableStore } from '#host/kernel/disposables.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { LeaseTimes } from '#host/kernel/lease.ts';
import { silentLog, type Log } from '#host/kernel/log.ts';
import type { Machine } from '#host/kernel/machine.ts';
import { systemClock } from '#host/kernel/system-clock.ts';
import { systemIds } from '#host/kernel/system-ids.ts';
import { systemMachine } from '#host/kernel/system-machine.ts';
import { createDispatch } from '#host/router/dispatch.ts';
import { EventFeed } from '#host/router/event-feed.ts';
import { eventHandlers } from '#host/router/handlers/event.ts';
import { hostHandlers } from '#host/router/handlers/host.ts';
import { streamHandlers } from '#host/router/handlers/stream.ts';
import { Idempotency } from '#host/router/idempotency.ts';
import { removeEndpoint, writeEndpoint, writeKey } from './endpoint.ts';
import { takeHostLock } from './host-lock.ts';
import { Lifecycle, type StopRequest } from './lifecycle.ts';
import type { Compose, HostCore } from './ports.ts';

export interface HostOptions {
  dataDir: string;
  compose: Compose;
  /** What this build calls itself; `buildLabel` of the program. */
  build?: string;
  clock?: Clock;
  machine?: Machine;
  leaseTimes?: LeaseTimes;
  ids?: IdSource;
  log?: Log;
  /** Null: never ends by itself. */
  idleMs?: number | null;
  /** False: only connections of this process; no socket and no endpoint file. */
  socket?: boolean;
}

/** Another host holds this data directory. */
export class HostIsRunningError extends Error {
  constructor(dataDir: string) {
    super(`a host runs already on ${dataDir}`);
    this.name = 'HostIsRunningError';
  }
}

/** A host, in a process of its own or inside another program. */
export interface RunningHost {
  readonly instanceId: string;
  /** Null without a socket. */
  readonly endpoint: Endpoint | null;
  readonly key: Uint8Array;
  /** The client's end of a new connection within this process, before the handshake. */
  connectStream(): Duplex;
  /** The same after the handshake. */
  connect(role: Role, principalHint?: string): Promise<HostClient>;
  /** Resolves when it has ended for whatever reason. */
  readonly ended: Promise<string>;
  stop(request?: Partial<StopRequest>): Promise<string>;
}

/**
 * Starts a host. Throws HostIsRunningError when another one holds the data directory. What was
 * started before a failure is stopped again.
 */
export async function createHost(options: HostOptions): Promise<RunningHost> {
  const dataDir = prepareDataDir(options.dataDir);
  const started = new DisposableStore();
  const lock = takeHostLock(hostFiles(dataDir).lock);
  if (lock === null) throw new HostIsRunningError(dataDir);
  started.add(() => lock.release());
  try {
    return await new Shell(options, dataDir, started).start();
  } catch (failure) {
    await started.dispose().catch(() => {});
    throw failure;
  }
}

/** The folder is Hob's own, so nobody else may look into it; what lies in it has no secrets to keep by itself. */
function prepareDataDir(given: string): string {
  mkdirSync(given, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(given);
  const about = statSync(dataDir);
  if (process.getuid !== undefined && about.uid !== process.getuid()) {
    throw new Error(`${dataDir} belongs to another user.`);
  }
  if (process.platform !== 'win32' && (about.mode & 0o077) !== 0) chmodSync(dataDir, 0o700);
  return dataDir;
}

/** Builds the parts around the core in order, and takes them down in the opposite one. */
class Shell {
  readonly #options: HostOptions;
  readonly #dataDir: string;
  readonly #started: DisposableStore;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #log: Log;
  readonly #instanceId: string;
  readonly #startedAt: string;
  readonly #key = randomBytes(KEY_BYTES);
  readonly #memory = inMemoryTransport();
  readonly #sessions = new Map<string, EnvelopeSession>();
  /** What the log says about the end; this until somebody asks for it. */
  #endedBecause = 'failed to start';
  readonly #build: string;

  constructor(options: HostOptions, dataDir: string, started: DisposableStore) {
    this.#options = options;
    this.#dataDir = dataDir;
    this.#started = started;
    this.#clock = options.clock ?? systemClock;
    this.#ids = options.ids ?? systemIds();
    this.#log = options.log ?? silentLog;
    this.#instanceId = this.#ids.uuid();
    this.#startedAt = isoTime(this.#clock.now());
    this.#build = options.build ?? '0.0.0+dev';
  }

  async start(): Promise<RunningHost> {
    const parts: { core: HostCore | null; server: HostServer | null } = {
      core: null,
      server: null,
    };
    const lifecycle = new Lifecycle({
      clock: this.#clock,
      executing: () => parts.core?.executing() ?? 0,
      isNeeded: () => parts.core?.isNeeded() ?? false,
      idleMs: this.#options.idleMs ?? null,
      stop: (request) => this.#stop(request, lifecycle, parts),
    });
    parts.core = await this.#options.compose({
      dataDir: this.#dataDir,
      clock: this.#clock,
      machine: this.#options.machine ?? systemMachine(),
      ...(this.#options.leaseTimes === undefined ? {} : { leaseTimes: this.#options.leaseTimes }),
      ids: this.#ids,
      log: this.#log,
      instanceId: this.#instanceId,
      build: this.#build,
      phase: () => lifecycle.phase,
    });
    const { core } = parts;
    this.#started.add(() => core.dispose(this.#endedBecause));
    const server = this.#serve(core, lifecycle);
    parts.server = server;
    const endpoint = await this.#listen(server);
    lifecycle.running();
    this.#log.info('the host is up', { build: this.#build, address: endpoint?.address ?? null });
    return this.#handle(lifecycle, endpoint);
  }

  #serve(core: HostCore, lifecycle: Lifecycle): HostServer {
    const { store, visibleAmong, visibleAtOnce } = core;
    const feed = new EventFeed({
      store,
      clock: this.#clock,
      log: this.#log,
      visibleAmong,
      visibleAtOnce,
    });
    this.#started.add(() => feed.dispose());
    const dispatch = createDispatch({
      handlers: {
        ...core.handlers,
        ...eventHandlers({ store, visibleAmong }),
        ...streamHandlers({ feed, target: (id) => this.#sessions.get(id) }),
        ...hostHandlers({
          clock: this.#clock,
          executing: () => core.executing(),
          // After this tick, in which the asker is answered.
          shutdown: (request) => setImmediate(() => void lifecycle.stop(request).catch(() => {})),
          facts: () => this.#facts(core),
        }),
      },
      idempotency: new Idempotency(store, this.#log),
      log: this.#log,
      draining: () => lifecycle.phase === 'draining',
    });
    const server = new HostServer({
      key: this.#key,
      instanceId: this.#instanceId,
      clock: this.#clock,
      ids: this.#ids,
      log: this.#log,
      authenticate: core.authenticate,
      mcpSessions: core.mcpSessions,
      dispatch,
      countChanged: (count) => lifecycle.clients(count),
      opened: (session) => {
        this.#sessions.set(session.id, session);
        core.connectionOpened(session);
      },
      closed: (session) => {
        this.#sessions.delete(session.id);
        core.connectionClosed(session);
      },
    });
    this.#started.add(() => server.dispose());
    return server;
  }

  #facts(core: HostCore) {
    const isUp = core.store.health.state === 'ok';
    return {
      build: this.#build,
      instanceId: this.#instanceId,
      pid: process.pid,
      node: process.version,
      startedAt: this.#startedAt,
      storeId: isUp ? core.store.storeId : null,
      storeSchema: core.storeSchema,
    };
  }

  async #listen(server: HostServer): Promise<Endpoint | null> {
    const accept = (stream: Duplex): void => server.accept(stream);
    const memory = await this.#memory.listen(accept);
    this.#started.add(() => memory.close());
    if (this.#options.socket === false) return null;
    const listener = await this.#transport()(accept);
    this.#started.add(() => listener.close());
    writeKey(this.#dataDir, this.#key);
    const endpoint: Endpoint = {
      v: ENDPOINT_VERSION,
      instance_id: this.#instanceId,
      pid: process.pid,
      boot_id: bootId(),
      address: listener.address,
      build: this.#build,
      started_at: this.#startedAt,
    };
    writeEndpoint(this.#dataDir, endpoint);
    this.#started.add(() => removeEndpoint(this.#dataDir, this.#instanceId));
    return endpoint;
  }

  #transport(): Listen {
    if (process.platform === 'win32') return namedPipe();
    const bases = [process.env['XDG_RUNTIME_DIR'] ?? '', os.tmpdir(), '/tmp'];
    return unixSocket({ dataDir: this.#dataDir, bases, instanceId: this.#instanceId });
  }

  async #stop(
    request: StopRequest,
    lifecycle: Lifecycle,
    parts: { core: HostCore | null; server: HostServer | null },
  ): Promise<void> {
    this.#log.info('the host stops', { reason: request.reason, drain: request.drain });
    this.#endedBecause = request.reason;
    parts.core?.drain();
    parts.server?.broadcast('host.draining', { reason: request.reason, retry_after_ms: 1_000 });
    if (request.drain) await lifecycle.drained();
    // Nobody finds this host any more before its clients are told to look for the next one.
    removeEndpoint(this.#dataDir, this.#instanceId);
    await this.#started.dispose();
  }

  #handle(lifecycle: Lifecycle, endpoint: Endpoint | null): RunningHost {
    return {
      instanceId: this.#instanceId,
      endpoint,
      key: this.#key,
      ended: lifecycle.ended,
      connectStream: () => this.#memory.connect(),
      connect: (role, principalHint = role) =>
        connectHost({ address: this.#memory.connect(), key: this.#key, role, principalHint }),
      stop: ({ drain = false, reason = 'asked' } = {}) => lifecycle.stop({ drain, reason }),
    };
  }
}
