import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '#schema/commands/registry.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { HobError } from '#host/kernel/errors.ts';
import { nodeCrypto } from '#host/policy/adapters/node-crypto.ts';
import { verifyAudit } from '#host/policy/audit.ts';
import { checkExport, type ExportCheck } from '#host/policy/check-export.ts';
import { SqliteRecord } from '#host/store/adapters/sqlite/record.ts';
import { projections } from './projections.ts';

/** What of a record was verified, and of a file that was exported from it. */
export type RecordVerification = CommandResult<'audit.verify'> & { export?: ExportCheck };

/**
 * Verifies the record of a data directory where no host runs, as `audit.verify` does where one does, and holds
 * an exported file against it. Reads only. Throws `not_found` without a record, `store_unavailable` for one that
 * cannot be read.
 */
export async function verifyRecord(
  dataDir: string,
  exported?: string,
): Promise<RecordVerification> {
  const file = join(dataDir, 'events.db');
  if (!existsSync(file))
    throw new HobError('not_found', {
      message: `There is no record in ${dataDir}: it holds no events.db.`,
    });
  const record = new SqliteRecord(file, projections);
  try {
    const found = await verifyAudit(record, nodeCrypto);
    if (exported === undefined) return found;
    const eventAt = async (seq: number): Promise<StoredEvent | null> =>
      (await record.query({ from_seq: seq - 1, to_seq: seq, limit: 1 }))[0] ?? null;
    return { ...found, export: await checkExport(exported, eventAt) };
  } finally {
    record.close();
  }
}
