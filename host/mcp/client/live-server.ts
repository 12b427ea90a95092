import type { JsonObject } from '#schema/envelope/json.ts';
import { isoTime, type Clock } from '#host/kernel/clock.ts';
import { HobError } from '#host/kernel/errors.ts';
import type { PinnedTool } from './core/server-record.ts';
import type { ToolAnswer } from './core/result.ts';
import { ServerLink, type LinkOptions } from './link.ts';
import { pinned } from './pins.ts';
import type { ConnectHooks, ServerConnection, ToolCallOptions } from './ports.ts';
import { Questions, type QuestionsOptions } from './questions.ts';

export interface LiveServerOptions extends Omit<LinkOptions, 'opened' | 'connect'> {
  connect(hooks: Pick<ConnectHooks, 'signal' | 'log' | 'asked'>): Promise<ServerConnection>;
  ask: QuestionsOptions['ask'];
  /** Compares a listing with the pins. Throws `pins_corrupt`. */
  take(capabilitySet: string, listing: { tools: PinnedTool[]; left_out: number }): Promise<void>;
  /** Takes secrets out of a line. */
  clean(line: string): string;
  isFirstListing(): Promise<boolean>;
  warn(problem: string): void;
}

/** Lines of stderr that are remembered. */
const LOG_LINES = 200;
/** A server that adds tools just after the start adds them within this time of the first listing. */
const SETTLE_MS = 400;
/** Changes that come together are looked at together. */
const CHANGED_MS = 100;
/** How long a call waits for a server to come up. */
const READY_MS = 3_000;
/** How long a listing may take when nobody waits for it. */
const LIST_MS = 15_000;

/** A server while the host lives: its session, what it offers now, what it wrote. */
export class LiveServer {
  readonly link: ServerLink;
  readonly #o: LiveServerOptions;
  readonly #clock: Clock;
  readonly #lines: { at: string; text: string }[] = [];
  readonly #questions: Questions;
  #offered = new Map<string, PinnedTool>();

  constructor(options: LiveServerOptions) {
    this.#o = options;
    this.#clock = options.clock;
    const { server_id, server, clock, note } = options;
    this.#questions = new Questions({
      clock,
      ask: (question, gone) => options.ask(question, gone),
      refused: (reason) =>
        note({
          type: 'server.question_refused',
          data: { server_id, server, reason: options.clean(reason).slice(0, 500) },
        }),
    });
    this.link = new ServerLink({
      server_id: options.server_id,
      server: options.server,
      clock: options.clock,
      mayStart: () => options.mayStart(),
      note: (event) => options.note(event),
      connect: (signal) =>
        options.connect({
          signal,
          log: (line) => this.#log(line),
          asked: (question, gone) => this.#questions.answer(question, gone),
        }),
      opened: (connection) => this.#opened(connection),
    });
  }

  get log(): readonly { at: string; text: string }[] {
    return this.#lines;
  }

  /** Calls a tool exactly as it is pinned. Throws `tool_unknown` and `tool_quarantined` when it is not offered like that. */
  async call(
    name: string,
    sha256: string,
    args: JsonObject,
    options: ToolCallOptions & { timeoutMs: number },
  ): Promise<ToolAnswer> {
    const connection = await this.#listed();
    options.signal.throwIfAborted();
    const tool = this.#offered.get(name);
    if (tool === undefined) throw new HobError('tool_unknown');
    if (tool.sha256 !== sha256) throw new HobError('tool_quarantined');
    const { runId } = options;
    return this.#questions.during({ ...options, tool: name }, (signal) =>
      connection.callTool(tool.definition, args, { runId, signal }),
    );
  }

  /** A session whose tools are known. One that the server has forgotten is opened anew: nothing was called in it yet. */
  async #listed(): Promise<ServerConnection> {
    const connection = await this.link.ready(READY_MS);
    if (!connection.mayChangeUnseen) return connection;
    try {
      await this.#list(connection, READY_MS);
      return connection;
    } catch (failure) {
      if (!(failure instanceof HobError) || failure.code !== 'server_session_lost') throw failure;
      await this.link.restart();
      // Opening it has listed them.
      return this.link.ready(READY_MS);
    }
  }

  async #opened(connection: ServerConnection): Promise<void> {
    let changes = 0;
    let cancel = (): void => {};
    connection.onToolsChanged(() => {
      changes += 1;
      cancel();
      cancel = this.#clock.timer(CHANGED_MS, () => {
        this.#list(connection).catch((failure: unknown) => this.#o.warn(String(failure)));
      });
    });
    void connection.closed.then(() => cancel());
    if (await this.#o.isFirstListing()) await this.#settled(connection, () => changes);
    await this.#list(connection);
  }

  /** Before the first pins: a server may add its last tools a moment after it is there. */
  async #settled(connection: ServerConnection, changes: () => number): Promise<void> {
    await connection.listTools(LIST_MS);
    const before = changes();
    await this.#pause(SETTLE_MS);
    if (changes() !== before) await this.#pause(SETTLE_MS);
  }

  async #list(connection: ServerConnection, timeoutMs = LIST_MS): Promise<void> {
    const listing = pinned(await connection.listTools(timeoutMs));
    this.#offered = new Map(listing.tools.map((tool) => [tool.definition.name, tool]));
    await this.#o.take(connection.capabilitySet, listing);
  }

  #log(line: string): void {
    this.#lines.push({ at: isoTime(this.#clock.now()), text: this.#o.clean(line) });
    if (this.#lines.length > LOG_LINES) this.#lines.shift();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.timer(ms, resolve);
    });
  }
}
