import { callHashInput, type ActionCall } from '#schema/views/action-call.ts';
import type { RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { Crypto } from '#host/policy/ports.ts';
import type { Submission } from '#host/policy/submission.ts';
import type { Prepared, Runners } from './ports.ts';

export interface PreparationOptions {
  clock: Clock;
  crypto: Pick<Crypto, 'sha256'>;
  runners: Runners;
}

/** How long an answer waits for the window of its workspace to come back. */
const WINDOW_MS = 3_000;

/** Calls as their runners would carry them out: when they are asked, and again when the answer is there. */
export class Preparation {
  readonly #o: PreparationOptions;
  /** Calls as they were asked, while their run waits: what is stored may have had secrets removed. */
  readonly #asked = new Map<string, ActionCall>();

  constructor(options: PreparationOptions) {
    this.#o = options;
  }

  /** The call of a run that waits. */
  keep(runId: string, call: ActionCall): void {
    this.#asked.set(runId, call);
  }

  /** The run goes on, or has ended. */
  forget(runId: string): void {
    this.#asked.delete(runId);
  }

  async prepare(
    kind: Submission['runner'],
    call: ActionCall,
    workspaceId: string,
  ): Promise<Prepared> {
    const runner = kind === 'agent' ? undefined : this.#o.runners[kind];
    return runner === undefined ? { ok: true, call } : runner.prepare(call, workspaceId);
  }

  /** What was asked, as it would be done now; no longer ready when it is not the same any more. */
  async again(run: RunView): Promise<Prepared> {
    const asked = this.#asked.get(run.run_id) ?? run.call;
    if (this.#o.crypto.sha256(callHashInput(asked, run.workspace_id)) !== run.call_hash) {
      return {
        ok: false,
        error: new HobError('arguments_changed', {
          message:
            'The call held a secret, which Hob does not keep over a restart; it must be asked again.',
        }).toWire(),
      };
    }
    const again = await this.#withWindow(run, asked);
    if (!again.ok) return again;
    const same =
      this.#o.crypto.sha256(callHashInput(again.call, run.workspace_id)) === run.call_hash;
    return same
      ? again
      : {
          ok: false,
          error: new HobError('arguments_changed', {
            message: 'The program that would run is not the one that was shown.',
          }).toWire(),
        };
  }

  /**
   * Prepares a call whose approval is being answered. After a restart the answer can come before the
   * window has said what it is: that is waited for, and then refused as it is, so that the question
   * stays open instead of being used up. Throws `no_editor`.
   */
  async #withWindow(run: RunView, call: ActionCall): Promise<Prepared> {
    const deadline = this.#o.clock.monotonic() + WINDOW_MS;
    for (;;) {
      const prepared = await this.prepare(run.runner, call, run.workspace_id);
      if (prepared.ok || prepared.error.code !== 'no_editor') return prepared;
      if (this.#o.clock.monotonic() >= deadline)
        throw new HobError('no_editor', { message: prepared.error.message });
      await new Promise<void>((resolve) => {
        this.#o.clock.timer(50, resolve);
      });
    }
  }
}
