import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { ServerLogin as LoginView } from '#schema/views/server.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { covers, hasEnded, readLogin, renews, scopeUnion, secretsOf } from '../core/kept-login.ts';
import type { KeptLogin } from '../core/kept-login.ts';
import type {
  Challenge,
  ClientProof,
  Fetch,
  ListenForRedirect,
  LoginVault,
  OAuth,
} from './ports.ts';
import { SignIn, type SignInOptions } from './sign-in.ts';

export interface ServerLoginOptions {
  server_id: string;
  /** Its name. */
  server: string;
  url: string;
  clock: Clock;
  vault: LoginVault;
  oauth(): Promise<OAuth>;
  listen: ListenForRedirect;
  /** How the client proves itself, secrets and all. Throws `secret_unknown`, `vault_locked`. */
  proof(): Promise<ClientProof>;
  /** To the places that were allowed for this server, and to no others. */
  fetch: Fetch;
  /** Takes secrets out of a line. */
  clean(line: string): string;
  /** Keeps what happened. Never throws. */
  note(event: DomainEvent): void;
}

export interface StartOptions extends Pick<SignInOptions, 'allow'> {
  signedIn(): void;
}

/** The login at one server: its tokens while there are some, and the one try to get others. */
export class ServerLogin {
  readonly #o: ServerLoginOptions;
  /** Undefined until it was looked for. */
  #kept: KeptLogin | null | undefined;
  #wanted: Challenge | null = null;
  #problem: string | null = null;
  #renewing: Promise<void> | null = null;
  #signIn: SignIn | null = null;
  #starting: Promise<SignIn> | null = null;
  #signingIn: Promise<void> | null = null;

  constructor(options: ServerLoginOptions) {
    this.#o = options;
  }

