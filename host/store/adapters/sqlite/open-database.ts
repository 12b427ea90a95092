import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { APPLICATION_ID, migrations, STORE_SCHEMA } from '../../migrations/index.ts';
import { nodeDigests } from '../digests.ts';
import { Connection } from './connection.ts';
import { failureOf, type Failure } from './failure.ts';

/** A file that is not opened, with why. */
export class Unopenable extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = 'Unopenable';
    this.failure = failure;
  }
}

const refuse = (reason: Failure['reason'], message: string): Unopenable =>
  new Unopenable({ reason, passes: false, message });

/** The writer checkpoints long before; SQLite does it in a commit when the WAL has grown to this all the same. */
const LAST_RESORT_PAGES = 4_000;
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

/** Opens the database for writing, at the schema of this build; creates it when there is none. Throws `Unopenable`. */
export function openForWriting(file: string, newStoreId: () => string): Connection {
  return translated(() => {
    if (!existsSync(file)) create(file, newStoreId());
    inspectHeader(file);
    const connection = new Connection(file);
    try {
      configure(connection);
      migrate(connection);
      return connection;
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  });
}

/** Looks at a file that may be anything, before it is opened for reading. Throws `Unopenable`. */
export function openUnknown(file: string): Connection {
  translated(() => inspectHeader(file));
  return openForReading(file);
}

/**
 * A second connection, which sees only what is committed. The file is left to SQLite alone: a process that closes
 * a file loses all its locks on it (POSIX), and without those another program that opens the database and closes it
 * would take itself for the last one and delete the write-ahead log, with everything in it that a host has
 * acknowledged. Throws `Unopenable`.
 */
export function openForReading(file: string): Connection {
  return translated(() => {
    const connection = new Connection(file, { readOnly: true });
    try {
      requireSchema(connection);
      return connection;
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  });
}

function translated<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Unopenable) throw thrown;
    throw new Unopenable(failureOf(thrown) ?? fileFailure(thrown) ?? unknownFailure, thrown);
  }
}

/** Whatever else goes wrong while the file is opened: a damaged schema gives every kind of error. */
const unknownFailure: Failure = {
  reason: 'broken',
  passes: false,
  message: 'The database cannot be read as an event store. It was left as it is; see hob diagnose.',
};

function fileFailure(thrown: unknown): Failure | null {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return {
      reason: 'read_only',
      passes: true,
      message: 'The event store may not be opened: no access to its folder or file.',
    };
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return {
      reason: 'full',
      passes: true,
      message: 'The disk is full; free some space and it goes on by itself.',
    };
  }
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') {
    return {
      reason: 'broken',
      passes: true,
      message: 'The event store is not where it should be.',
    };
  }
  return code === 'EIO'
    ? { reason: 'broken', passes: true, message: 'The disk reports errors.' }
    : null;
}

/**
 * Made whole under another name, then renamed: a database under its own name is never a beginning,
 * so an empty file there is damage and not something to fill in.
 */
function create(file: string, storeId: string): void {
  const draft = `${file}.new`;
  for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(draft + rest, { force: true });
  // SQLite gives its WAL and shared memory the database's own mode.
  closeSync(openSync(draft, 'wx', 0o600));
  const connection = new Connection(draft);
  try {
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    connection.exec('PRAGMA synchronous = FULL');
    migrate(connection);
    const check = nodeDigests.hex(nodeDigests.sha256(storeId));
    const sql =
      "INSERT INTO store_meta (name, value) VALUES ('store_id', ?), ('store_id_check', ?)";
    connection.run(sql, storeId, check);
  } finally {
    connection.close();
  }
  renameSync(draft, file);
}

const MAGIC = 'SQLite format 3\0';

/**
 * Looks at the first 100 bytes, since opening a WAL database already writes beside it. Never while this process has
 * it open: see `openForReading`.
 */
function inspectHeader(file: string): void {
  if (!statSync(file).isFile())
    throw refuse('broken', 'The database is not a file. It was left as it is; see hob diagnose.');
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw refuse('broken', 'The file is not a database. It was left as it is; see hob diagnose.');
  }
  if (header.readUInt32BE(68) !== APPLICATION_ID) {
    throw refuse(
      'broken',
      'The file is a database of another program. It was left as it is; see hob diagnose.',
    );
  }
  requireKnownSchema(header.readUInt32BE(60));
}

function requireKnownSchema(schema: number): void {
  if (schema <= STORE_SCHEMA) return;
  const message = `The event store was written by a newer Hob (schema ${schema}, this one knows ${STORE_SCHEMA}). Update Hob; nothing was changed.`;
  throw refuse('newer_schema', message);
}

function requireSchema(connection: Connection): void {
  const schema = connection.number('PRAGMA user_version');
  requireKnownSchema(schema);
  if (schema < STORE_SCHEMA)
    throw refuse('broken', 'The event store has not been brought to this schema yet.');
}

function configure(connection: Connection): void {
  requireKnownSchema(connection.number('PRAGMA user_version'));
  connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = ${LAST_RESORT_PAGES};
    PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES};
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA recursive_triggers = ON;
  `);
}

/** Each step with its number in one transaction, so that a crash leaves either schema whole. */
function migrate(connection: Connection): void {
  const from = connection.number('PRAGMA user_version');
  for (const [i, sql] of migrations.entries()) {
    if (i < from) continue;
    connection.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${i + 1}; COMMIT;`);
  }
  const present = connection.number(
    "SELECT count(*) FROM sqlite_schema WHERE name IN ('evt_stream_heads', 'evt_events', 'evt_content', 'evt_idempotency', 'store_meta', 'evt_events_no_update', 'evt_events_no_delete', 'evt_content_no_update')",
  );
  if (present !== 8)
    throw refuse(
      'broken',
      'Tables of the event store are missing. It was left as it is; see hob diagnose.',
    );
}
