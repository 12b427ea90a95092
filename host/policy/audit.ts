import type { CommandResult } from '#schema/commands/registry.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { SignedDecision } from '#schema/views/approval.ts';
import { decisionStatement } from '#schema/views/statements.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { Crypto } from './ports.ts';

type Verification = CommandResult<'audit.verify'>;
type Problem = Verification['problems'][number];

const PAGE = 1_000;
/** Events that say somebody was asked, decided, or may decide. Only these are read. */
const wanted = [
  'decider.enrolled',
  'approval.requested',
  'approval.held',
  'approval.released',
  'approval.decided',
];

/** What is needed from the events so far to judge the next decision. */
interface Seen {
  keys: Map<string, string>;
  hashes: Map<string, string>;
}

const signedOf = (event: StoredEvent): SignedDecision | null => {
  const data = event.data as { signed?: SignedDecision } | null;
  return data?.signed ?? null;
};

/**
 * Proves every recorded decision offline: signed by a decider that was enrolled before it, about the
 * call that was asked. With the store's own check of chain and projections this is `audit.verify`.
 */
export async function verifyAudit(store: EventStore, crypto: Crypto): Promise<Verification> {
  const base = await store.verify();
  const problems: Problem[] = [...base.problems];
  const seen: Seen = { keys: new Map(), hashes: new Map() };
  let decisions = 0;
  for (let from_seq = 0; ;) {
    const page = await store.query({ from_seq, event_type: wanted, order: 'asc', limit: PAGE });
    for (const event of page) {
      const problem = check(event, seen, store.storeId, crypto);
      if (signedOf(event) !== null) decisions += 1;
      if (problem !== null) problems.push(problem);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    from_seq = last.seq;
  }
  const { events, head_seq, head_hash, erased, projections } = base;
  return {
    ok: problems.length === 0,
    events,
    head_seq,
    head_hash,
    decisions,
    erased,
    projections,
    problems,
  };
}

function check(event: StoredEvent, seen: Seen, storeId: string, crypto: Crypto): Problem | null {
  if (event.data === null) return null;
  if (event.event_type === 'decider.enrolled') {
    const { decider_id, public_key } = event.data as unknown as DomainEventData<'decider.enrolled'>;
    seen.keys.set(decider_id, public_key);
    return null;
  }
  if (event.event_type === 'approval.requested') {
    const { approval_id, call_hash } =
      event.data as unknown as DomainEventData<'approval.requested'>;
    seen.hashes.set(approval_id, call_hash);
    return null;
  }
  const signed = signedOf(event);
  const at = (code: string, message: string): Problem => ({ code, seq: event.seq, message });
  if (signed === null) return at('decision_unsigned', 'A decision has no signature.');
  const key = seen.keys.get(signed.decider_id);
  if (key === undefined)
    return at('decider_unknown', 'A decision is signed by somebody who was not enrolled.');
  if (seen.hashes.get(signed.approval_id) !== signed.call_hash)
    return at('decision_mismatch', 'A decision is about another call than the one that was asked.');
  const { signature, ...statement } = signed;
  return crypto.verify(key, decisionStatement(storeId, statement), signature)
    ? null
    : at('signature_invalid', 'The signature of a decision does not match it.');
}
