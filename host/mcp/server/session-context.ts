import type { RunView, Trigger } from '#schema/views/run.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { EventStore } from '#host/store/ports.ts';
import type {
  HeardOf,
  McpCaller,
  McpCommands,
  McpContext,
  McpExternal,
  McpRuns,
  McpWorkspaces,
  VisibleAmong,
} from '../ports.ts';
import type { ToolCall } from './tool.ts';

export interface McpServerOptions {
  commands: McpCommands;
  gate: Gate;
  runs: McpRuns;
  external: McpExternal;
  store: Pick<EventStore, 'query' | 'headSeq'>;
  visibleAmong: VisibleAmong;
  workspaces: McpWorkspaces;
  heardOf: HeardOf;
  clock: Clock;
  ids: IdSource;
  log: Log;
  /** Shown to clients as the server's version. */
  version: string;
}

/** What the tools of one connection share. */
export class McpSessionContext {
  readonly options: McpServerOptions;
  readonly caller: McpCaller;
  readonly commands: McpCommands;
  /** The folder that the bridge was started in, absolute; null when it did not say. */
  folder: string | null = null;

  constructor(options: McpServerOptions, caller: McpCaller) {
    this.options = options;
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
    const { gate, runs, heardOf } = this.options;
    heardOf(this.caller.principal);
    const known = tool.resent ? await runs.byRef(this.caller.principal.id, tool.id) : null;
    const run = known ?? (await this.#ask(call, runner, task, tool.id));
    return gate.settled(run.run_id, tool.waitMs, tool.signal);
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
