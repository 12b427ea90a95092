import type { JsonObject } from '#schema/envelope/json.ts';
import { endedRunStatuses, type RunView, type Trigger } from '#schema/views/run.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { Crypto } from '#host/policy/ports.ts';
import type { EventStore } from '#host/store/ports.ts';
import type {
  DueAsSaid,
  HostStanding,
  HeardOf,
  McpCaller,
  McpCommands,
  McpContext,
  McpExternal,
  McpRuns,
  McpWorkspaces,
  VisibleAmong,
} from '../ports.ts';
import { tellAbout } from './progress.ts';
import type { McpExtension } from './extension.ts';
import type { ToolCall } from './tool.ts';

export interface McpServerOptions {
  commands: McpCommands;
  standing: HostStanding;
  gate: Gate;
  runs: McpRuns;
  external: McpExternal;
  store: Pick<EventStore, 'query' | 'headSeq' | 'event' | 'onAppended'>;
  visibleAmong: VisibleAmong;
  workspaces: McpWorkspaces;
  heardOf: HeardOf;
  due: DueAsSaid;
  clock: Clock;
  ids: IdSource;
  log: Log;
  crypto: Pick<Crypto, 'sha256'>;
  /** Seals what a question carries to its answer; 32 bytes, of this host's life. */
  stateKey: Uint8Array;
  /** Shown to clients as the server's version. */
  version: string;
  /** More than the product offers, for a suite that tests the protocol. */
  extension?: McpExtension;
}

/** What the tools of one connection share. */
export class McpSessionContext {
  readonly options: McpServerOptions;
  readonly caller: McpCaller;
  readonly commands: McpCommands;
  /** The folder that the bridge was started in, absolute; null when it did not say. */
  folder: string | null = null;
  /** Names of tools that this agent has by another way, so that they are not listed. */
  without: readonly unknown[] = [];

  /** Tools as they are listed, by name; the same for every connection of a host. */
  readonly definitions: Map<string, JsonObject>;

  constructor(options: McpServerOptions, caller: McpCaller, definitions: Map<string, JsonObject>) {
    this.options = options;
    this.definitions = definitions;
    this.caller = caller;
    this.commands = options.commands;
  }

  context(cwd?: string): McpContext {
    const request_id = this.options.ids.uuid();
    return {
      caller: this.caller,
      request_id,
      workspace_id: this.options.workspaces.workspaceFor(cwd),
      correlation_id: request_id,
      causation_id: null,
      idempotency_key: null,
    };
  }

  /** Where a call runs that names no folder: the agent's own, when it lies in an open workspace. */
  folderFor(cwd: string | undefined): string | undefined {
    if (cwd !== undefined && (cwd.startsWith('/') || /^[A-Za-z]:[\\/]/.test(cwd))) return cwd;
    const base =
      this.folder !== null && this.options.workspaces.isOpen(this.folder) ? this.folder : undefined;
    if (cwd === undefined) return base;
    return base === undefined ? cwd : `${base}/${cwd}`;
  }

  /**
   * Puts a call through the gate and waits for its end as long as its caller does. A call that was
   * sent again after a restart finds the run of its first sending. Stopping to wait never cancels:
   * what was asked stays asked, and its result can be fetched later.
   */
  async submit(
    call: ActionCall,
    runner: 'host' | 'agent' | 'server',
    task: string | undefined,
    tool: ToolCall,
  ): Promise<RunView> {
    const { runs, heardOf } = this.options;
    heardOf(this.caller.principal);
    const known = tool.resent ? await runs.byRef(this.caller.principal.id, tool.id) : null;
    const run = known ?? (await this.#ask(call, runner, task, tool.id));
    if (tool.task === 'must') return run;
    return this.settled(run, tool.task === 'may' ? BRIEF_MS : tool.waitMs, tool);
  }

  /** Whether this call is to be answered with a task: its client takes one, and the run is not over. */
  goesOn(run: RunView, { task }: ToolCall): boolean {
    return task === 'must' || (task === 'may' && !endedRunStatuses.includes(run.status));
  }

  /** Waits for the end of a run, and tells the caller meanwhile how it stands. */
  async settled(run: RunView, waitMs: number, { tell, signal }: ToolCall): Promise<RunView> {
    const { gate, store, clock } = this.options;
    if (endedRunStatuses.includes(run.status) || waitMs === 0)
      return gate.settled(run.run_id, waitMs, signal);
    const stop = tellAbout(run, { tell, store, clock });
    try {
      return await gate.settled(run.run_id, waitMs, signal);
    } finally {
      stop();
    }
  }

  #ask(
    call: ActionCall,
    runner: 'host' | 'agent' | 'server',
    task: string | undefined,
    callId: string,
  ): Promise<RunView> {
    const trigger: Trigger = { kind: 'mcp', ref: callId };
    const { caller, ...context } = this.context(call.cwd);
    return this.options.gate.submit({
      principal: caller.principal,
      workspace_id: context.workspace_id,
      call,
      trigger,
      runner,
      task: task ?? null,
      correlation_id: callId,
      causation_id: null,
      dedupe_key: null,
      idempotency_key: null,
      connection_id: caller.connection_id,
    });
  }
}

/** What is over this soon is answered at once, also to a client that would take a task. */
const BRIEF_MS = 500;
