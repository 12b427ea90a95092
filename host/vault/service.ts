import type { Principal } from '#schema/envelope/principal.ts';
import { vaultKeys, type SecretView, type VaultKey, type VaultView } from '#schema/views/secret.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { noSecrets, withLogin, withoutSecret, withSecret, type Contents } from './core/contents.ts';
import type { HoldingKeyStore, KeyStore, RecordVault, SealedFile } from './ports.ts';

export interface VaultOptions {
  file: SealedFile;
  keys: Record<VaultKey, KeyStore> & Record<'editor' | 'passphrase', HoldingKeyStore>;
  clock: Clock;
  record: RecordVault;
}

type State =
  | { state: 'none' }
  | { state: 'locked'; problem: string }
  | { state: 'open'; key: VaultKey; secret: string };

/**
 * Secrets for external servers, in one encrypted file whose key is kept elsewhere. What it holds is known to
 * the redactor, so that it never reaches an event; nothing gives a value out but `use`, to a server that a
 * person allowed it for. One after the other: two changes at once would lose one of them.
 */
export class Vault {
  readonly #o: VaultOptions;
  #state: State = { state: 'none' };
  #values: readonly string[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: VaultOptions) {
    this.#o = options;
  }

  /** Every value, for the redactor. The same array until one changes. */
  get values(): readonly string[] {
    return this.#values;
  }

  get view(): VaultView {
    const state = this.#state;
    return {
      state: state.state,
      key: state.state === 'open' ? state.key : null,
      problem: state.state === 'locked' ? state.problem : null,
    };
  }

  /**
   * Opens what there is, so that the redactor knows it. Waits for `waitMs` at most: a keyring may ask somebody
   * to unlock it, and a host has to start. Never throws: `view` says what is wrong.
   */
  async open(waitMs: number): Promise<void> {
    const opened = this.#inTurn(() => this.#contents()).then(
      () => {},
      () => {},
    );
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#o.clock.timer(waitMs, resolve);
    });
    await Promise.race([opened, late]);
    cancel();
  }

  list(): Promise<{ vault: VaultView; secrets: SecretView[] }> {
    return this.#inTurn(async () => {
      const { secrets } = await this.#contents().catch(() => noSecrets);
      const names = Object.keys(secrets).toSorted();
      const views = names.map((name) => ({ name, set_at: secrets[name]?.set_at ?? '' }));
      return { vault: this.view, secrets: views };
    });
  }

  /**
   * `key` and `passphrase`: how the key of a first one is kept. Throws `vault_unavailable` when it cannot be, and
   * `vault_locked`.
   */
  set(
    name: string,
    value: string,
    { key, passphrase }: { key: VaultKey; passphrase?: string | undefined },
    by: Principal,
  ): Promise<SecretView> {
    return this.#inTurn(async () => {
      const contents = await this.#contents();
      if (this.#state.state !== 'open' && passphrase !== undefined) {
        this.#o.keys.passphrase.hold(passphrase);
        this.#remember([passphrase]);
      }
      const secret =
        this.#state.state === 'open' ? this.#state.secret : await this.#create(key, by);
      const set_at = isoTime(this.#o.clock.now());
      await this.#o.file.write(secret, this.#known(withSecret(contents, name, value, set_at)));
      const replaced = Object.hasOwn(contents.secrets, name);
      await this.#o.record({ type: 'vault.secret_set', data: { name, replaced } }, by);
      return { name, set_at };
    });
  }

  /** False when there was none of that name. */
  remove(name: string, by: Principal): Promise<boolean> {
    return this.#inTurn(async () => {
      const contents = await this.#contents();
      if (this.#state.state !== 'open' || !Object.hasOwn(contents.secrets, name)) return false;
      await this.#o.file.write(this.#state.secret, withoutSecret(contents, name));
      await this.#o.record({ type: 'vault.secret_removed', data: { name } }, by);
      return true;
    });
  }

  /** A value for a server. Throws `secret_unknown`, `vault_locked`. */
  use(name: string, server_id: string): Promise<string> {
    return this.#inTurn(async () => {
      const { secrets } = await this.#contents();
      const found = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (found === undefined)
        throw new HobError('secret_unknown', {
          message: `The vault has no secret "${name}". Keep one: hob secret set ${name}.`,
        });
      await this.#o.record({ type: 'vault.secret_used', data: { name, server_id } }, null);
      return found.value;
    });
  }

  /** How Hob is signed in at a server, as it was kept; null when it is not. Throws `vault_locked`. */
  login(server_id: string): Promise<string | null> {
    return this.#inTurn(async () => {
      const { logins = {} } = await this.#contents();
      return Object.hasOwn(logins, server_id) ? (logins[server_id]?.text ?? null) : null;
    });
  }

  /** Makes the vault where there is none, so that a login that was won can be kept. Throws as `set`. */
  ready(key: VaultKey, by: Principal): Promise<void> {
    return this.#inTurn(async () => {
      await this.#contents();
      if (this.#state.state === 'open') return;
      await this.#o.file.write(await this.#create(key, by), noSecrets);
    });
  }

  /** A key for an editor to keep. Throws `vault_unavailable` when there is a vault, which has one. */
  newKey(): Promise<string> {
    return this.#inTurn(async () => {
      if (await this.#o.file.exists())
        throw new HobError('vault_unavailable', { message: 'There is a vault, and it has a key.' });
      return this.#o.file.makeKey();
    });
  }

  /** With the key that an editor keeps, or with what a person types. Throws `vault_locked` when that opens nothing. */
  unlock(by: 'editor' | 'passphrase', given: string): Promise<VaultView> {
    return this.#inTurn(async () => {
      if (this.#state.state === 'open') return this.view;
      const store = this.#o.keys[by];
      store.hold(given);
      this.#remember([given]);
      try {
        await this.#contents();
      } catch (failure) {
        store.hold(null);
        throw failure;
      }
      return this.view;
    });
  }

  /** Null forgets it. `secrets` is what in it nobody may read. Throws `vault_locked`, `vault_unavailable`. */
  keepLogin(server_id: string, text: string | null, secrets: string[]): Promise<void> {
    return this.#inTurn(async () => {
      const contents = await this.#contents();
      if (this.#state.state !== 'open') {
        if (text === null) return;
        throw new HobError('vault_unavailable');
      }
      const login = text === null ? null : { text, secrets };
      await this.#o.file.write(
        this.#state.secret,
        this.#known(withLogin(contents, server_id, login)),
      );
    });
  }

  /** What is in the file now; another host on the same data may have changed it. Throws `vault_locked`. */
  async #contents(): Promise<Contents> {
    try {
      if (!(await this.#o.file.exists())) {
        this.#state = { state: 'none' };
        return this.#known(noSecrets);
      }
      const state = this.#state;
      return this.#known(
        state.state === 'open' ? await this.#o.file.read(state.secret) : await this.#unlocked(),
      );
    } catch (failure) {
      const problem = failure instanceof Error ? failure.message : String(failure);
      this.#state = { state: 'locked', problem };
      throw failure instanceof HobError && failure.code === 'vault_locked'
        ? failure
        : new HobError('vault_locked', { message: problem, cause: failure });
    }
  }

  /** With the first key that opens it: one of another vault may lie where an attempt was broken off. */
  async #unlocked(): Promise<Contents> {
    const problems = new Set<string>();
    // The file first: it costs nothing to look, and the keyring, last, may ask somebody.
    for (const key of vaultKeys.toReversed()) {
      try {
        const secret = await this.#o.keys[key].read();
        if (secret === null) continue;
        const contents = await this.#o.file.read(secret);
        this.#state = { state: 'open', key, secret };
        return contents;
      } catch (failure) {
        problems.add(failure instanceof Error ? failure.message : String(failure));
      }
    }
    throw new HobError('vault_locked', {
      message: ['The key of the vault is not to be had.', ...problems].join(' '),
    });
  }

  /** The key is kept, and read again, before anything is locked with it. */
  async #create(key: VaultKey, by: Principal): Promise<string> {
    const store = this.#o.keys[key];
    const known = await store.read();
    const secret = known ?? (await this.#o.file.makeKey());
    if (known === null) await store.keep(secret);
    if ((await store.read()) !== secret)
      throw new HobError('vault_unavailable', {
        message: 'The key of the vault was given away to be kept and did not come back.',
      });
    this.#state = { state: 'open', key, secret };
    await this.#o.record({ type: 'vault.created', data: { key } }, by);
    return secret;
  }

  /** What was known stays known to the redactor for the life of the host: it may still come up somewhere. */
  #known(contents: Contents): Contents {
    const { secrets, logins = {} } = contents;
    const all = [
      ...Object.values(secrets).map(({ value }) => value),
      ...Object.values(logins).flatMap((login) => login.secrets),
    ];
    this.#remember(all);
    return contents;
  }

  #remember(values: readonly string[]): void {
    const fresh = values.filter((value) => !this.#values.includes(value));
    if (fresh.length > 0) this.#values = [...this.#values, ...fresh];
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
