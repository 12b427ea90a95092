import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { PolicyDecision, RunView } from '#schema/views/run.ts';
import { textField } from '#host/kernel/fields.ts';
import type { CallFacts, GateState } from '#host/policy/core/facts.ts';
import { tokenLimit } from '#host/policy/capabilities/limit.ts';
import { grantAt } from '#host/policy/core/grant-view.ts';
import { initialSettings, presetOf, type HostSettings } from '#host/policy/core/settings.ts';
import type { Submission } from '#host/policy/submission.ts';
import {
  approvalsProjection,
  grantsProjection,
  settingsProjection,
  SETTINGS_KEY,
} from '#host/policy/projections.ts';
import type { StoreReader, StoreTransaction } from '#host/store/ports.ts';
import { hasEnded } from './core/run.ts';
import { deniedEvent } from './core/start.ts';
import type { Prepared } from './ports.ts';
import { runsProjection } from './projections.ts';
import { readRun } from './run-log.ts';

/** A repeated call that names the same tool use counts as the same one for this long. */
const SAME_CALL_MS = 10 * 60_000;
/** Questions of one principal that may wait at once: nobody answers more, and a flood must not bury the others. */
const MAX_WAITING = 100;

const tooManyWaiting = {
  reason_code: 'too_many_waiting',
  reason: `${MAX_WAITING} questions of this agent wait already; let some be answered first.`,
};

export const readSettings = async (reader: StoreReader): Promise<HostSettings> =>
  (await reader.document(settingsProjection, SETTINGS_KEY)) ?? initialSettings;

/** The state that a call is judged by: stops, posture, and the standing permissions of who asks. */
export async function gateState(
  reader: StoreReader,
  facts: CallFacts,
  settings: HostSettings,
  moment: { now: number; accepting: boolean },
): Promise<GateState> {
  const where = {
    workspace_id: facts.workspace_id,
    principal_id: facts.principal.id,
    status: 'active',
  };
  const grants = await reader.documents(grantsProjection, { where, limit: 1_000 });
  return {
    kill_switch: settings.kill_switch,
    stopped: settings.stopped || !moment.accepting,
    preset: presetOf(settings),
    grants: grants.map((grant) => grantAt(grant, moment.now)),
    capability: await tokenLimit(reader, facts.principal),
    now: moment.now,
  };
}

/** The run that a submission repeats: the same idempotency key, or the same tool use seen twice. */
export async function sameCall(
  tx: StoreTransaction,
  s: Submission,
  facts: CallFacts,
  now: number,
): Promise<RunView | null> {
  if (s.idempotency_key !== null) {
    const { idempotency_key, principal } = s;
    const seen = await tx.recall(principal.id, 'run.created', idempotency_key, facts.call_hash);
    if (seen !== null) return readRun(tx, textField(seen, 'run_id'));
  }
  if (s.dedupe_key === null) return null;
  const where = { trigger_ref: s.dedupe_key, principal_id: s.principal.id };
  const [run] = await tx.documents(runsProjection, { where, order: 'desc', limit: 1 });
  if (run?.call_hash !== facts.call_hash || run.workspace_id !== s.workspace_id) return null;
  const isFresh = now - Date.parse(run.created_at) < SAME_CALL_MS || !hasEnded(run);
  return isFresh && run.status !== 'cancelled' ? run : null;
}

/** How a call ends that is neither started nor asked about; null when it is. */
export async function refusalEvent(
  tx: StoreTransaction,
  run_id: string,
  principal: Principal,
  policy: PolicyDecision,
  prepared: Prepared,
): Promise<DomainEvent | null> {
  if (policy.decision === 'deny') return deniedEvent(run_id, policy);
  if (!prepared.ok)
    return { type: 'run.failed', data: { run_id, error: prepared.error, result: null } };
  if (policy.decision === 'require_approval' && (await asksTooMuch(tx, principal)))
    return deniedEvent(run_id, tooManyWaiting);
  return null;
}

async function asksTooMuch(tx: StoreTransaction, principal: Principal): Promise<boolean> {
  const where = { status: ['pending', 'held'], principal_id: principal.id };
  return (await tx.count(approvalsProjection, where)) >= MAX_WAITING;
}
