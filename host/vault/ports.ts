import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Contents } from './core/contents.ts';

/** Where the key of the vault is kept: one text, made once. */
export interface KeyStore {
  /** Null when it has no key of this vault. Throws `vault_unavailable` when that cannot be told. */
  read(): Promise<string | null>;
  /** Throws `vault_unavailable` when it cannot keep one. */
  keep(key: string): Promise<void>;
}

/** One that needs something of a person before it can give its key; null forgets it. */
export interface HoldingKeyStore extends KeyStore {
  hold(given: string | null): void;
}

/** The encrypted file. */
export interface SealedFile {
  exists(): Promise<boolean>;
  makeKey(): Promise<string>;
  /** Throws `vault_locked` when the key does not open it, or when it is damaged. */
  read(key: string): Promise<Contents>;
  /** Replaces it whole. */
  write(key: string, contents: Contents): Promise<void>;
}

/** Keeps what happened. `by` null: Hob itself. */
export type RecordVault = (event: DomainEvent, by: Principal | null) => Promise<void>;
