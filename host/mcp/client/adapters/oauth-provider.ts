import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { Clock } from '#host/kernel/clock.ts';
import { addAssertion } from './client-assertion.ts';
import type { ClientProof } from '../login/ports.ts';

export interface ProviderOptions {
  proof: ClientProof;
  state: OAuthDiscoveryState;
  redirect: { url: string; state: string } | null;
  /** As Hob registered itself there before. */
  client: StoredOAuthClientInformation | null;
  clock: Clock;
}

/** What the SDK asks for in one sign-in, and what it found, in memory: the caller keeps what is to be kept. */
export class SignInProvider implements OAuthClientProvider {
  readonly #o: ProviderOptions;
  readonly redirectUrl: string | undefined;
  readonly clientMetadataUrl?: string;
  readonly addClientAuthentication?: NonNullable<OAuthClientProvider['addClientAuthentication']>;
  readonly prepareTokenRequest?: NonNullable<OAuthClientProvider['prepareTokenRequest']>;
  granted: StoredOAuthTokens | null = null;
  registered: StoredOAuthClientInformation | null;
  url: URL | null = null;
  resource: string | null = null;
  #verifier = '';

  constructor(options: ProviderOptions) {
    this.#o = options;
    this.registered = options.client;
    this.redirectUrl = options.redirect?.url;
    const { client_metadata_url, client_id, private_key, grant } = options.proof;
    if (client_metadata_url !== undefined) this.clientMetadataUrl = client_metadata_url;
    if (private_key !== undefined && client_id !== undefined)
      this.addClientAuthentication = (_headers, params, url, metadata) =>
        addAssertion(params, {
          client_id,
          pem: private_key,
          audience: metadata?.issuer ?? String(url),
          nowMs: options.clock.now(),
        });
    if (grant === 'client_credentials')
      this.prepareTokenRequest = (scope) =>
        new URLSearchParams({
          grant_type: 'client_credentials',
          ...(scope === undefined ? {} : { scope }),
        });
  }

  get clientMetadata(): OAuthClientProvider['clientMetadata'] {
    const { grant, scope } = this.#o.proof;
    const isPerson = grant === 'authorization_code';
    return {
      client_name: 'Hob',
      redirect_uris: this.redirectUrl === undefined ? [] : [this.redirectUrl],
      grant_types: isPerson ? ['authorization_code', 'refresh_token'] : ['client_credentials'],
      ...(isPerson ? { response_types: ['code'] } : {}),
      ...(scope === undefined ? {} : { scope }),
    };
  }

  state = (): string => this.#o.redirect?.state ?? '';

  /** Who was registered beforehand is the same everywhere; which place may see its secret was on a card. */
  clientInformation: OAuthClientProvider['clientInformation'] = (context) => {
    const { client_id, client_secret } = this.#o.proof;
    if (client_id === undefined) return this.registered ?? undefined;
    return {
      client_id,
      ...(client_secret === undefined ? {} : { client_secret }),
      ...(context === undefined ? {} : { issuer: context.issuer }),
    };
  };

  saveClientInformation = (client: StoredOAuthClientInformation): void => {
    if (this.#o.proof.client_id === undefined) this.registered = client;
  };

  /** Signing in begins anew: what there is is prolonged elsewhere. */
  tokens = (): undefined => undefined;

  saveTokens = (tokens: StoredOAuthTokens): void => {
    this.granted = tokens;
  };

  redirectToAuthorization = (url: URL): void => {
    this.url = url;
  };

  saveCodeVerifier = (verifier: string): void => {
    this.#verifier = verifier;
  };

  codeVerifier = (): string => this.#verifier;

  saveResourceUrl = (resource: string): void => {
    this.resource = resource;
  };

  discoveryState = (): OAuthDiscoveryState => this.#o.state;

  /** It was found out before, place by place. */
  saveDiscoveryState = (): void => {};
}
