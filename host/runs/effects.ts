import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { toWireError } from '#host/kernel/errors.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { EventStore, StoreTransaction } from '#host/store/ports.ts';
import type { Outcome, Runner } from './ports.ts';
import { appendToRun } from './run-log.ts';

export interface EffectsOptions {
  store: EventStore;
  clock: Clock;
  log: Log;
  /** Asked before the end of a scheduled run is recorded: throws `not_leader`. */
  fence?: { toRecord(tx: StoreTransaction): Promise<void> };
}

const STORE_RETRIES = 3;
/** A start that is committed begins in the same turn; a cancel that comes in between waits this long for it. */
const START_MS = 50;

/** What executes now: begun after its start is durable, ended by its runner or by an abort, recorded once. */
export class Effects {
  readonly #o: EffectsOptions;
  readonly #running = new Map<string, AbortController>();

  constructor(options: EffectsOptions) {
    this.#o = options;
  }

  get count(): number {
    return this.#running.size;
  }

  /** Begins the effect of a run whose start was committed. Its end is recorded on the run; nothing is thrown. */
  async execute(
    runner: Runner,
    run: RunView,
    tool_call_id: string,
    call: ActionCall,
  ): Promise<void> {
    const { run_id, workspace_id } = run;
    const controller = new AbortController();
    this.#running.set(run_id, controller);
    try {
      const effect = { run_id, tool_call_id, workspace_id, call, signal: controller.signal };
      const outcome = await runner.execute(effect).catch((failure: unknown): Outcome => {
        this.#o.log.error('a runner threw', failure, { run_id });
        return { ok: false, error: toWireError(failure), result: null };
      });
      await this.#record(run, endEvents(run_id, tool_call_id, outcome, controller.signal));
    } finally {
      this.#running.delete(run_id);
    }
  }

  /** Aborts the effect of one run. False when it executes nothing. */
  async abort(runId: string, reason: string): Promise<boolean> {
    const deadline = this.#o.clock.monotonic() + START_MS;
    while (!this.#running.has(runId) && this.#o.clock.monotonic() < deadline) await this.#pause(5);
    const controller = this.#running.get(runId);
    controller?.abort(reason);
    return controller !== undefined;
  }

  abortAll(reason: string): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }

  /** Resolves when nothing executes any more, or after `ms`. */
  async idle(ms: number): Promise<void> {
    const deadline = this.#o.clock.monotonic() + ms;
    while (this.#running.size > 0 && this.#o.clock.monotonic() < deadline) await this.#pause(20);
  }

  async #record(run: RunView, events: readonly DomainEvent[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await appendToRun(this.#o.store, run, events, hostPrincipal, (tx) =>
          this.#mayRecord(tx, run),
        );
        return;
      } catch (failure) {
        // The effect happened and cannot be recorded. At the next start the run is `interrupted`, which is true.
        if (attempt === STORE_RETRIES) {
          this.#o.log.error('the end of a run could not be stored', failure, {
            run_id: run.run_id,
          });
          return;
        }
        await this.#pause(200 * attempt);
      }
    }
  }

  async #mayRecord(tx: StoreTransaction, run: RunView): Promise<void> {
    if (run.trigger.kind === 'schedule') await this.#o.fence?.toRecord(tx);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#o.clock.timer(ms, resolve);
    });
  }
}

/** How an outcome is recorded: on the tool call, then on its run. */
function endEvents(
  run_id: string,
  tool_call_id: string,
  outcome: Outcome,
  signal: AbortSignal,
): DomainEvent[] {
  const call: DomainEvent = outcome.ok
    ? { type: 'toolcall.succeeded', data: { tool_call_id, run_id, result: outcome.result } }
    : { type: 'toolcall.failed', data: { tool_call_id, run_id, error: outcome.error } };
  if (signal.aborted)
    return [call, { type: 'run.cancelled', data: { run_id, reason: reasonOf(signal) } }];
  const end: DomainEvent = outcome.ok
    ? { type: 'run.succeeded', data: { run_id, result: outcome.result } }
    : { type: 'run.failed', data: { run_id, error: outcome.error, result: outcome.result } };
  return [call, end];
}

const reasonOf = (signal: AbortSignal): string =>
  typeof signal.reason === 'string' ? signal.reason : 'cancelled';
