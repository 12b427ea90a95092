import type { Row } from './connection.ts';
import { nodeDigests } from '../digests.ts';

/** SHA-256 of a row of `evt_idempotency`, which no hash chain covers. */
export const checkOf = (row: Row): string =>
  nodeDigests.hex(
    nodeDigests.sha256(
      JSON.stringify([
        row['principal_id'],
        row['command'],
        row['key'],
        row['content_hash'],
        row['response'],
        row['recorded_at'],
      ]),
    ),
  );
