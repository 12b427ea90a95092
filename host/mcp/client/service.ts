import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { ActionCall } from '#schema/views/action-call.ts';
import type { RunView } from '#schema/views/run.ts';
import type {
  FoundTool,
  ServerToolView,
  ServerTransport,
  ServerView,
} from '#schema/views/server.ts';
import { serverTransportSchema } from '#schema/views/server.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import { textField } from '#host/kernel/fields.ts';
import type { IdSource } from '#host/kernel/ids.ts';
import type { Log } from '#host/kernel/log.ts';
import { hostPrincipal } from '#host/policy/approvals/service.ts';
import type { Gate } from '#host/policy/gate.ts';
import type { EventStore } from '#host/store/ports.ts';
import type { ServerRecord } from './core/server-record.ts';
import { limitAnswer } from './core/result.ts';
import { searchTools } from './core/search.ts';
import { LiveServer } from './live-server.ts';
import { describeServer, type NewServerParts } from './new-server.ts';
import { contextOf, Pins, pinsIntact, serverStream } from './pins.ts';
import type { AskPerson, Connect, KeepWhole, SchemaCheck, ServerCaller } from './ports.ts';
import type { Logins } from './login/logins.ts';
import { SigningIn } from './login/signing-in.ts';
import { serversProjection } from './projections.ts';
import { serverView, stoppedSince, toolViews, usableTool } from './views.ts';

export interface ServersOptions extends NewServerParts {
  store: EventStore;
  clock: Clock;
  ids: IdSource;
  log: Log;
  gate: Pick<Gate, 'submit' | 'cancel'>;
  connect: Connect;
  ask: AskPerson;
  check: SchemaCheck;
  logins: Logins;
  keep: KeepWhole;
  /** Throws while nothing may be started: the kill switch, a pause, the end of the host. */
  mayStart(): Promise<void>;
  /** Takes secrets out of text. */
  redact(data: JsonObject): { data: JsonObject; contains_secrets: boolean };
  callTimeoutMs(): number;
}

export const MAX_SERVERS = 32;

/** External MCP servers: which there are, what their tools are, and every call of one. */
export class ServerService {
  readonly #o: ServersOptions;
  readonly #pins: Pins;
  readonly #live = new Map<string, LiveServer>();
  readonly signingIn: SigningIn;
  #closed = false;

  constructor(options: ServersOptions) {
    this.#o = options;
    this.#pins = new Pins(options);
    this.signingIn = new SigningIn({
      logins: options.logins,
      mayStart: () => options.mayStart(),
      named: (name) => this.#named(name),
      link: (server) => this.#liveOf(server).link,
      view: (server) => this.#view(server),
    });
  }

