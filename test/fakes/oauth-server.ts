// An authorization server, by hand, so that it can misbehave as a test wants it. It checks what a real one does:
// the client, the code, PKCE, and that a refresh token is used once.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import type { JsonObject } from '#schema/envelope/json.ts';
import { json } from './http-mcp-server.ts';

interface Code {
  challenge: string;
  redirect: string;
  scope: string;
  resource: string | null;
}

type Reply = (path: string, response: http.ServerResponse) => boolean;

export class OAuthServer {
  readonly #server: http.Server;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Parameters of every request for a token. */
  readonly tokenRequests: URLSearchParams[] = [];
  readonly authorizations: URLSearchParams[] = [];
  readonly revoked: string[] = [];
  /** Access tokens that are good now. */
  readonly tokens = new Set<string>();
  readonly #codes = new Map<string, Code>();
  readonly #refresh = new Map<string, string>();
  /** Seconds that an access token is good for. */
  lifetime = 3_600;
  givesRefresh = true;
  /** Whether a code is good for the resource alone that it was asked for. */
  checksResource = true;
  /** Replaces members of its metadata; null takes one out. */
  metadata: Record<string, JsonObject[string]> = {};
  /** Replaces parameters of the redirect back; null takes one out. */
  redirect: Record<string, string | null> = {};
  /** Answers instead of the usual; true when it did. */
  instead: Reply = () => false;

  private constructor(server: http.Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<OAuthServer> {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OAuthServer(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Nothing that it gave is good any more. */
  revokeAll(): void {
    this.tokens.clear();
    this.#refresh.clear();
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const { pathname, searchParams } = new URL(request.url ?? '', this.origin);
    this.asked.push(pathname);
    if (this.instead(pathname, response)) return;
    if (pathname === '/.well-known/oauth-authorization-server')
      return json(response, 200, this.#described());
    if (pathname === '/register')
      return json(response, 201, {
        ...(JSON.parse(text) as JsonObject),
        client_id: 'registered-client',
        client_secret: 'registered-secret-1',
      });
    if (pathname === '/authorize') return this.#authorize(searchParams, response);
    const form = new URLSearchParams(text);
    if (pathname === '/token') return this.#token(form, response);
    if (pathname !== '/revoke') return void response.writeHead(404).end();
    this.revoked.push(form.get('token') ?? '');
    response.writeHead(200).end();
  }

  #described(): JsonObject {
    const usual: JsonObject = {
      issuer: this.origin,
      authorization_endpoint: `${this.origin}/authorize`,
      token_endpoint: `${this.origin}/token`,
      registration_endpoint: `${this.origin}/register`,
      revocation_endpoint: `${this.origin}/revoke`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'none'],
      authorization_response_iss_parameter_supported: true,
    };
    const all = { ...usual, ...this.metadata };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  }

  #authorize(asked: URLSearchParams, response: http.ServerResponse): void {
    this.authorizations.push(asked);
    const code = randomUUID();
    const redirect = asked.get('redirect_uri') ?? '';
    this.#codes.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      redirect,
      scope: asked.get('scope') ?? '',
      resource: asked.get('resource'),
    });
    const back = { code, state: asked.get('state'), iss: this.origin, ...this.redirect };
    const to = new URL(redirect);
    for (const [name, value] of Object.entries(back))
      if (value !== null) to.searchParams.set(name, value);
    response.writeHead(302, { location: to.href }).end();
  }

  #token(form: URLSearchParams, response: http.ServerResponse): void {
    this.tokenRequests.push(form);
    const grant = form.get('grant_type');
    if (grant === 'client_credentials') return this.#grant(form.get('scope') ?? '', response);
    if (grant === 'refresh_token') {
      const given = form.get('refresh_token') ?? '';
      const scope = this.#refresh.get(given);
      if (!this.#refresh.delete(given) || scope === undefined)
        return json(response, 400, {
          error: 'invalid_grant',
          error_description: 'unknown or used',
        });
      return this.#grant(scope, response);
    }
    const code = this.#codes.get(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      code !== undefined &&
      code.challenge === proof &&
      code.redirect === form.get('redirect_uri') &&
      (!this.checksResource || code.resource === form.get('resource'));
    if (!isGood) return json(response, 400, { error: 'invalid_grant' });
    this.#codes.delete(form.get('code') ?? '');
    this.#grant(code.scope, response);
  }

  #grant(scope: string, response: http.ServerResponse): void {
    const access_token = `access-${randomUUID()}-${scope.replaceAll(' ', '+')}`;
    const refresh_token = `refresh-${randomUUID()}`;
    this.tokens.add(access_token);
    this.#refresh.set(refresh_token, scope);
    json(response, 200, {
      access_token,
      token_type: 'Bearer',
      expires_in: this.lifetime,
      ...(scope === '' ? {} : { scope }),
      ...(this.givesRefresh ? { refresh_token } : {}),
    });
  }
}
