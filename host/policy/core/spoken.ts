import { canonicalJson } from '#schema/envelope/canonical.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { SignedDecision } from '#schema/views/approval.ts';

/** What is stored about the turn that a spoken decision came from. */
export interface SpokenProof {
  opened: DomainEventData<'turn.opened'> | null;
  heard: readonly DomainEventData<'turn.decision_heard'>[];
}

export const noProof: SpokenProof = { opened: null, heard: [] };

/** The proof after one more event of the turn. */
export function addToProof(proof: SpokenProof, event: StoredEvent): SpokenProof {
  if (event.data === null) return proof;
  if (event.event_type === 'turn.opened')
    return { ...proof, opened: event.data as unknown as DomainEventData<'turn.opened'> };
  if (event.event_type === 'turn.decision_heard')
    return {
      ...proof,
      heard: [...proof.heard, event.data as unknown as DomainEventData<'turn.decision_heard'>],
    };
  return proof;
}

/**
 * Why a spoken decision is not one, in words; null when it is. It must rest on what was heard, about this
 * very call, in a turn that the same decider opened by hand. Signatures are checked elsewhere.
 */
export function spokenProblem(signed: SignedDecision, proof: SpokenProof): string | null {
  const { heard } = signed;
  if (signed.source !== 'voice')
    return heard === undefined ? null : 'It says what was heard, and was not spoken.';
  if (heard === undefined) return 'A spoken decision does not say what was heard.';
  const listen = proof.opened?.listen ?? null;
  if (listen === null) return 'It was spoken in a turn that no decider opened.';
  if (listen.decider_id !== signed.decider_id || listen.listen_id !== heard.listen_id)
    return 'It was spoken in a turn that another decider opened.';
  const isAbout =
    heard.approval_id === signed.approval_id &&
    heard.call_hash === signed.call_hash &&
    heard.decision === signed.decision;
  if (!isAbout) return 'What was heard is another decision than the one that was signed.';
  if (signed.offer_id !== null || signed.confirmed)
    return 'A voice decides this once and no more: it grants nothing and confirms nothing.';
  const text = canonicalJson({ ...heard });
  return proof.heard.some((stored) => canonicalJson({ ...stored }) === text)
    ? null
    : 'The host never heard this.';
}
