import type { Principal } from '#schema/envelope/principal.ts';
import { eventVersionOf } from '#schema/events/event-version.ts';
import type { StoredEvent, StreamRef } from '#schema/events/stored-event.ts';
import { isoTime } from '#host/kernel/clock.ts';
import type { EventContext } from '../ports.ts';
import {
  commitTo,
  linkHash,
  metaText,
  type ChainHead,
  type Digests,
  type EventMeta,
} from './chain.ts';
import { canonicalContent } from './canonical-content.ts';
import type { Redaction } from './redact.ts';

/** One event on its way into the log. */
export interface Draft {
  readonly stream: StreamRef;
  readonly stream_seq: number;
  readonly event_type: string;
  readonly context: EventContext;
  readonly idempotency_key: string | null;
  /** Wall clock, milliseconds. */
  readonly at: number;
  readonly event_id: string;
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  readonly redaction: Redaction;
}

/** An event with its place in the chain, as the adapters store it. */
export interface SealedEvent {
  readonly event: StoredEvent;
  /** RFC 8785 text of `event.data`: the bytes that the commitment covers. */
  readonly content: string;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
  readonly hash: Uint8Array;
}

/** Every workspace has one implicit room. */
export const roomOf = (workspaceId: string): string => `room_${workspaceId.slice('ws_'.length)}`;

/** The next link after `head`. Throws TypeError for data that has no JSON form. */
export function seal(digests: Digests, head: ChainHead, draft: Draft): SealedEvent {
  // Its copy is what reading the text gives: the fold sees now exactly what it will see when it is rebuilt.
  const { text: content, data } = canonicalContent(draft.redaction.data);
  const meta = metaOf(head.seq + 1, draft);
  const commitment = commitTo(digests, draft.salt, content);
  const hash = linkHash(digests, head.hash, metaText(meta), commitment);
  const event: StoredEvent = {
    ...meta,
    data,
    commitment: digests.hex(commitment),
    prev_hash: digests.hex(head.hash),
    hash: digests.hex(hash),
  };
  return { event, content, salt: draft.salt, commitment, hash };
}

function metaOf(seq: number, draft: Draft): EventMeta {
  const { context, redaction, stream } = draft;
  const at = isoTime(draft.at);
  return {
    seq,
    event_id: draft.event_id,
    event_type: draft.event_type,
    event_version: eventVersionOf(draft.event_type),
    stream: {
      stream_type: stream.stream_type,
      stream_id: stream.stream_id,
      stream_seq: draft.stream_seq,
    },
    workspace_id: context.workspace_id,
    room_id: roomOf(context.workspace_id),
    actor: wellFormedActor(context.actor),
    occurred_at: at,
    recorded_at: at,
    correlation_id: context.correlation_id.toWellFormed(),
    causation_id: context.causation_id?.toWellFormed() ?? null,
    run_id: context.run_id ?? null,
    zone: context.zone ?? 'supervised',
    idempotency_key: draft.idempotency_key,
    redaction_level: redaction.redaction_level,
    contains_secrets: redaction.contains_secrets,
  };
}

/** Half a surrogate pair has no UTF-8 form, so it would not come back from the database as it went in. */
function wellFormedActor(actor: Principal): Principal {
  return { ...actor, id: actor.id.toWellFormed(), display: actor.display.toWellFormed() };
}
