import type { JsonObject } from '#schema/envelope/json.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { EditorWindows } from '../../editors/windows.ts';
import type { Effect, Outcome, Runner } from '../../ports.ts';

export interface EditorRunnerOptions {
  windows: EditorWindows;
  clock: Clock;
  ids: IdSource;
  /** How long a window may take, milliseconds. */
  timeoutMs: () => number;
}

interface Waiting {
  connection_id: string;
  token: string;
  settle(outcome: Outcome): void;
}

const failed = (error: WireError): Outcome => ({ ok: false, error, result: null });

/**
 * Editor actions: sends `runtime.tool_call` with a one-time token to the last focused window of the
 * workspace, and to no other; only that connection with that token may report the result.
 */
export class EditorRunner implements Runner {
  readonly #o: EditorRunnerOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: EditorRunnerOptions) {
    this.#o = options;
    options.windows.onClosed((connectionId) => {
      const gone = new HobError('no_editor', {
        message: 'The window that did this was closed; it may or may not have been done.',
      }).toWire();
      for (const waiting of this.#waiting.values())
        if (waiting.connection_id === connectionId) waiting.settle(failed(gone));
    });
  }

  prepare: Runner['prepare'] = (call, workspaceId) => {
    const window = this.#o.windows.lastFocused(workspaceId);
    if (window === null)
      return Promise.resolve({ ok: false, error: new HobError('no_editor').toWire() });
    if (window.context.capabilities.includes(call.tool)) return Promise.resolve({ ok: true, call });
    return Promise.resolve({
      ok: false,
      error: new HobError('no_editor', {
        message: `The editor window cannot do "${call.tool}"; update the extension.`,
      }).toWire(),
    });
  };

  execute(effect: Effect): Promise<Outcome> {
    const window = this.#o.windows.lastFocused(effect.workspace_id);
    if (window === null) return Promise.resolve(failed(new HobError('no_editor').toWire()));
    const token = this.#o.ids.secret(24);
    return new Promise<Outcome>((resolve) => {
      const timeoutMs = this.#o.timeoutMs();
      const settle = (outcome: Outcome): void => {
        cancelTimer();
        effect.signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(effect.tool_call_id);
        resolve(outcome);
      };
      const onAbort = (): void =>
        settle(failed({ code: 'cancelled', message: 'It was cancelled.', retryable: false }));
      const cancelTimer = this.#o.clock.timer(timeoutMs, () =>
        settle(
          failed({
            code: 'timeout',
            message: 'The editor did not finish in time.',
            retryable: true,
          }),
        ),
      );
      effect.signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(effect.tool_call_id, {
        connection_id: window.connection.id,
        token,
        settle,
      });
      const payload: JsonObject = {
        tool_call_id: effect.tool_call_id,
        run_id: effect.run_id,
        runner: 'editor',
        tool: effect.call.tool,
        arguments: effect.call.arguments,
        expires_at: isoTime(this.#o.clock.now() + timeoutMs),
        token,
      };
      if (!window.connection.sendEvent('runtime.tool_call', payload))
        settle(failed(new HobError('no_editor').toWire()));
    });
  }

  /** The window's report. Throws `tool_call_unknown` for another connection, a wrong token or a second report. */
  report(toolCallId: string, connectionId: string, token: string, outcome: Outcome): void {
    const waiting = this.#waiting.get(toolCallId);
    if (waiting === undefined || waiting.connection_id !== connectionId || waiting.token !== token)
      throw new HobError('tool_call_unknown');
    waiting.settle(outcome);
  }
}
