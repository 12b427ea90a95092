import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { isoTime } from '#host/kernel/clock.ts';
import { roomOf, type SealedEvent } from '../../core/seal.ts';
import { nodeDigests } from '../digests.ts';
import type { Connection, Row } from './connection.ts';

/** Every event with its content, unless that was erased. */
export const selectEvents = `
SELECT e.*, c.salt, c.content FROM evt_events e LEFT JOIN evt_content c ON c.seq = e.seq`;

/** The event that a row of `selectEvents` holds. */
export function eventOf(row: Row): StoredEvent {
  const text = (name: string): string => row[name] as string;
  const textOrNull = (name: string): string | null => row[name] as string | null;
  return {
    seq: row['seq'] as number,
    event_id: text('event_id'),
    event_type: text('event_type'),
    event_version: row['event_version'] as number,
    stream: {
      stream_type: text('stream_type'),
      stream_id: text('stream_id'),
      stream_seq: row['stream_seq'] as number,
    },
    workspace_id: text('workspace_id'),
    room_id: roomOf(text('workspace_id')),
    actor: JSON.parse(text('actor')) as Principal,
    occurred_at: isoTime(row['occurred_at'] as number),
    recorded_at: isoTime(row['recorded_at'] as number),
    correlation_id: text('correlation_id'),
    causation_id: textOrNull('causation_id'),
    run_id: textOrNull('run_id'),
    zone: text('zone') as StoredEvent['zone'],
    idempotency_key: textOrNull('idempotency_key'),
    redaction_level: text('redaction_level') as StoredEvent['redaction_level'],
    contains_secrets: row['contains_secrets'] === 1,
    data: row['content'] === null ? null : (JSON.parse(text('content')) as JsonObject),
    commitment: nodeDigests.hex(row['commitment'] as Uint8Array),
    prev_hash: nodeDigests.hex(row['prev_hash'] as Uint8Array),
    hash: nodeDigests.hex(row['hash'] as Uint8Array),
  };
}

const insertEvent = `
INSERT INTO evt_events (seq, event_id, stream_type, stream_id, stream_seq, event_type, event_version,
  workspace_id, actor, occurred_at, recorded_at, correlation_id, causation_id, run_id, zone, idempotency_key,
  redaction_level, contains_secrets, commitment, prev_hash, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes one sealed event. */
export function insertSealed(
  connection: Connection,
  previous: Uint8Array,
  at: number,
  sealed: SealedEvent,
): void {
  const { event } = sealed;
  connection.run(
    insertEvent,
    event.seq,
    event.event_id,
    event.stream.stream_type,
    event.stream.stream_id,
    event.stream.stream_seq,
    event.event_type,
    event.event_version,
    event.workspace_id,
    JSON.stringify(event.actor),
    at,
    at,
    event.correlation_id,
    event.causation_id,
    event.run_id,
    event.zone,
    event.idempotency_key,
    event.redaction_level,
    event.contains_secrets ? 1 : 0,
    sealed.commitment,
    previous,
    sealed.hash,
  );
  connection.run(
    'INSERT INTO evt_content (seq, salt, content) VALUES (?, ?, ?)',
    event.seq,
    sealed.salt,
    sealed.content,
  );
}
