import type { JsonObject } from '#schema/envelope/json.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import type { Isolation, StdioServer, ToolDefinition } from '#schema/views/server.ts';
import type { ToolAnswer } from './core/result.ts';
import type { ServerQuestion } from './core/server-question.ts';
import type { ServerRecord } from './core/server-record.ts';
import type { Challenge } from './login/ports.ts';

export interface ToolCallOptions {
  /** The run that the call is of. */
  runId: string;
  /** Ends it, also when it takes too long. */
  signal: AbortSignal;
}

/** A question that can be put, and the call in which the server asks it. */
export type PersonsQuestion = Exclude<ServerQuestion, { kind: 'refused' }> & {
  run_id: string;
  tool: string;
};

/** `cancel`: nobody has answered, and why. */
export type PersonsAnswer =
  | { action: 'accept'; content: JsonObject }
  | { action: 'decline' }
  | { action: 'cancel'; why: string };

/** Puts a question to the person that a run is of, until it is settled or `gone`. */
export type AskPerson = (
  question: PersonsQuestion & { server_id: string; server: string },
  gone: AbortSignal,
) => Promise<PersonsAnswer>;

/** An open session with a server. */
export interface ServerConnection {
  readonly pid: number | null;
  readonly protocol: string;
  readonly callsItself: string | null;
  readonly isolation: Isolation;
  /** What Hob said it can do. */
  readonly capabilitySet: string;
  /** Resolves with the reason when the session is over, whoever ended it. */
  readonly closed: Promise<string>;
  /** It may change its tools without a word, so they are listed before each call. */
  readonly mayChangeUnseen: boolean;
  /** Every tool, as the server wrote it. Throws `server_unavailable` and what `callTool` throws. */
  listTools(timeoutMs: number): Promise<readonly unknown[]>;
  /** Throws `tool_timeout`, `tool_result_invalid`, `tool_failed`, `server_unavailable`, `server_limit`. */
  callTool(
    definition: ToolDefinition,
    args: JsonObject,
    options: ToolCallOptions,
  ): Promise<ToolAnswer>;
  onToolsChanged(listener: () => void): void;
  /** Ends the session and everything that was started for it. */
  close(): Promise<void>;
}

/** What a request needs of a login. */
export interface RequestLogin {
  /** Null while there is none. */
  token(): Promise<string | null>;
  /**
   * The server did not take a request with this token. Resolves when there is another one to try with, which
   * it does once. Throws `server_needs_login`, `server_unauthorized`.
   */
  refused(token: string | null, challenge: Challenge, tries: number): Promise<void>;
}

export interface ConnectHooks {
  /** A line that the server wrote for people. */
  log(line: string): void;
  signal: AbortSignal;
  /** The server asks the person something (`elicitation/create`, as it came). Never throws. */
  asked(question: unknown, gone: AbortSignal): Promise<PersonsAnswer>;
  /** How Hob is signed in there; null where that is not what the server is shown. */
  login: RequestLogin | null;
}

/** Opens a session. Throws HobError when it cannot be opened. */
export type Connect = (server: ServerRecord, hooks: ConnectHooks) => Promise<ServerConnection>;

/** The value of a secret, for a server that was allowed it. Throws `secret_unknown`, `vault_locked`. */
export type UseSecret = (name: string, serverId: string) => Promise<string>;

/** Keeps a program from the rest of the machine, as far as this machine can. */
export interface Isolator {
  /** What this machine can do for such a server, in words. */
  plan(server: StdioServer, executable: string): Promise<Isolation>;
  /** The program to start instead, so that it is isolated like that. */
  wrap(
    server: StdioServer,
    executable: string,
    isolation: Isolation,
  ): Promise<{ file: string; args: string[] }>;
}

/** Real path of the program that a name means. Throws `command_not_found`. */
export type ResolveProgram = (name: string, cwd: string) => Promise<string>;

/** Null when the value fits the schema, else what is wrong with it, for people. */
export type SchemaCheck = (schema: JsonObject, value: unknown) => Promise<string | null>;

/** Keeps what is too long for an event; its id, or null when that did not work. */
export type KeepWhole = (
  about: { run_id: string; workspace_id: string; name: string },
  text: string,
) => Promise<string | null>;

/** Who wants something, as the gate must know it. */
export interface ServerCaller {
  principal: Principal;
  workspace_id: string;
  correlation_id: string;
  causation_id: string | null;
  connection_id: string;
}
