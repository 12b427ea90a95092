import type { CommandResult } from '#schema/commands/registry.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { SignedDecision } from '#schema/views/approval.ts';
import { decisionStatement, listenStatement } from '#schema/views/statements.ts';
import type { EventStore } from '#host/store/ports.ts';
import { addToProof, noProof, spokenProblem, type SpokenProof } from './core/spoken.ts';
import type { Crypto } from './ports.ts';

/** What is read of a store to prove what it holds. */
export type AuditedStore = Pick<EventStore, 'storeId' | 'verify' | 'query'>;

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
  'turn.opened',
  'turn.decision_heard',
];

/** What is needed from the events so far to judge the next decision. */
interface Seen {
  keys: Map<string, string>;
  hashes: Map<string, string>;
  /** By turn: what spoken decisions rest on. */
  spoken: Map<string, SpokenProof>;
  /** Statements that opened a turn, with the turn. */
  listens: Map<string, string>;
  /** Turns whose content was erased: what was said in them cannot be proved any more, and was once. */
  erased: Set<string>;
}

const signedOf = (event: StoredEvent): SignedDecision | null => {
  const data = event.data as { signed?: SignedDecision } | null;
  return data?.signed ?? null;
};

/**
 * Proves every recorded decision offline: signed by a decider that was enrolled before it, about the
 * call that was asked. With the store's own check of chain and projections this is `audit.verify`.
 */
export async function verifyAudit(store: AuditedStore, crypto: Crypto): Promise<Verification> {
  const base = await store.verify();
  const problems: Problem[] = [...base.problems];
  const seen: Seen = {
    keys: new Map(),
    hashes: new Map(),
    spoken: new Map(),
    listens: new Map(),
    erased: new Set(),
  };
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
  if (event.data === null) {
    if (event.stream.stream_type === 'turn') seen.erased.add(event.stream.stream_id);
    return null;
  }
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
  if (event.stream.stream_type === 'turn') return checkTurn(event, seen, storeId, crypto);
  const signed = signedOf(event);
  const at = (code: string, message: string): Problem => ({ code, seq: event.seq, message });
  if (signed === null) return at('decision_unsigned', 'A decision has no signature.');
  const key = seen.keys.get(signed.decider_id);
  if (key === undefined)
    return at('decider_unknown', 'A decision is signed by somebody who was not enrolled.');
  if (seen.hashes.get(signed.approval_id) !== signed.call_hash)
    return at('decision_mismatch', 'A decision is about another call than the one that was asked.');
  const { signature, ...statement } = signed;
  if (!crypto.verify(key, decisionStatement(storeId, statement), signature))
    return at('signature_invalid', 'The signature of a decision does not match it.');
  const turn = signed.heard?.turn_id ?? '';
  if (seen.erased.has(turn)) return null;
  const proof = seen.spoken.get(turn) ?? noProof;
  const problem = spokenProblem(signed, proof);
  return problem === null ? null : at('spoken_unproven', problem);
}

/** What a turn adds to the proof of spoken decisions; the statement that opened it must hold. */
function checkTurn(
  event: StoredEvent,
  seen: Seen,
  storeId: string,
  crypto: Crypto,
): Problem | null {
  const turn = event.stream.stream_id;
  seen.spoken.set(turn, addToProof(seen.spoken.get(turn) ?? noProof, event));
  if (event.event_type !== 'turn.opened') return null;
  const { listen } = event.data as unknown as DomainEventData<'turn.opened'>;
  if (listen === null) return null;
  const at = (code: string, message: string): Problem => ({ code, seq: event.seq, message });
  const { signature, ...statement } = listen;
  const key = seen.keys.get(listen.decider_id);
  if (key === undefined)
    return at('decider_unknown', 'A turn was opened by somebody who was not enrolled.');
  if (!crypto.verify(key, listenStatement(storeId, statement), signature))
    return at('signature_invalid', 'The signature that opened a turn does not match it.');
  const other = seen.listens.get(listen.listen_id);
  seen.listens.set(listen.listen_id, turn);
  return other === undefined || other === turn
    ? null
    : at('listen_reused', 'One statement opened two turns.');
}
