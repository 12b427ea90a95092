/**
 * The tables of seed 002. `proj_*` tables are made from the registered projections.
 *
 * - `evt_stream_heads` allocates the versions of streams.
 * - `evt_events` is append-only, whoever writes. Every index is a page more in every commit, so there
 *   is none for the id (it holds the seq) nor for the type (queries by type go through the log in
 *   pieces).
 * - `evt_content` holds what can be erased: the text and the salt of its commitment.
 */
export const first = `
CREATE TABLE evt_stream_heads (
  stream_type TEXT NOT NULL,
  stream_id TEXT NOT NULL,
  stream_seq INTEGER NOT NULL,
  PRIMARY KEY (stream_type, stream_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE evt_events (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  stream_type TEXT NOT NULL,
  stream_id TEXT NOT NULL,
  stream_seq INTEGER NOT NULL,
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
  UNIQUE (stream_type, stream_id, stream_seq)
) STRICT;
CREATE INDEX evt_events_correlation ON evt_events (correlation_id);
CREATE INDEX evt_events_run ON evt_events (run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX evt_events_idempotency ON evt_events (stream_type, stream_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE evt_content (
  seq INTEGER PRIMARY KEY,
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  content TEXT NOT NULL
) STRICT;

CREATE TRIGGER evt_events_no_update BEFORE UPDATE ON evt_events
BEGIN SELECT RAISE(ABORT, 'evt_events is append-only'); END;
CREATE TRIGGER evt_events_no_delete BEFORE DELETE ON evt_events
BEGIN SELECT RAISE(ABORT, 'evt_events is append-only'); END;
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
