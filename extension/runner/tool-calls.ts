// Executes the calls that the host sends to this window: the copy of runtime.tool_call with a token.
import type * as vscode from 'vscode';
import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { CommandInput, CommandName } from '#schema/commands/registry.ts';
import { storedIn, type Stored } from '../host-process/stored.ts';
import type { ToolOutcome } from './run-tool.ts';

export interface ToolCallsOptions {
  run: (tool: string, args: JsonObject, signal: AbortSignal) => Promise<ToolOutcome>;
  /** Sends the result. Rejects while there is no connection. */
  send: <N extends Extract<CommandName, `toolcall.${string}`>>(
    command: N,
    payload: CommandInput<N>,
  ) => Promise<unknown>;
  now: () => number;
  log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
}

/** As `runtime.tool_call` comes; only what this needs. */
interface ToolCall {
  tool_call_id: string;
  run_id: string;
  tool: string;
  arguments: JsonObject;
  expires_at: string | null;
  token: string;
}

export class ToolCalls implements vscode.Disposable {
  readonly #o: ToolCallsOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: ToolCallsOptions) {
    this.#o = options;
  }

  /** Takes every event of the window's connection; acts on the two that matter. */
  onEvent(event: EventEnvelope): void {
    if (event.event === 'runtime.tool_call') {
      const call = event.payload as Partial<ToolCall>;
      // The copy that everybody sees has no token.
      if (call.token !== undefined) void this.#execute(call as ToolCall);
    }
    this.#cancelEnded(storedIn(event));
  }

  dispose(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  /** A run that was cancelled must not go on in the window. */
  #cancelEnded(stored: Stored | null): void {
    if (stored?.event_type === 'run.cancelled' || stored?.event_type === 'run.interrupted') {
      this.#running.get(stored.run_id ?? '')?.abort();
    }
  }

  async #execute(call: ToolCall): Promise<void> {
    const { tool_call_id, run_id, tool, token, expires_at } = call;
    if (expires_at !== null && Date.parse(expires_at) <= this.#o.now()) return;
    const controller = new AbortController();
    this.#running.set(run_id, controller);
    this.#o.log.info(`${tool} for ${run_id}`);
    const outcome = await this.#o.run(tool, call.arguments, controller.signal);
    this.#running.delete(run_id);
    try {
      if (outcome.ok) {
        await this.#o.send('toolcall.succeed', { tool_call_id, token, result: outcome.result });
      } else {
        await this.#o.send('toolcall.fail', { tool_call_id, token, error: outcome.error });
      }
    } catch (failure) {
      // The host has given up on the call, or is gone: then it notes the run as interrupted.
      this.#o.log.warn(`${tool} for ${run_id}: the result was not taken: ${String(failure)}`);
    }
  }
}
