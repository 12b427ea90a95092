import {
  auth,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  fetchToken,
  IssuerMismatchError,
  refreshAuthorization,
  validateAuthorizationResponseIssuer,
  type OAuthDiscoveryState,
  type OAuthTokens,
} from '@modelcontextprotocol/client';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { scopeUnion, type KeptLogin } from '../core/kept-login.ts';
import type { ClientProof, Discovered, Fetch, OAuth, SignInWish } from '../login/ports.ts';
import { asLoginProblem, refused } from './oauth-problem.ts';
import { SignInProvider } from './oauth-provider.ts';
import { revokeTokens } from './oauth-revoke.ts';

type Metadata = NonNullable<OAuthDiscoveryState['authorizationServerMetadata']>;

/** OAuth 2.1 as MCP wants it, by the MCP SDK. To be loaded when somebody signs in. */
export const sdkOAuth = (clock: Clock): OAuth => ({
  discover: (serverUrl, challenge, fetch, allow) =>
    telling(async () => {
      const described = challenge?.resource_metadata ?? null;
      if (described !== null) await allow([described]);
      const resource = await resourceMetadata(serverUrl, described, fetch);
      // Before there was such a description, the server was its own authorization server.
      const issuer = resource?.authorization_servers?.[0] ?? String(new URL('/', serverUrl));
      await allow([issuer]);
      const metadata = await serverMetadata(issuer, resource === null, fetch);
      if (metadata === undefined && resource !== null)
        throw refused('its authorization server does not say how it is used');
      if (metadata !== undefined) {
        checkPkce(metadata);
        await allow(placesOf(metadata));
      }
      const state: OAuthDiscoveryState = {
        authorizationServerUrl: issuer,
        ...(described === null ? {} : { resourceMetadataUrl: described }),
        ...(resource === null ? {} : { resourceMetadata: resource }),
        ...(metadata === undefined ? {} : { authorizationServerMetadata: metadata }),
      };
      return { issuer: metadata?.issuer ?? issuer, state };
    }),

  begin: (wish, fetch) =>
    telling(async () => {
      const state = wish.found.state as OAuthDiscoveryState;
      const { proof, redirect } = wish;
      const provider = new SignInProvider({ proof, state, redirect, client: null, clock });
      const options = {
        serverUrl: wish.server_url,
        fetchFn: fetch,
        ...(wish.scope === null ? {} : { scope: wish.scope }),
      };
      const kept = (): KeptLogin => {
        if (provider.granted === null) throw refused('it gave no token');
        return keptOf(wish, provider, provider.granted, clock.now());
      };
      if ((await auth(provider, options)) === 'AUTHORIZED') return kept();
      if (provider.url === null) throw refused('it names no page to sign in at');
      return {
        url: provider.url,
        finish: (answer) =>
          telling(async () => {
            const { code, iss } = codeIn(answer, state.authorizationServerMetadata);
            await auth(provider, { ...options, authorizationCode: code, ...iss });
            return kept();
          }),
      };
    }),

  renew: (kept, proof, scope, fetch) =>
    telling(async () => {
      const tokens =
        kept.grant === 'client_credentials'
          ? await tokenAgain(kept, proof, scope, fetch, clock)
          : await refreshAuthorization(kept.issuer, refreshOf(kept, proof, fetch, clock));
      return renewed(kept, tokens, scope, clock.now());
    }),

  revoke: (kept, proof, fetch) =>
    telling(() => revokeTokens(kept, providerOf(kept, proof, clock), fetch)),
});

async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw asLoginProblem(cause);
  }
}

async function resourceMetadata(serverUrl: string, described: string | null, fetch: Fetch) {
  const where = described === null ? {} : { resourceMetadataUrl: described };
  try {
    return await discoverOAuthProtectedResourceMetadata(serverUrl, where, fetch);
  } catch (cause) {
    // The SDK has only words for it.
    const words = cause instanceof Error ? cause.message : '';
    if (/does not implement|^HTTP 4\d\d /.test(words)) return null;
    throw cause;
  }
}

/**
 * What an authorization server says of itself, as the issuer that was asked for. A server of the time before
 * descriptions answers for its whole origin, and some name a path of it as the issuer.
 */
async function serverMetadata(issuer: string, isOwn: boolean, fetch: Fetch) {
  try {
    return await discoverAuthorizationServerMetadata(issuer, { fetchFn: fetch });
  } catch (cause) {
    const named = cause instanceof IssuerMismatchError ? (cause.received ?? '') : '';
    const isSameOrigin = URL.canParse(named) && new URL(named).origin === new URL(issuer).origin;
    if (!isOwn || !isSameOrigin) throw cause;
    return discoverAuthorizationServerMetadata(issuer, {
      fetchFn: fetch,
      skipIssuerValidation: true,
    });
  }
}

