import { selectClientAuthMethod } from '@modelcontextprotocol/client';
import type { StoredOAuthClientInformation } from '@modelcontextprotocol/client';
import type { KeptLogin } from '../core/kept-login.ts';
import type { Fetch } from '../login/ports.ts';
import type { SignInProvider } from './oauth-provider.ts';

/** Takes tokens back (RFC 7009), the one that makes others first. Null where there is no place for it. */
export async function revokeTokens(
  kept: KeptLogin,
  provider: SignInProvider,
  fetch: Fetch,
): Promise<boolean | null> {
  const place = kept.metadata?.['revocation_endpoint'];
  const client = await provider.clientInformation();
  if (typeof place !== 'string' || client === undefined) return null;
  const both = [
    { token: kept.refresh_token, token_type_hint: 'refresh_token' },
    { token: kept.access_token, token_type_hint: 'access_token' },
  ];
  let isTaken = true;
  for (const { token, token_type_hint } of both) {
    if (token === null) continue;
    const params = new URLSearchParams({ token, token_type_hint });
    const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' });
    if (provider.addClientAuthentication === undefined)
      addClient(client, methodsOf(kept), headers, params);
    else await provider.addClientAuthentication(headers, params, place, kept.metadata as never);
    const { ok, body } = await fetch(place, { method: 'POST', headers, body: params });
    await body?.cancel();
    isTaken &&= ok;
  }
  return isTaken;
}

/** The SDK chooses how, and keeps to itself what does it. */
function addClient(
  client: StoredOAuthClientInformation,
  methods: string[],
  headers: Headers,
  params: URLSearchParams,
): void {
  const { client_id, client_secret = '' } = client;
  const method = selectClientAuthMethod(client, methods);
  if (method === 'client_secret_basic') {
    const pair = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    headers.set('authorization', `Basic ${pair}`);
    return;
  }
  params.set('client_id', client_id);
  if (method === 'client_secret_post') params.set('client_secret', client_secret);
}

function methodsOf({ metadata }: KeptLogin): string[] {
  const methods =
    metadata?.['revocation_endpoint_auth_methods_supported'] ??
    metadata?.['token_endpoint_auth_methods_supported'];
  return Array.isArray(methods) ? methods.map(String) : [];
}
