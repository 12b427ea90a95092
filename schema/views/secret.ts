import * as z from 'zod';
import { timestampSchema } from '../envelope/ids.ts';

/** What a secret is called. Names are shown and kept in events; values never are. */
export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, ".", "_" and "-"');

/**
 * Where the key of the vault is: the keyring of the system, the secret storage of the editor, which gives it to
 * the host when a window opens, a file that a passphrase opens, or a file that only its owner may read.
 */
export const vaultKeys = ['keyring', 'editor', 'passphrase', 'file'] as const;
export const vaultKeySchema = z.enum(vaultKeys);
export type VaultKey = z.infer<typeof vaultKeySchema>;

/** `none`: nothing was ever kept; `locked`: its key is not to be had at this moment, and `problem` says why. */
export const vaultStates = ['none', 'open', 'locked'] as const;
export const vaultViewSchema = z.object({
  state: z.enum(vaultStates),
  key: vaultKeySchema.nullable(),
  problem: z.string().nullable(),
});
export type VaultView = z.infer<typeof vaultViewSchema>;

export const secretViewSchema = z.object({ name: secretNameSchema, set_at: timestampSchema });
export type SecretView = z.infer<typeof secretViewSchema>;
