import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client';
import type { Challenge, Fetch } from '../login/ports.ts';
import type { RequestLogin } from '../ports.ts';

/** Requests with the token of a login, which is prolonged when the server wants another one. */
export const authorizedFetch =
  (send: Fetch, login: RequestLogin): Fetch =>
  async (url, init = {}) => {
    for (let tries = 0; ; tries += 1) {
      const token = await login.token();
      const headers = new Headers(init.headers);
      if (token !== null) headers.set('authorization', `Bearer ${token}`);
      const response = await send(url, { ...init, headers });
      const challenge = challengeIn(response);
      if (challenge === null) return response;
      await response.body?.cancel();
      await login.refused(token, challenge, tries);
    }
  };

function challengeIn(response: Response): Challenge | null {
  const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(response);
  const said = { resource_metadata: resourceMetadataUrl?.href ?? null, scope: scope ?? null };
  if (response.status === 401) return { kind: 'token', ...said };
  const isNarrow = response.status === 403 && error === 'insufficient_scope';
  return isNarrow ? { kind: 'scope', ...said } : null;
}