/** Without it, whoever sees the code has the token. A server that says nothing of it has to be taken as without. */
function checkPkce({ code_challenge_methods_supported: methods }: Metadata): void {
  if (methods?.includes('S256') !== true)
    throw refused(
      'its authorization server does not promise PKCE with S256, which Hob does not go without',
    );
}

/** Every place that signing in leads to, the page in the browser too. */
const placesOf = (metadata: Metadata): string[] =>
  [
    metadata.authorization_endpoint,
    metadata.token_endpoint,
    metadata.registration_endpoint,
    'revocation_endpoint' in metadata ? metadata.revocation_endpoint : undefined,
  ].filter((place) => typeof place === 'string');

/** Throws before anything of the answer is believed that does not come from the server that was asked. */
function codeIn(
  answer: URLSearchParams,
  metadata: Metadata | undefined,
): { code: string; iss: { iss?: string } } {
  const iss = answer.get('iss') ?? undefined;
  validateAuthorizationResponseIssuer({
    iss,
    expectedIssuer: metadata?.issuer,
    issParameterSupported: metadata?.['authorization_response_iss_parameter_supported'] === true,
  });
  const error = answer.get('error');
  if (error !== null)
    throw refused(`${error} ${answer.get('error_description') ?? ''}`.trim().slice(0, 200));
  const code = answer.get('code');
  if (code === null) throw refused('the browser came back without an answer');
  return { code, iss: iss === undefined ? {} : { iss } };
}

const issuerOf = (state: unknown, found: Discovered): string =>
  (state as OAuthDiscoveryState).authorizationServerUrl || found.issuer;

function keptOf(
  { found, proof, scope }: SignInWish,
  { registered, resource }: SignInProvider,
  tokens: OAuthTokens,
  now: number,
): KeptLogin {
  const { authorizationServerMetadata: metadata } = found.state as OAuthDiscoveryState;
  return {
    v: 1,
    grant: proof.grant,
    issuer: issuerOf(found.state, found),
    metadata: metadata === undefined ? null : (metadata as unknown as JsonObject),
    resource,
    client: registered === null ? null : (registered as unknown as JsonObject),
    ...tokenPart(tokens, now),
    refresh_token: tokens.refresh_token ?? null,
    scope: tokens.scope ?? scope,
    asked_scope: scope,
  };
}

const tokenPart = ({ access_token, expires_in }: OAuthTokens, now: number) => ({
  access_token,
  expires_at: expires_in === undefined ? null : now + expires_in * 1000,
});

/** A refresh token may be good once: the one that came with the answer takes its place. */
const renewed = (
  kept: KeptLogin,
  tokens: OAuthTokens,
  scope: string | null,
  now: number,
): KeptLogin => ({
  ...kept,
  ...tokenPart(tokens, now),
  refresh_token: tokens.refresh_token ?? kept.refresh_token,
  scope: tokens.scope ?? kept.scope,
  asked_scope: scopeUnion(kept.asked_scope, scope),
});

const metadataOf = ({ metadata }: KeptLogin): { metadata?: Metadata } =>
  metadata === null ? {} : { metadata: metadata as unknown as Metadata };

const providerOf = (kept: KeptLogin, proof: ClientProof, clock: Clock): SignInProvider =>
  new SignInProvider({
    proof,
    state: { authorizationServerUrl: kept.issuer },
    redirect: null,
    client: kept.client === null ? null : ({ ...kept.client } as never),
    clock,
  });

function refreshOf(kept: KeptLogin, proof: ClientProof, fetch: Fetch, clock: Clock) {
  const provider = providerOf(kept, proof, clock);
  const client = provider.clientInformation();
  if (kept.refresh_token === null || client === undefined || client instanceof Promise)
    throw refused('there is nothing to prolong it with');
  const { addClientAuthentication } = provider;
  return {
    ...metadataOf(kept),
    clientInformation: client,
    refreshToken: kept.refresh_token,
    ...(kept.resource === null ? {} : { resource: kept.resource }),
    ...(addClientAuthentication === undefined ? {} : { addClientAuthentication }),
    fetchFn: fetch,
  };
}

const tokenAgain = (
  kept: KeptLogin,
  proof: ClientProof,
  scope: string | null,
  fetch: Fetch,
  clock: Clock,
): Promise<OAuthTokens> => {
  const asked = scopeUnion(kept.asked_scope, scope);
  return fetchToken(providerOf(kept, proof, clock), kept.issuer, {
    ...metadataOf(kept),
    ...(kept.resource === null ? {} : { resource: kept.resource as unknown as URL }),
    ...(asked === null ? {} : { scope: asked }),
    fetchFn: fetch,
  });
};
