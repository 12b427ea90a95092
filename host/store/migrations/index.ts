import { first } from './001-first.ts';

/** One SQL text for each schema number, from 1. A shipped one is never changed; the next one is added. */
export const migrations: readonly string[] = [first];

/** The schema number that this build writes; kept in `PRAGMA user_version`. */
export const STORE_SCHEMA = migrations.length;

/** `PRAGMA application_id`: "HobE". A database without it is somebody else's. */
export const APPLICATION_ID = 0x48_6f_62_45;
