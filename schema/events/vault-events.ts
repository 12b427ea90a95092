import * as z from 'zod';
import { domainId } from '../envelope/ids.ts';
import { secretNameSchema, vaultKeySchema } from '../views/secret.ts';

/** The vault: names and uses, never a value. */
export const vaultEvents = {
  // vault/host
  'vault.created': z.object({ key: vaultKeySchema }),
  'vault.secret_set': z.object({ name: secretNameSchema, replaced: z.boolean() }),
  'vault.secret_removed': z.object({ name: secretNameSchema }),
  /** A server was started or asked with it. */
  'vault.secret_used': z.object({ name: secretNameSchema, server_id: domainId('server') }),
} as const;
