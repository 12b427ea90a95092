import type { VaultKey } from '#schema/views/secret.ts';
import type { ServerView } from '#schema/views/server.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { ServerRecord } from '../core/server-record.ts';
import type { ServerLink } from '../link.ts';
import type { ServerCaller } from '../ports.ts';
import type { Logins } from './logins.ts';
import type { ServerLogin } from './server-login.ts';
import type { SignIn } from './sign-in.ts';

export interface SigningInOptions {
  logins: Logins;
  /** Throws while nothing may be started. */
  mayStart(): Promise<void>;
  /** Throws `server_unknown`. */
  named(name: string): Promise<ServerRecord>;
  link(server: ServerRecord): ServerLink;
  view(server: ServerRecord): ServerView;
}

/** What the caller of a sign-in has to do next, beside what the server's view says. */
export interface SignInStep {
  server: ServerView;
  /** The page in the browser, while it waits there. */
  url: string | null;
  approval_id: string | null;
}

/** How long a server may take to say what it wants. */
const ANSWER_MS = 10_000;

/** A person's hands on the logins: signing in, ending that, and signing out. */
export class SigningIn {
  readonly #o: SigningInOptions;

  constructor(options: SigningInOptions) {
    this.#o = options;
  }

  /**
   * Signs in as a person, or goes on with what is under way; `after` is the state that the caller has seen.
   * Throws `login_refused` where there is nothing to sign in to, and what keeps a login from being kept.
   */
  async login(
    name: string,
    about: { key: VaultKey; after: string | undefined; waitMs: number; caller: ServerCaller },
  ): Promise<SignInStep> {
    const { server, login } = await this.#loginAt(name);
    const { after, waitMs } = about;
    if (after === undefined && login.signIn === null) await this.#begin(server, login, about);
    const { signIn } = login;
    await signIn?.changed(after, waitMs);
    return this.#step(server, signIn);
  }

  /** With the address that the browser came to, where it could not reach Hob. Throws `login_refused`. */
  async finish(name: string, address: string): Promise<SignInStep> {
    const { server, login } = await this.#loginAt(name);
    const { signIn } = login;
    if (signIn === null)
      throw new HobError('login_refused', { message: 'No sign-in is under way.' });
    signIn.take(address);
    return this.#step(server, signIn);
  }

  async cancel(name: string): Promise<ServerView> {
    const { server, login } = await this.#loginAt(name);
    login.signIn?.cancel('you ended it');
    return this.#o.view(server);
  }

  async logout(name: string): Promise<{ server: ServerView; revoked: boolean | null }> {
    const { server, login } = await this.#loginAt(name);
    // It says goodbye with the token that it has.
    await this.#o.link(server).stop('signed out');
    const revoked = await login.signOut('signed out by hand');
    return { server: this.#o.view(server), revoked };
  }

  #step(server: ServerRecord, signIn: SignIn | null): SignInStep {
    const view = this.#o.view(server);
    return { server: view, url: signIn?.url ?? null, approval_id: signIn?.approvalId ?? null };
  }

  async #begin(
    server: ServerRecord,
    login: ServerLogin,
    { key, caller }: { key: VaultKey; caller: ServerCaller },
  ): Promise<void> {
    await this.#o.mayStart();
    if (server.off === true) throw new HobError('server_off');
    const link = this.#o.link(server);
    // What it wants is in its answer to a request without a login.
    if (login.wanted === null && !(await login.isThere())) {
      if (link.health.state === 'failed') await link.restart();
      await link.ready(ANSWER_MS).catch(() => {});
      const { transport } = server;
      const isConfigured = transport.kind === 'http' && transport.oauth !== undefined;
      if (login.wanted === null && link.health.state === 'ready' && !isConfigured)
        throw new HobError('login_refused', {
          message: 'There is nothing to sign in to: the server takes Hob as it is.',
        });
    }
    const signedIn = (): void => void link.restart().catch(() => {});
    await this.#o.logins.begin(server, login, { key, caller, signedIn });
  }

  async #loginAt(name: string): Promise<{ server: ServerRecord; login: ServerLogin }> {
    const server = await this.#o.named(name);
    const login = this.#o.logins.of(server);
    if (login !== null) return { server, login };
    throw new HobError('login_refused', {
      message:
        server.transport.kind === 'http'
          ? 'This server is shown a secret of the vault; there is nothing to sign in to.'
          : 'This server is a program; it signs in by itself, where it does.',
    });
  }
}
