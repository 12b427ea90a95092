import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '#schema/commands/registry.ts';
import { HobError } from '#host/kernel/errors.ts';
import { nodeCrypto } from '#host/policy/adapters/node-crypto.ts';
import { verifyAudit } from '#host/policy/audit.ts';
import { SqliteRecord } from '#host/store/adapters/sqlite/record.ts';
import { projections } from './projections.ts';

/**
 * Verifies the record of a data directory where no host runs, as `audit.verify` does where one does.
 * Reads only. Throws `not_found` without a record, `store_unavailable` for one that cannot be read.
 */
export async function verifyRecord(dataDir: string): Promise<CommandResult<'audit.verify'>> {
  const file = join(dataDir, 'events.db');
  if (!existsSync(file))
    throw new HobError('not_found', {
      message: `There is no record in ${dataDir}: it holds no events.db.`,
    });
  const record = new SqliteRecord(file, projections);
  try {
    return await verifyAudit(record, nodeCrypto);
  } finally {
    record.close();
  }
}
