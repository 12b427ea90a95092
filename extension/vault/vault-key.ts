// The key of the host's vault in VS Code's SecretStorage, where a person chose that. The host gets it over its
// authenticated channel when a window connects, and keeps it in memory alone.
import { createHash } from 'node:crypto';
import type { SecretStorage } from 'vscode';
import type { HostClient } from '#schema/client/host-client.ts';

type Request = HostClient['request'];

export interface VaultKeyOptions {
  secrets: SecretStorage;
  /** Each data folder has a vault of its own. */
  dataDir: () => string;
  warn(text: string): void;
}

export class VaultKey {
  readonly #o: VaultKeyOptions;

  constructor(options: VaultKeyOptions) {
    this.#o = options;
  }

  /** A step of every connection. Never rejects: the vault says by itself that it is locked. */
  async unlock(client: { request: Request }): Promise<void> {
    try {
      const key = await this.#o.secrets.get(this.#name());
      if (key !== undefined) await client.request('vault.unlock', { key });
    } catch (failure) {
      this.#o.warn(`the vault could not be unlocked: ${String(failure)}`);
    }
  }

  /** Makes one, keeps it, reads it back, and only then gives it to the host. */
  async make(client: { request: Request }): Promise<void> {
    const { key } = await client.request('vault.new_key', {});
    await this.#o.secrets.store(this.#name(), key);
    if ((await this.#o.secrets.get(this.#name())) !== key)
      throw new Error('The secret storage of this editor keeps nothing.');
    await client.request('vault.unlock', { key });
  }

  #name(): string {
    const folder = createHash('sha256').update(this.#o.dataDir()).digest('hex').slice(0, 32);
    return `hob.vault.v1.${folder}`;
  }
}