  async list(): Promise<ServerView[]> {
    const servers = await this.#records();
    await Promise.all(servers.map(async (server) => this.#o.logins.of(server)?.look()));
    return servers.map((server) => this.#view(server));
  }

  async tools(name: string): Promise<ServerToolView[]> {
    return toolViews(await this.#named(name));
  }

  async logs(name: string): Promise<{ at: string; text: string }[]> {
    const server = await this.#named(name);
    return [...(this.#live.get(server.server_id)?.log ?? [])];
  }

  async search(
    query: string,
    server: string | undefined,
    limit: number,
  ): Promise<{ tools: FoundTool[]; total: number }> {
    const among = (await this.#records()).filter(
      (record) =>
        record.off !== true &&
        pinsIntact(record) &&
        (server === undefined || record.name === server),
    );
    const found = searchTools(among, query);
    return { tools: found.slice(0, limit), total: found.length };
  }

  // Adding and removing

  /** Asks a decider for a new server, with everything that it would get. */
  async add(name: string, transport: ServerTransport, caller: ServerCaller): Promise<RunView> {
    await this.#checkNew(name);
    const { executable, isolation, shown } = await describeServer(transport, this.#o);
    const server_id = this.#o.ids.domain('server');
    const args = { server_id, name, transport, executable, isolation };
    return this.#submit(caller, server_id, 'internal', null, {
      action: 'server.write',
      tool: 'server.add',
      ...shown,
      arguments: JSON.parse(JSON.stringify(args)) as JsonObject,
    });
  }

  /** Carries out a yes: exactly what was shown. The server is started, and its tools are pinned. */
  async applyAdd(args: JsonObject, run: RunView): Promise<JsonObject> {
    const { server_id, name, executable, isolation } = args as unknown as ServerRecord;
    const transport = serverTransportSchema.parse(args['transport']);
    const added: DomainEvent = {
      type: 'server.added',
      data: { server_id, name, transport, executable, isolation },
    };
    await this.#o.store.transact(async (tx) => {
      const same = await tx.documents(serversProjection, {
        where: { name, status: 'active' },
        limit: 1,
      });
      if (same.length > 0) throw new HobError('server_exists');
      await tx.append(serverStream(server_id), 'no_stream', [added], {
        ...contextOf(run.principal, server_id),
        causation_id: run.run_id,
      });
    });
    const live = this.#liveOf(await this.#named(name));
    // Its tools are part of the answer where it comes up in time; where not, it goes on trying.
    await live.link.ready(ADD_MS).catch(() => {});
    const { state, problem } = live.link.health;
    return { server_id, name, state, problem };
  }

  async remove(name: string, reason: string, by: Principal): Promise<ServerView> {
    const server = await this.#named(name);
    const { server_id } = server;
    await this.#pins.withdraw(server_id);
    await this.#o.logins.forget(server);
    await this.#append(
      server_id,
      [{ type: 'server.removed', data: { server_id, server: name, reason } }],
      by,
    );
    const live = this.#live.get(server_id);
    this.#live.delete(server_id);
    await live?.link.stop('removed');
    return this.#view(server);
  }

  async restart(name: string, by: Principal): Promise<ServerView> {
    const server = await this.#named(name);
    await this.#o.mayStart();
    if (server.off === true) await this.#turn(server, 'server.turned_on', by);
    await this.#liveOf(server).link.restart();
    return this.#view(await this.#named(name));
  }

  /** `off`: nothing starts it again but `restart`. */
  async stop(name: string, off: boolean, by: Principal): Promise<ServerView> {
    const server = await this.#named(name);
    if (off && server.off !== true) await this.#turn(server, 'server.turned_off', by);
    this.#o.logins.of(server)?.signIn?.cancel('the server was stopped');
    await this.#live.get(server.server_id)?.link.stop('stopped by hand');
    return this.#view(await this.#named(name));
  }

  #turn(
    { server_id, name }: ServerRecord,
    type: 'server.turned_off' | 'server.turned_on',
    by: Principal,
  ): Promise<void> {
    return this.#append(server_id, [{ type, data: { server_id, server: name } }], by);
  }

  async review(name: string): Promise<RunView | null> {
    return this.#pins.ask((await this.#named(name)).server_id);
  }

  acceptPins(args: JsonObject, run: RunView): Promise<JsonObject> {
    return this.#pins.accept(args, run);
  }

  // Calling

  /**
   * The call of a tool as the gate judges it. Throws `server_unknown`, `tool_unknown`,
   * `tool_quarantined`, `pins_corrupt`, `tool_arguments_invalid`.
   */
  async callOf(name: string, tool: string, args: JsonObject): Promise<ActionCall> {
    const server = await this.#named(name);
    const { sha256, definition } = usableTool(server, tool);
    const problem = await this.#o.check(definition.input_schema, args);
    if (problem !== null)
      throw new HobError('tool_arguments_invalid', {
        message: `The arguments do not fit the tool: ${problem.slice(0, 300)}`,
      });
    return {
      action: 'mcp.call',
      tool: `${server.name}/${tool}`,
      server_tool: { server_id: server.server_id, name: tool, sha256 },
      arguments: args,
    };
  }

  async call(
    name: string,
    tool: string,
    args: JsonObject,
    task: string | null,
    caller: ServerCaller,
  ): Promise<RunView> {
    const call = await this.callOf(name, tool, args);
    return this.#submit(caller, `${name}/${tool}`, 'server', task, call);
  }

  /** The same call with the pin as it is now: asked for again when a question is answered. */
  async prepared(call: ActionCall): Promise<ActionCall> {
    await this.#askedOf(call);
    return call;
  }

  /** Carries out a started call. Throws what went wrong; a tool that reports an error has answered. */
  async execute(
    { run_id, workspace_id, call }: { run_id: string; workspace_id: string; call: ActionCall },
    signal: AbortSignal,
  ): Promise<{ result: JsonObject; isError: boolean }> {
    const { server, asked } = await this.#askedOf(call);
    const answer = await this.#liveOf(server).call(asked.name, asked.sha256, call.arguments, {
      runId: run_id,
      signal,
      timeoutMs: this.#o.callTimeoutMs(),
    });
    const { result, whole } = limitAnswer(answer);
    if (whole === null) return { result, isError: answer.is_error };
    const about = { run_id, workspace_id, name: `${call.tool} answer.json` };
    const artifact_id = await this.#o.keep(about, whole);
    return { result: { ...result, artifact_id }, isError: answer.is_error };
  }

  /** Ends every session: the kill switch, a pause. The next call starts what it needs. */
  async stopAll(reason: string): Promise<void> {
    this.#o.logins.cancelAll(reason);
    await Promise.all([...this.#live.values()].map(({ link }) => link.stop(reason)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.stopAll('host_stopped');
  }

  // Inside

  /** The tool that was asked for, where it is still what it was then. */
  async #askedOf({ server_tool: asked }: ActionCall): Promise<{
    server: ServerRecord;
    asked: NonNullable<ActionCall['server_tool']>;
  }> {
    const server =
      asked === undefined ? null : await this.#o.store.document(serversProjection, asked.server_id);
    if (asked === undefined || server === null || server.status !== 'active')
      throw new HobError('server_unknown');
    if (usableTool(server, asked.name).sha256 !== asked.sha256)
      throw new HobError('tool_quarantined');
    return { server, asked };
  }

  async #checkNew(name: string): Promise<void> {
    const known = await this.#records();
    if (known.some((server) => server.name === name)) throw new HobError('server_exists');
    if (known.length >= MAX_SERVERS) throw new HobError('too_many_servers');
  }

  #submit(
    { connection_id, ...caller }: ServerCaller,
    ref: string,
    runner: 'internal' | 'server',
    task: string | null,
    call: ActionCall,
  ): Promise<RunView> {
    return this.#o.gate.submit({
      ...caller,
      call,
      trigger: { kind: 'command', ref: ref.slice(0, 256) },
      runner,
      task,
      dedupe_key: null,
      idempotency_key: null,
      connection_id,
    });
  }

  #records(): Promise<ServerRecord[]> {
    return this.#o.store.documents(serversProjection, {
      where: { status: 'active' },
      limit: MAX_SERVERS,
    });
  }

  async #named(name: string): Promise<ServerRecord> {
    const [server] = await this.#o.store.documents(serversProjection, {
      where: { name, status: 'active' },
      limit: 1,
    });
    if (server === undefined) throw new HobError('server_unknown');
    return server;
  }

  #liveOf(server: ServerRecord): LiveServer {
    if (this.#closed) throw new HobError('host_draining');
    const { server_id } = server;
    const known = this.#live.get(server_id);
    if (known !== undefined) return known;
    const live = new LiveServer({
      server_id,
      server: server.name,
      clock: this.#o.clock,
      mayStart: () => this.#o.mayStart(),
      connect: (hooks) => this.#o.connect(server, { ...hooks, login: this.#o.logins.of(server) }),
      ask: (question, gone) => this.#o.ask({ ...question, server_id, server: server.name }, gone),
      take: (set, listing) => this.#pins.take(server_id, set, listing),
      isFirstListing: async () =>
        (await this.#o.store.document(serversProjection, server_id))?.tools === null,
      clean: (line) => textField(this.#o.redact({ line }).data, 'line'),
      note: (event) => void this.#append(server_id, [event], hostPrincipal).catch(() => {}),
      warn: (problem) => this.#o.log.warn('a server', { server_id, problem }),
    });
    this.#live.set(server_id, live);
    return live;
  }

  async #append(server_id: string, events: readonly DomainEvent[], by: Principal): Promise<void> {
    await this.#o.store.transact((tx) =>
      tx.append(serverStream(server_id), 'any', events, contextOf(by, server_id)),
    );
  }

  #view(server: ServerRecord): ServerView {
    return serverView(
      server,
      this.#live.get(server.server_id)?.link.health ?? stoppedSince(isoTime(this.#o.clock.now())),
      this.#o.logins.of(server)?.view ?? null,
    );
  }
}

/** A new server is waited for that long before the asking is answered. */
const ADD_MS = 10_000;
