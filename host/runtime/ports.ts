import type { CommandName } from '#schema/commands/registry.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Authenticate, Connection, McpSessions } from '#host/ipc/ports.ts';
import type { LoadVoice } from '#host/conversation/turns/ports.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { LeaseTimes } from '#host/kernel/lease.ts';
import type { Log } from '#host/kernel/log.ts';
import type { McpExtension } from '#host/mcp/server/extension.ts';
import type { Machine } from '#host/kernel/machine.ts';
import type { Handlers } from '#host/router/ports.ts';
import type { EventStore } from '#host/store/ports.ts';

/** Commands that the shell itself answers: they need the process, the connections or the feed. */
export type ShellCommand =
  | 'host.ping'
  | 'host.version'
  | 'host.shutdown'
  | 'event.query'
  | 'event.get'
  | 'stream.subscribe';

/** What the shell gives to the core. */
export interface HostCoreOptions {
  /** Absolute, exists, 0700. */
  dataDir: string;
  clock: Clock;
  machine: Machine;
  /** Left out: a heartbeat every 5 s, a term of 15 s. */
  leaseTimes?: LeaseTimes;
  ids: IdSource;
  log: Log;
  /** UUID of this host's life; also in the endpoint file and in the handshake. */
  instanceId: string;
  /** Build label: `<version>+<commit or time>`. */
  build: string;
  /** How long a hook waits while no editor window is open, in milliseconds. Left out: 20 s. */
  hookPatienceMs?: number;
  /** What hears and speaks instead of this machine's devices; for tests and tools. */
  loadVoice?: LoadVoice;
  /** More than the product offers over MCP, for suites that test the protocol. */
  mcpExtension?: McpExtension;
  /** Where the shell is in its life, for `runtime.status`. */
  phase(): HostPhase;
}

export type HostPhase = 'starting' | 'running' | 'draining' | 'stopped';

/**
 * Everything behind the wire, as `compose` builds it. Recovery (interrupted runs, expired
 * approvals) is over and `host.started` is appended when it resolves. A broken store is no
 * rejection: `store.health` says so and the host stays up for diagnostics.
 */
export interface HostCore {
  handlers: Omit<Handlers, ShellCommand>;
  store: EventStore;
  /** Version of the store's tables; 0 when it could not be opened. */
  storeSchema: number;
  mcpSessions: McpSessions;
  authenticate: Authenticate;
  /** What an agent or engine may see of the feed and of `event.query`. People see everything. */
  visibleAmong(principal: Principal, events: readonly StoredEvent[]): Promise<StoredEvent[]>;
  /** The same of one event without reading; null where that cannot be told. */
  visibleAtOnce(principal: Principal, event: StoredEvent): boolean | null;
  /** Called after the welcome, before the first request. Envelope connections only. */
  connectionOpened(connection: Connection): void;
  connectionClosed(connection: Connection): void;
  /** Effects that execute now. The host never exits by itself while there are any. */
  executing(): number;
  /** Something will be due while nobody is connected, and the settings say that the host stays for it. */
  isNeeded(): boolean;
  /** Nothing new starts from now on; what executes goes on. Called once, before `dispose`. */
  drain(): void;
  /** Ends what still executes, appends `host.stopped`, closes the store. */
  dispose(reason: string): Promise<void>;
}

/** `host/runtime/compose.ts` exports this function as `compose`. */
export type Compose = (options: HostCoreOptions) => Promise<HostCore>;

/** Every command has exactly one owner. */
export type CoreCommand = Exclude<CommandName, ShellCommand>;
