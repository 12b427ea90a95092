import type { ActionCall } from '#schema/views/action-call.ts';
import type { PolicyDecision } from '#schema/views/run.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { beyond } from './capability.ts';
import { dangerOfArgv } from './danger.ts';
import type { CallFacts, GateState } from './facts.ts';
import { grantCovers } from './grants.ts';
import type { Place } from './places.ts';
import { isSafeRead } from './safe-reads.ts';
import { policyTable, type Asker, type Preset } from './table.ts';

type Verdict = Pick<PolicyDecision, 'decision' | 'reason_code' | 'reason'> & { grant_id?: string };

const askerOf = (principal: Principal): Asker => principal.kind;

/** Why the call is in the danger class, in words; empty when it is not. */
export function dangersOf(facts: CallFacts): string[] {
  const { call, steps, places, principal } = facts;
  const found = new Set<string>();
  const runsSomething = call.argv !== undefined || call.command_line !== undefined;
  if (runsSomething && steps === null && principal.kind === 'agent')
    found.add('is more than plain commands, so what it does cannot be told for sure');
  for (const { argv } of steps ?? []) for (const reason of dangerOfArgv(argv)) found.add(reason);
  for (const { place } of places) {
    if (place === 'credential') found.add('touches keys, tokens or passwords');
    if (place === 'protected' && call.action !== 'fs.read' && !allRead(facts))
      found.add("touches files that start programs or hold an agent's permissions");
  }
  if (call.action === 'capability.grant' && reachesDanger(call))
    found.add('lets an agent ask for what is in the danger class');
  return [...found];
}

const reachesDanger = ({ arguments: asked }: ActionCall): boolean => {
  const zone = (name: string) => (asked[name] as { zone?: unknown } | undefined)?.zone;
  return zone('becomes') !== zone('now') && zone('becomes') === 'high_stakes';
};

/** Every program of the call only reads. */
const allRead = ({ steps }: CallFacts): boolean =>
  steps !== null && steps.every((step) => !step.writes && isSafeRead(step.argv));

/** Only reads, and only inside the workspace: answered at once, without a card. */
function onlyReads(facts: CallFacts): boolean {
  const inside = (place: Place): boolean => place === 'workspace' || place === 'protected';
  return (
    facts.call.action === 'command.run' &&
    allRead(facts) &&
    facts.cwd_place !== null &&
    inside(facts.cwd_place) &&
    facts.places.every((p) => inside(p.place))
  );
}

/** Whether a call may only happen in a trusted workspace: all but messages and the person's own moving around. */
export const needsTrust = ({ action }: Pick<ActionCall, 'action'>, principal: Principal): boolean =>
  action !== 'notify.show' && !(action === 'editor.navigate' && principal.kind === 'user');

/** Stops that come before any permission. */
function stops(facts: CallFacts, state: GateState): Verdict | null {
  if (state.kill_switch && facts.call.action !== 'notify.show')
    return { decision: 'deny', reason_code: 'kill_switch_on', reason: 'The kill switch is on.' };
  if (state.stopped && facts.call.action !== 'notify.show')
    return { decision: 'deny', reason_code: 'runtime_stopped', reason: 'Hob is paused.' };
  if (facts.trusted === false && needsTrust(facts.call, facts.principal))
    return {
      decision: 'deny',
      reason_code: 'workspace_untrusted',
      reason: 'This workspace is not trusted.',
    };
  return null;
}

function fromTable(facts: CallFacts, preset: Preset): Verdict {
  const outside = facts.places.some((p) => p.place !== 'workspace' && p.place !== 'protected');
  const row = policyTable[preset].find(
    (r) =>
      r.action === facts.call.action &&
      (r.place === 'any' || r.place === (outside ? 'outside' : 'workspace')),
  );
  if (row === undefined)
    return {
      decision: 'deny',
      reason_code: 'unknown_action',
      reason: 'Hob has no rule for this action.',
    };
  const asker = askerOf(facts.principal);
  return {
    decision: row[asker],
    reason_code: `${preset}.${row.action}.${asker}`,
    reason: `${row.reason[0]?.toUpperCase()}${row.reason.slice(1)}.`,
  };
}

const zoneOf = (danger: boolean, decision: PolicyDecision['decision']): PolicyDecision['zone'] =>
  danger ? 'high_stakes' : decision === 'allow' ? 'sandbox' : 'supervised';

/**
 * The gate's answer to one call: allow, deny or ask, with the code and words of the rule that
 * decided. Order: stops, denials of the table, danger, safe reads, grants, table.
 */
export function decidePolicy(facts: CallFacts, state: GateState): PolicyDecision {
  const danger_reasons = dangersOf(facts);
  const danger = danger_reasons.length > 0;
  const judged = judge(facts, state, danger);
  const zone = zoneOf(danger, judged.decision);
  const verdict = withinToken(judged, facts, state, zone);
  return {
    decision: verdict.decision,
    reason_code: verdict.reason_code,
    reason: verdict.reason,
    zone,
    danger,
    danger_reasons,
    grant_id: verdict.grant_id ?? null,
  };
}

/** A token narrows what the policy would say, and never widens it. */
function withinToken(
  verdict: Verdict,
  facts: CallFacts,
  { capability, now }: GateState,
  zone: PolicyDecision['zone'],
): Verdict {
  if (capability === null || verdict.decision === 'deny') return verdict;
  const over = beyond(capability, facts, zone, now);
  return over === null ? verdict : { decision: 'deny', ...over };
}

function judge(facts: CallFacts, state: GateState, danger: boolean): Verdict {
  const stop = stops(facts, state);
  if (stop !== null) return stop;
  const table = fromTable(facts, state.preset);
  if (table.decision === 'deny' && !(onlyReads(facts) && state.preset === 'read-only'))
    return table;
  if (danger)
    return {
      decision: 'require_approval',
      reason_code: 'danger',
      reason: 'This is in the danger class: it always asks, with a second step.',
    };
  if (onlyReads(facts))
    return {
      decision: 'allow',
      reason_code: 'safe_read',
      reason: 'It only reads, inside the workspace.',
    };
  const grant = state.grants.find((g) => grantCovers(g, facts));
  if (grant !== undefined)
    return {
      decision: 'allow',
      reason_code: `grant.${grant.match.kind}`,
      reason: `You allowed: ${grant.label}.`,
      grant_id: grant.grant_id,
    };
  return table;
}
