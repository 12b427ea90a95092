import type { JsonObject } from '#schema/envelope/json.ts';
import type { RunView } from '#schema/views/run.ts';
import { HobError, toWireError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import type { StoreReader } from '#host/store/ports.ts';
import type { Effect, Outcome, Runner } from '../../ports.ts';
import { readRun } from '../../run-log.ts';

/** What Hob does itself, once its run has started. Its result is the run's. */
export type InternalTool = (
  args: JsonObject,
  run: RunView,
  signal: AbortSignal,
) => Promise<JsonObject>;

/** Effects inside Hob: a message, a changed task, its own upkeep. */
export class InternalRunner implements Runner {
  readonly #store: StoreReader;
  readonly #log: Log;
  readonly #tools: Readonly<Record<string, InternalTool>>;

  /** `tools` by the name that a call has as its `tool`. */
  constructor(store: StoreReader, log: Log, tools: Readonly<Record<string, InternalTool>>) {
    this.#store = store;
    this.#log = log;
    this.#tools = tools;
  }

  prepare: Runner['prepare'] = (call) =>
    Promise.resolve(
      Object.hasOwn(this.#tools, call.tool)
        ? { ok: true, call }
        : {
            ok: false,
            error: new HobError('not_found', {
              message: `Hob has no tool "${call.tool}".`,
            }).toWire(),
          },
    );

  async execute({ run_id, call, signal }: Effect): Promise<Outcome> {
    const tool = this.#tools[call.tool];
    if (tool === undefined)
      return { ok: false, error: new HobError('not_found').toWire(), result: null };
    try {
      const run = await readRun(this.#store, run_id);
      return { ok: true, result: await tool(call.arguments, run, signal) };
    } catch (failure) {
      if (!(failure instanceof HobError))
        this.#log.error('a tool of Hob failed', failure, { tool: call.tool });
      return { ok: false, error: toWireError(failure), result: null };
    }
  }
}
