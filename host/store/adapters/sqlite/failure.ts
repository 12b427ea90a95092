import { HobError } from '#host/kernel/errors.ts';
import type { StoreHealth } from '../../ports.ts';

export type UnavailableReason = Extract<StoreHealth, { state: 'unavailable' }>['reason'];

/** The database failed, as opposed to: the caller asked for something wrong. */
export interface Failure {
  /** Null when it is about this moment only (another process is writing). */
  readonly reason: UnavailableReason | null;
  /** It may go away by itself, so a later transaction tries again. */
  readonly passes: boolean;
  readonly message: string;
}

const FULL = 'The disk is full; free some space and it goes on by itself.';
const BROKEN = 'The database file is damaged. It was left as it is; see hob diagnose.';
const IO = 'The disk reports errors while the event store is read or written.';
const READ_ONLY = 'The event store may not be written: its folder or file is read-only.';

export const anotherWriter: Failure = {
  reason: null,
  passes: true,
  message: 'Another process is writing to the event store.',
};

/** By SQLite's extended result code, then by its primary one. */
const failures: Readonly<Record<number, Failure>> = {
  5: anotherWriter,
  6: anotherWriter,
  7: { reason: null, passes: true, message: 'There is not enough memory for the event store.' },
  3: { reason: 'read_only', passes: true, message: READ_ONLY },
  8: { reason: 'read_only', passes: true, message: READ_ONLY },
  14: {
    reason: 'read_only',
    passes: true,
    message: 'The event store cannot be opened: no access to its folder or file.',
  },
  // The file was moved or deleted under us.
  1032: {
    reason: 'broken',
    passes: false,
    message: 'The database file was moved or deleted while the host ran.',
  },
  10: { reason: 'broken', passes: true, message: IO },
  // Failed writes (over a quota or a file size limit, or when the shared index cannot grow) are rolled back whole.
  778: { reason: 'full', passes: true, message: FULL },
  1546: { reason: 'full', passes: true, message: FULL },
  4874: { reason: 'full', passes: true, message: FULL },
  13: { reason: 'full', passes: true, message: FULL },
  11: { reason: 'broken', passes: false, message: BROKEN },
  26: {
    reason: 'broken',
    passes: false,
    message: 'The file is not a database. It was left as it is; see hob diagnose.',
  },
};

/** What a thrown thing says about the database, or null when it says nothing. */
export function failureOf(thrown: unknown): Failure | null {
  const code = (thrown as { errcode?: unknown } | null)?.errcode;
  if (typeof code !== 'number') return null;
  return failures[code] ?? failures[code & 0xff] ?? null;
}

/** A row with this primary key is there already. */
export const isTaken = (thrown: unknown): boolean =>
  (thrown as { errcode?: unknown } | null)?.errcode === SQLITE_CONSTRAINT_PRIMARYKEY;

const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;

/** `store_unavailable` with why, as callers see it. */
export const unavailable = (
  failure: Pick<Failure, 'reason' | 'message'>,
  cause?: unknown,
): HobError =>
  new HobError('store_unavailable', {
    message: failure.message,
    details: { reason: failure.reason ?? 'busy' },
    ...(cause === undefined ? {} : { cause }),
  });
