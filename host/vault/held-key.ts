import { HobError } from '#host/kernel/errors.ts';
import type { HoldingKeyStore } from './ports.ts';

/**
 * The key that an editor keeps in its secret storage and gives to the host when a window opens. In memory, and
 * gone with the host: what the editor protects lies nowhere else.
 */
export class HeldKey implements HoldingKeyStore {
  #key: string | null = null;

  hold(key: string | null): void {
    this.#key = key;
  }

  read(): Promise<string | null> {
    if (this.#key !== null) return Promise.resolve(this.#key);
    return Promise.reject(
      new HobError('vault_unavailable', {
        message: 'Where VS Code keeps the key, a window of it has to be open.',
      }),
    );
  }

  /** The editor has kept it before it gave it. */
  keep(): Promise<void> {
    return Promise.resolve();
  }
}
