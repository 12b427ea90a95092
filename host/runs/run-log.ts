import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { RunView } from '#schema/views/run.ts';
import { HobError } from '#host/kernel/errors.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { EventContext, EventStore, StoreReader, StoreTransaction } from '#host/store/ports.ts';
import { hasEnded } from './core/run.ts';
import { runsProjection } from './projections.ts';

export const runStream = (run_id: string) => ({ stream_type: 'run', stream_id: run_id });

/** The run as it is. Throws `not_found`. */
export async function readRun(reader: StoreReader, runId: string): Promise<RunView> {
  const run = await reader.document(runsProjection, runId);
  if (run === null) throw new HobError('not_found');
  return run;
}

/** Appends what happened to a run, unless it has ended, and gives what it is then. */
export async function appendToRun(
  store: EventStore,
  run: RunView,
  events: readonly DomainEvent[],
  actor: Principal = hostPrincipal,
  mayWrite: (tx: StoreTransaction) => Promise<void> = () => Promise.resolve(),
): Promise<RunView> {
  return store.transact(async (tx) => {
    await mayWrite(tx);
    const latest = await readRun(tx, run.run_id);
    if (hasEnded(latest)) return latest;
    const context: EventContext = {
      workspace_id: run.workspace_id,
      actor,
      correlation_id: run.correlation_id,
      causation_id: run.run_id,
      run_id: run.run_id,
      zone: run.policy.zone,
    };
    await tx.append(runStream(run.run_id), 'any', events, context);
    return readRun(tx, run.run_id);
  });
}
