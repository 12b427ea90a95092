import type { Principal } from '#schema/envelope/principal.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import { endedRunStatuses, type RunView } from '#schema/views/run.ts';
import type { VaultKey } from '#schema/views/secret.ts';
import type { HttpServer } from '#schema/views/server.ts';
import type { AllowedOrigin } from '#host/egress/core/allowed.ts';
import type { Egress } from '#host/egress/service.ts';
import type { Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { textField } from '#host/kernel/fields.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { EventStore } from '#host/store/ports.ts';
import { loginOrigin, missing } from '../core/login-origins.ts';
import type { ServerRecord } from '../core/server-record.ts';
import { originOf } from '../new-server.ts';
import { contextOf, serverStream } from '../pins.ts';
import type { ServerCaller, UseSecret } from '../ports.ts';
import { serversProjection } from '../projections.ts';
import type { ClientProof, Fetch, ListenForRedirect, LoginVault, OAuth } from './ports.ts';
import { ServerLogin } from './server-login.ts';
import type { SignIn, SignInOptions } from './sign-in.ts';

export interface LoginsOptions {
  store: EventStore;
  clock: Clock;
  gate: Pick<Gate, 'submit' | 'settled' | 'cancel'>;
  egress: Egress;
  vault: LoginVault & { ready(key: VaultKey, by: Principal): Promise<void> };
  useSecret: UseSecret;
  /** Loaded when it is needed. */
  oauth(): Promise<OAuth>;
  listen: ListenForRedirect;
  /** Takes secrets out of a line. */
  clean(line: string): string;
  /** Keeps what happened to a server. Never throws. */
  note(serverId: string, event: DomainEvent): void;
}

/** What an authorization server says fits into a page. */
const limits = { connectMs: 10_000, answerMs: 10_000, idleMs: 10_000, bytes: 256 * 1024 };
const CARD_MS = 60_000;

/** The logins at external servers, and the places that a person allowed for them. */
export class Logins {
  readonly #o: LoginsOptions;
  readonly #logins = new Map<string, ServerLogin>();

  constructor(options: LoginsOptions) {
    this.#o = options;
  }

  /** Null where the server is shown something else, or nothing can be shown. */
  of({ server_id, name, transport }: ServerRecord): ServerLogin | null {
    if (transport.kind !== 'http' || transport.bearer_from !== undefined) return null;
    const known = this.#logins.get(server_id);
    if (known !== undefined) return known;
    const { clock, vault, listen, clean } = this.#o;
    const login = new ServerLogin({
      server_id,
      server: name,
      url: transport.url,
      clock,
      vault,
      listen,
      clean,
      oauth: () => this.#o.oauth(),
      proof: () => this.#proof(server_id, transport),
      fetch: this.#fetchFor(server_id),
      note: (event) => this.#o.note(server_id, event),
    });
    this.#logins.set(server_id, login);
    return login;
  }

  /** Begins to sign in for a person; what has to be asked is asked as that person's call. */
  async begin(
    { server_id }: ServerRecord,
    login: ServerLogin,
    { key, caller, signedIn }: { key: VaultKey; caller: ServerCaller; signedIn(): void },
  ): Promise<SignIn> {
    // Before anybody types a password for nothing.
    await this.#o.vault.ready(key, caller.principal);
    const allow: SignInOptions['allow'] = (places, asking, signal) =>
      this.#allow(server_id, places, { caller, asking, signal });
    return login.start({ allow, signedIn });
  }

  /** Carries out a yes to places: exactly those that were shown. */
  async allowOrigins(args: JsonObject, run: RunView): Promise<JsonObject> {
    const server_id = textField(args, 'server_id');
    const server = await this.#http(server_id);
    const shown = Array.isArray(args['origins']) ? args['origins'].map(String) : [];
    const origins = shown.map((place) => judged(place, server.transport));
    const { name } = server.record;
    const { approval_id } = run;
    const data = { server_id, server: name, origins, approval_id };
    await this.#o.store.transact((tx) =>
      tx.append(serverStream(server_id), 'any', [{ type: 'server.origins_allowed', data }], {
        ...contextOf(run.principal, server_id),
        causation_id: run.run_id,
      }),
    );
    return { server_id, origins: shown };
  }

  /** Signed out as far as that is possible: the server is gone in any case. */
  async forget(server: ServerRecord): Promise<void> {
    await this.of(server)
      ?.signOut('removed')
      .catch(() => {});
    this.#logins.delete(server.server_id);
  }

  cancelAll(why: string): void {
    for (const login of this.#logins.values()) login.signIn?.cancel(why);
  }

  async #http(server_id: string): Promise<{ record: ServerRecord; transport: HttpServer }> {
    const record = await this.#o.store.document(serversProjection, server_id);
    if (record?.status !== 'active' || record.transport.kind !== 'http')
      throw new HobError('server_unknown');
    return { record, transport: record.transport };
  }

  async #allow(
    server_id: string,
    places: readonly string[],
    about: { caller: ServerCaller; asking(approvalId: string | null): void; signal: AbortSignal },
  ): Promise<void> {
    const { record, transport } = await this.#http(server_id);
    const wanted = places.map((place) => judged(place, transport));
    const known = [originOf(transport), ...(record.login_origins ?? [])];
    const asked = missing(wanted, known).map(({ origin }) => origin);
    if (asked.length === 0) return;
    const run = await this.#ask(record, transport, asked, about.caller);
    about.asking(run.approval_id);
    const ended = await this.#answered(run.run_id, about);
    if (ended.status !== 'succeeded')
      throw new HobError('login_refused', {
        message: `Signing in did not work: nobody allowed Hob to connect to ${asked.join(' and ')}.`,
      });
  }

  #ask(
    { server_id, name }: ServerRecord,
    { oauth }: HttpServer,
    origins: string[],
    { connection_id, ...caller }: ServerCaller,
  ): Promise<RunView> {
    return this.#o.gate.submit({
      ...caller,
      call: {
        action: 'server.write',
        tool: 'server.allow_origins',
        url: origins[0] ?? '',
        arguments: { server_id, name, origins, words: proofWords(oauth) },
      },
      trigger: { kind: 'command', ref: server_id },
      runner: 'internal',
      task: null,
      dedupe_key: null,
      idempotency_key: null,
      connection_id,
    });
  }

  async #answered(
    runId: string,
    { caller, signal }: { caller: ServerCaller; signal: AbortSignal },
  ): Promise<RunView> {
    for (;;) {
      const run = await this.#o.gate.settled(runId, CARD_MS, signal);
      if (endedRunStatuses.includes(run.status)) return run;
      if (!signal.aborted) continue;
      await this.#o.gate
        .cancel(runId, caller.principal, 'nobody signs in any more')
        .catch(() => {});
      signal.throwIfAborted();
    }
  }

  async #proof(server_id: string, { oauth }: HttpServer): Promise<ClientProof> {
    const { client_secret_from, private_key_from, ...known } = oauth ?? {
      grant: 'authorization_code' as const,
    };
    const secret = (name: string): Promise<string> => this.#o.useSecret(name, server_id);
    return {
      ...known,
      ...(client_secret_from === undefined
        ? {}
        : { client_secret: await secret(client_secret_from) }),
      ...(private_key_from === undefined ? {} : { private_key: await secret(private_key_from) }),
    };
  }

  /** One connection for each question, to what is allowed at that moment; the answer is read whole. */
  #fetchFor(server_id: string): Fetch {
    return async (url, init) => {
      const { record, transport } = await this.#http(server_id);
      const allow = [originOf(transport), ...(record.login_origins ?? [])];
      const way = this.#o.egress.open({ server_id, allow, limits });
      try {
        return await whole(await way.fetch(url, init));
      } finally {
        this.#o.egress.shut(way);
      }
    };
  }
}

async function whole({ status, headers, body }: Response): Promise<Response> {
  return new Response(body === null ? null : await new Response(body).text(), { status, headers });
}

function judged(place: string, transport: HttpServer): AllowedOrigin {
  const found = URL.canParse(place)
    ? loginOrigin(new URL(place), originOf(transport), transport.private_network)
    : { problem: 'it is no address' };
  if ('problem' in found)
    throw new HobError('login_refused', {
      message: `Signing in did not work: the server sends Hob to ${place.slice(0, 200)}, and ${found.problem}.`,
    });
  return found.allowed;
}

/** What the places get to see of this client. */
function proofWords(oauth: HttpServer['oauth']): string {
  if (oauth?.client_secret_from !== undefined)
    return `It is shown the secret "${oauth.client_secret_from}".`;
  return oauth?.private_key_from === undefined
    ? ''
    : `Hob proves itself there with the key "${oauth.private_key_from}", which it does not show.`;
}
