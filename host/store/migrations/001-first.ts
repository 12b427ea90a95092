/**
 * The tables of seed 002. `proj_*` tables are made from the registered projections.
 *
 * - `evt_stream_heads` allocates versions; `stream` is a small key, so an event needs 3 bytes for
 *   its stream instead of 40, twice.
 * - `evt_events` is append-only and gapless, whoever writes: the triggers also stop REPLACE.
 * - `evt_content` holds what can be erased: the text and the salt of its commitment.
 */
export const first = `
CREATE TABLE evt_stream_heads (
  stream INTEGER PRIMARY KEY,
  stream_type TEXT NOT NULL,
  stream_id TEXT NOT NULL,
  stream_seq INTEGER NOT NULL,
  UNIQUE (stream_type, stream_id)
) STRICT;

CREATE TABLE evt_events (
  seq INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  stream_seq INTEGER NOT NULL,
  event_id TEXT NOT NULL UNIQUE,
  event_type TEXT NOT NULL,
  event_version INTEGER NOT NULL,
  workspace_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  causation_id TEXT,
  run_id TEXT,
  zone TEXT NOT NULL,
  idempotency_key TEXT,
  redaction_level TEXT NOT NULL,
  contains_secrets INTEGER NOT NULL,
  commitment BLOB NOT NULL CHECK (length(commitment) = 32),
  prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  UNIQUE (stream, stream_seq)
) STRICT;
CREATE INDEX evt_events_type ON evt_events (event_type);
CREATE INDEX evt_events_correlation ON evt_events (correlation_id);
CREATE INDEX evt_events_run ON evt_events (run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX evt_events_idempotency ON evt_events (stream, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE evt_content (
  seq INTEGER PRIMARY KEY,
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  content TEXT NOT NULL
) STRICT;

CREATE TRIGGER evt_events_no_update BEFORE UPDATE ON evt_events
BEGIN SELECT RAISE(ABORT, 'evt_events is append-only'); END;
CREATE TRIGGER evt_events_no_delete BEFORE DELETE ON evt_events
BEGIN SELECT RAISE(ABORT, 'evt_events is append-only'); END;
CREATE TRIGGER evt_events_gapless BEFORE INSERT ON evt_events
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM evt_events)
BEGIN SELECT RAISE(ABORT, 'evt_events is gapless'); END;
CREATE TRIGGER evt_content_no_update BEFORE UPDATE ON evt_content
BEGIN SELECT RAISE(ABORT, 'evt_content can only be erased'); END;

CREATE TABLE evt_idempotency (
  principal_id TEXT NOT NULL,
  command TEXT NOT NULL,
  key TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  response TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  check_sum TEXT NOT NULL,
  PRIMARY KEY (principal_id, command, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE store_meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
