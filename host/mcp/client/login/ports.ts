import type { KeptLogin } from '../core/kept-login.ts';
import type { OAuthSettings } from '#schema/views/server.ts';

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What a server said when it did not take a request. Every word of it is the server's. */
export interface Challenge {
  /** `token`: none, or one that is good no more; `scope`: one that does not reach that far. */
  kind: 'token' | 'scope';
  /** Where it describes what it wants. */
  resource_metadata: string | null;
  scope: string | null;
}

/** How this client proves itself at an authorization server, with the secrets themselves. */
export interface ClientProof extends Pick<
  OAuthSettings,
  'grant' | 'client_id' | 'client_metadata_url' | 'scope'
> {
  client_secret?: string;
  private_key?: string;
}

/** What was found out before anything is asked for. */
export interface Discovered {
  issuer: string;
  /** For the adapter that found it. */
  state: unknown;
}

export interface SignInWish {
  server_url: string;
  found: Discovered;
  proof: ClientProof;
  scope: string | null;
  /** Where the browser is sent back to; null where there is no browser. */
  redirect: { url: string; state: string } | null;
}

export interface BrowserStep {
  /** Where the person answers. */
  url: URL;
  /** With what the browser came back with. Throws `login_refused` and what `Fetch` throws. */
  finish(answer: URLSearchParams): Promise<KeptLogin>;
}

/** The protocol. Everything throws `login_refused` with a sentence, and what `Fetch` throws. */
export interface OAuth {
  /** `allow` is called with every place before it is asked or used, and throws where nobody allowed it. */
  discover(
    serverUrl: string,
    challenge: Challenge | null,
    fetch: Fetch,
    allow: (urls: readonly string[]) => Promise<void>,
  ): Promise<Discovered>;
  /** A step in the browser, or the login where none is needed. */
  begin(wish: SignInWish, fetch: Fetch): Promise<BrowserStep | KeptLogin>;
  renew(
    kept: KeptLogin,
    proof: ClientProof,
    scope: string | null,
    fetch: Fetch,
  ): Promise<KeptLogin>;
  /** Takes the tokens back; null where the authorization server has no place for that. */
  revoke(kept: KeptLogin, proof: ClientProof, fetch: Fetch): Promise<boolean | null>;
}

/** Waits for a browser to come back. */
export interface RedirectListener {
  readonly url: string;
  /** What it came back with; rejects when the listener was closed before. */
  readonly answer: Promise<URLSearchParams>;
  /** The address that the browser came to, as a person copied it. False when it is not the answer waited for. */
  take(address: string): boolean;
  close(): void;
}

/** Takes one answer, with this state. */
export type ListenForRedirect = (state: string) => Promise<RedirectListener>;

/** Where logins lie. */
export interface LoginVault {
  /** False while it cannot be looked into without asking somebody. */
  readonly isOpen: boolean;
  /** Null when there is none. Throws `vault_locked`. */
  read(serverId: string): Promise<string | null>;
  /** Null forgets it. `secrets` are kept out of everything that is written. */
  keep(serverId: string, text: string | null, secrets: readonly string[]): Promise<void>;
}
