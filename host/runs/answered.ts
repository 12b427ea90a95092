import type { RunView } from '#schema/views/run.ts';
import type { Log } from '#host/kernel/log.ts';
import type { AfterCommit } from '#host/policy/approvals/service.ts';
import type { EventStore, StoreTransaction } from '#host/store/ports.ts';
import { readSettings } from './gate-reads.ts';
import type { Prepared } from './ports.ts';
import { runsProjection } from './projections.ts';

/** It had its yes, and nothing of it has begun. */
export type AnsweredRun = RunView & { approval_id: string };

export const isAnswered = (run: RunView): run is AnsweredRun =>
  run.status === 'queued' && run.approval_id !== null;

export interface AnsweredRunsOptions {
  store: EventStore;
  log: Log;
  /** False while the host drains. */
  accepting: () => boolean;
  /** What was asked, as it would be done now. Throws `no_editor` while its window is not back. */
  prepare: (run: RunView) => Promise<Prepared>;
  /** Goes on with it inside the transaction; what it gives begins the effect. Throws `not_leader`. */
  resume: (tx: StoreTransaction, run: AnsweredRun, ready: Prepared) => Promise<AfterCommit | null>;
}

/** Runs of schedules that were answered while nobody led: whoever leads next goes on with them. */
export class AnsweredRuns {
  readonly #o: AnsweredRunsOptions;
  /** False once a look found none. */
  #mayBe = true;

  constructor(options: AnsweredRunsOptions) {
    this.#o = options;
  }

  /** There is one more. */
  note(): void {
    this.#mayBe = true;
  }

  /**
   * Starts them, once this host leads. What cannot start at this moment (no window yet, another leader, Hob is
   * paused) stays, and is tried again by the next call.
   */
  async goOn(): Promise<void> {
    const { store, accepting } = this.#o;
    if (!this.#mayBe || !accepting()) return;
    const { kill_switch, stopped } = await readSettings(store);
    if (stopped && !kill_switch) return;
    this.#mayBe = false;
    const where = { status: 'queued' };
    const queued = await store.documents(runsProjection, { where, limit: 1_000 });
    for (const run of queued.filter(isAnswered)) await this.#goOnWith(run);
  }

  async #goOnWith(run: AnsweredRun): Promise<void> {
    const { store, log, prepare, resume } = this.#o;
    const { run_id } = run;
    try {
      const ready = await prepare(run);
      const begin = await store.transact((tx) => resume(tx, run, ready));
      begin?.();
    } catch (failure) {
      this.#mayBe = true;
      log.warn('an answered run cannot go on yet', { run_id, cause: String(failure) });
    }
  }
}
