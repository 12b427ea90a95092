import type { StoredEvent } from '#schema/events/stored-event.ts';

/** Hashes, as the chain needs them; behind an interface so that the core stays free of `node:crypto`. */
export interface Digests {
  sha256(data: Uint8Array | string): Uint8Array;
  hmacSha256(key: Uint8Array, text: string): Uint8Array;
  /** Lower case. */
  hex(bytes: Uint8Array): string;
}

/** The last link: where the next event goes. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: Uint8Array;
}

export const HASH_BYTES = 32;
export const SALT_BYTES = 32;
export const emptyChain = (): ChainHead => ({ seq: 0, hash: new Uint8Array(HASH_BYTES) });

/** Everything of an event that its hash covers directly; `data` is covered through the commitment. */
export type EventMeta = Omit<StoredEvent, 'data' | 'commitment' | 'prev_hash' | 'hash'>;

/** Sets the chain's hashes apart from every other use of SHA-256 (0 and 1 are a Merkle tree's leaf and node). */
const LINK_DOMAIN = 2;

/**
 * RFC 8785 text of an event's meta. Fields that are null are left out, so a field that a later
 * version adds does not change the text of older events. The literal lists its keys in the order
 * that RFC 8785 asks for, and none looks like a number, so JSON.stringify gives the canonical text.
 */
export function metaText(event: EventMeta): string {
  const { actor, stream } = event;
  return JSON.stringify({
    actor: {
      display: actor.display,
      id: actor.id,
      kind: actor.kind,
      proven: actor.proven,
      role: actor.role,
    },
    causation_id: event.causation_id ?? undefined,
    contains_secrets: event.contains_secrets,
    correlation_id: event.correlation_id,
    event_id: event.event_id,
    event_type: event.event_type,
    event_version: event.event_version,
    idempotency_key: event.idempotency_key ?? undefined,
    occurred_at: event.occurred_at,
    recorded_at: event.recorded_at,
    redaction_level: event.redaction_level,
    room_id: event.room_id,
    run_id: event.run_id ?? undefined,
    seq: event.seq,
    stream: {
      stream_id: stream.stream_id,
      stream_seq: stream.stream_seq,
      stream_type: stream.stream_type,
    },
    workspace_id: event.workspace_id,
    zone: event.zone,
  });
}

/** What the chain holds of an event's data. The salt keeps an erased text from being guessed. */
export const commitTo = (digests: Digests, salt: Uint8Array, content: string): Uint8Array =>
  digests.hmacSha256(salt, content);

/** `SHA-256(2 ‖ previous ‖ SHA-256(meta) ‖ commitment)`. */
export function linkHash(
  digests: Digests,
  previous: Uint8Array,
  meta: string,
  commitment: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(1 + 3 * HASH_BYTES);
  bytes[0] = LINK_DOMAIN;
  bytes.set(previous, 1);
  bytes.set(digests.sha256(meta), 1 + HASH_BYTES);
  bytes.set(commitment, 1 + 2 * HASH_BYTES);
  return digests.sha256(bytes);
}
