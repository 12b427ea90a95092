import * as z from 'zod';
import {
  secretNameSchema,
  secretViewSchema,
  vaultKeySchema,
  vaultViewSchema,
} from '../views/secret.ts';
import { command, people } from './define.ts';

/** There is no command that gives a value out. */
export const secretCommands = [
  command({
    name: 'secret.list',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary: 'Names of the secrets in the vault, and how the vault is. Never a value.',
    payload: () => z.object({}),
    result: () => z.object({ vault: vaultViewSchema, secrets: z.array(secretViewSchema) }),
  }),
  command({
    name: 'secret.set',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary:
      'Keeps a secret for external servers, encrypted. The first one makes the vault, with its key in the keyring unless `key` says something else; under a passphrase that one comes along.',
    payload: () =>
      z.object({
        name: secretNameSchema,
        /** Shorter ones could not be told from other text, so they could not be kept out of events. */
        value: z.string().min(8).max(65_536),
        key: vaultKeySchema.default('keyring'),
        passphrase: z.string().min(12).max(1_024).optional(),
      }),
    result: () => z.object({ secret: secretViewSchema, vault: vaultViewSchema }),
  }),
  command({
    name: 'vault.new_key',
    roles: ['extension'],
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary:
      'A fresh key for the editor to keep, before it is given to the host. Only while there is no vault.',
    payload: () => z.object({}),
    result: () => z.object({ key: z.string() }),
  }),
  command({
    name: 'vault.unlock',
    roles: ['extension'],
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Gives the host the key that this editor keeps, for as long as the host lives.',
    payload: () => z.object({ key: z.string().min(16).max(256) }),
    result: () => z.object({ vault: vaultViewSchema }),
  }),
  command({
    name: 'vault.enter_passphrase',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Opens a vault whose key is under a passphrase, for as long as the host lives.',
    payload: () => z.object({ passphrase: z.string().min(1).max(1_024) }),
    result: () => z.object({ vault: vaultViewSchema }),
  }),
  command({
    name: 'secret.remove',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Forgets a secret. A server that is given it does not start any more.',
    payload: () => z.object({ name: secretNameSchema }),
    result: () => z.object({ removed: z.boolean() }),
  }),
] as const;
