import type { JsonObject } from '#schema/envelope/json.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { Effect, Outcome, Runner } from '../../ports.ts';

/** External servers, as far as this runner needs them. */
export interface ExternalTools {
  /** The call as it may be made now. Throws HobError. */
  prepared(call: ActionCall): Promise<ActionCall>;
  execute(effect: Effect, signal: AbortSignal): Promise<{ result: JsonObject; isError: boolean }>;
}

/** Calls of tools of external servers. */
export class ServerRunner implements Runner {
  readonly #tools: ExternalTools;

  constructor(tools: ExternalTools) {
    this.#tools = tools;
  }

  prepare: Runner['prepare'] = async (call) => {
    try {
      return { ok: true, call: await this.#tools.prepared(call) };
    } catch (failure) {
      return { ok: false, error: toWireError(failure) };
    }
  };

  async execute(effect: Effect): Promise<Outcome> {
    try {
      const { result, isError } = await this.#tools.execute(effect, effect.signal);
      if (!isError) return { ok: true, result };
      const error = new HobError('tool_failed', { message: 'The tool reports an error.' });
      return { ok: false, error: error.toWire(), result };
    } catch (failure) {
      return { ok: false, error: toWireError(failure), result: null };
    }
  }
}