  get view(): LoginView | null {
    const kept = this.#kept ?? null;
    const step = this.#signIn?.step ?? 'over';
    const isNeeded = this.#wanted !== null;
    if (kept === null && !isNeeded && step === 'over' && this.#problem === null) return null;
    return {
      state: step !== 'over' ? step : kept === null || isNeeded ? 'needed' : 'signed_in',
      issuer: kept?.issuer ?? null,
      scope: kept?.scope ?? null,
      until: typeof kept?.expires_at === 'number' ? isoTime(kept.expires_at) : null,
      renews: kept !== null && renews(kept),
      problem: this.#problem,
    };
  }

  get signIn(): SignIn | null {
    return this.#signIn?.step === 'over' ? null : this.#signIn;
  }

  /** What the server said that it wants, if it did. */
  get wanted(): Challenge | null {
    return this.#wanted;
  }

  /** For people who look at it: never asks a keyring. */
  async look(): Promise<void> {
    if (this.#o.vault.isOpen) await this.#load().catch(() => {});
  }

  async isThere(): Promise<boolean> {
    return (await this.#load()) !== null;
  }

  // For requests: see RequestLogin.

  async token(): Promise<string | null> {
    const kept = await this.#load();
    if (kept !== null && hasEnded(kept, this.#o.clock.now()) && renews(kept))
      await this.#renew(kept, null);
    return this.#kept?.access_token ?? null;
  }

  async refused(token: string | null, challenge: Challenge, tries: number): Promise<void> {
    const kept = await this.#load();
    if (challenge.kind === 'scope') return this.#needsMore(kept, challenge, tries);
    // Somebody else got another one meanwhile.
    if (kept !== null && token !== null && kept.access_token !== token) return;
    if (kept !== null && token !== null && tries === 0 && renews(kept))
      return this.#renew(kept, null);
    throw this.#needed(
      challenge,
      token === null ? null : 'The server does not take the login any more.',
    );
  }

  /** A wider token takes a person, unless the client is a program. Asking twice for the same gives nothing else. */
  async #needsMore(kept: KeptLogin | null, challenge: Challenge, tries: number): Promise<void> {
    const { scope } = challenge;
    const asked = kept?.asked_scope ?? null;
    if (kept !== null && covers(asked, scope))
      throw new HobError('server_unauthorized', {
        message: 'The server wants rights that Hob has asked for already and was not given.',
      });
    if (kept?.grant === 'client_credentials' && tries === 0) return this.#renew(kept, scope);
    const wider = { ...challenge, scope: scopeUnion(asked, kept?.scope, scope) };
    throw this.#needed(
      wider,
      `It wants more rights than the login has: ${scope ?? 'it does not say which'}.`,
    );
  }

  #needed(challenge: Challenge, problem: string | null): HobError {
    this.#wanted = challenge;
    this.#problem = problem === null ? null : this.#o.clean(problem);
    return new HobError('server_needs_login', {
      message: `${problem === null ? '' : `${this.#problem} `}A person has to sign in at ${this.#o.server}: in the servers tab of the panel, or with hob server login ${this.#o.server}.`,
    });
  }

  // For people

  /** Begins a try, which goes on by itself; joins the one that is under way. */
  start(about: StartOptions): Promise<SignIn> {
    if (this.signIn !== null) return Promise.resolve(this.signIn);
    this.#starting ??= this.#begun(about).finally(() => (this.#starting = null));
    return this.#starting;
  }

  /** Takes the tokens back where that is possible, and forgets them all the same. */
  async signOut(reason: string): Promise<boolean | null> {
    await this.#starting?.catch(() => {});
    this.signIn?.cancel(reason);
    // What is won at this moment is taken back like the rest.
    await Promise.allSettled([this.#renewing, this.#signingIn]);
    const kept = await this.#load();
    if (kept === null) return null;
    // From here on nobody prolongs it or shows it.
    this.#kept = null;
    const revoked = await this.#revoked(kept).catch(() => false);
    await this.#keep(null);
    this.#wanted = null;
    this.#problem = null;
    const { server_id, server, note } = this.#o;
    note({ type: 'server.signed_out', data: { server_id, server, revoked, reason } });
    return revoked;
  }

  async #begun({ allow, signedIn }: StartOptions): Promise<SignIn> {
    const { clock, listen, url: server_url, fetch } = this.#o;
    const [oauth, proof] = [await this.#o.oauth(), await this.#o.proof()];
    const challenge = this.#wanted;
    const scope = challenge?.scope ?? null;
    const about = { server_url, challenge, scope, proof };
    const begun = new SignIn({ ...about, oauth, fetch, listen, clock, allow });
    this.#signIn = begun;
    this.#signingIn = this.#carryOut(begun, signedIn);
    return begun;
  }

  async #carryOut(begun: SignIn, signedIn: () => void): Promise<void> {
    const { server_id, server, note } = this.#o;
    this.#problem = null;
    try {
      await begun.run(async (kept) => {
        await this.#keep(kept);
        this.#wanted = null;
        const { issuer, scope, grant } = kept;
        note({ type: 'server.signed_in', data: { server_id, server, issuer, scope, grant } });
      });
      signedIn();
    } catch (failure) {
      this.#failed(failure);
    }
  }

  #failed(failure: unknown): void {
    const { server_id, server, note, clean } = this.#o;
    const known = failure instanceof HobError ? failure : new HobError('internal_error');
    this.#problem = clean(known.message).slice(0, 500);
    const { code } = known;
    note({
      type: 'server.login_failed',
      data: { server_id, server, code, problem: this.#problem },
    });
  }

  async #revoked(kept: KeptLogin): Promise<boolean | null> {
    const [oauth, proof] = [await this.#o.oauth(), await this.#o.proof()];
    return oauth.revoke(kept, proof, this.#o.fetch);
  }

  // The tokens

  async #load(): Promise<KeptLogin | null> {
    if (this.#kept !== undefined) return this.#kept;
    const text = await this.#o.vault.read(this.#o.server_id);
    // Somebody may have signed in while the vault was read.
    this.#kept ??= text === null ? null : readLogin(text);
    return this.#kept;
  }

  async #keep(kept: KeptLogin | null): Promise<void> {
    const text = kept === null ? null : JSON.stringify(kept);
    try {
      await this.#o.vault.keep(this.#o.server_id, text, kept === null ? [] : secretsOf(kept));
    } catch (failure) {
      // What lies there is to be looked for again.
      this.#kept = undefined;
      throw failure;
    }
    this.#kept = kept;
  }

  /** One for all who wait: a refresh token may be good once. */
  #renew(kept: KeptLogin, scope: string | null): Promise<void> {
    this.#renewing ??= this.#renewed(kept, scope).finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #renewed(kept: KeptLogin, scope: string | null): Promise<void> {
    try {
      const [oauth, proof] = [await this.#o.oauth(), await this.#o.proof()];
      const renewed = await oauth.renew(kept, proof, scope, this.#o.fetch);
      if (this.#kept === kept) await this.#keep(renewed);
    } catch (failure) {
      if (!(failure instanceof HobError) || failure.code !== 'login_refused') throw failure;
      // Somebody has signed out, or in, meanwhile.
      if (this.#kept !== kept) return;
      // The server of the tokens said no to them: they are of no use any more.
      await this.#keep(null);
      this.#failed(failure);
      throw this.#needed(
        { kind: 'token', resource_metadata: null, scope: kept.asked_scope },
        failure.message,
      );
    }
  }
}
