import type { CommandResult } from '#schema/commands/registry.ts';
import type { WireError } from '#schema/envelope/errors.ts';
import type { RunView } from '#schema/views/run.ts';
import type { ServerToolView, ServerView } from '#schema/views/server.ts';
import type { FieldValues } from './tool-fields.ts';

export type LogLine = CommandResult<'server.logs'>['lines'][number];

/** The form that tries a tool out, and what became of it. */
export interface Trial {
  readonly tool: string;
  /** What the fields say; under the name '' the arguments as one JSON object. */
  readonly values: FieldValues;
  /** The arguments are written as JSON. */
  readonly whole: boolean;
  readonly problems: ReadonlyMap<string, string>;
  readonly asked:
    | { readonly step: 'not-yet' }
    | { readonly step: 'sending' }
    | { readonly step: 'run'; readonly run: RunView }
    | { readonly step: 'refused'; readonly error: WireError };
}

/** The server that is unfolded. */
export interface OpenServer {
  readonly name: string;
  /** Null until they were read. */
  readonly tools: readonly ServerToolView[] | null;
  /** Null while its log is folded. */
  readonly lines: readonly LogLine[] | null;
  readonly openTool: string | null;
  readonly trial: Trial | null;
  /** Remove was pressed once. */
  readonly removing: boolean;
}

/** A server that a person writes down, as it stands in the form. */
export interface NewServer {
  readonly name: string;
  /** A program with its arguments, or an address. */
  readonly reached: string;
  readonly cwd: string;
  /** Names of a person's own variables. */
  readonly variables: string;
  /** `VARIABLE=value`, one a line: what everybody may see. */
  readonly values: string;
  /** Names of secrets of the vault: of one, or `VARIABLE=secret` each. */
  readonly secrets: string;
  readonly reads: string;
  readonly writes: string;
  readonly network: boolean;
  readonly privateNetwork: boolean;
  /** How Hob signs in at an address (OAuth); empty: it finds out there. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly privateKey: string;
  readonly clientMetadata: string;
  readonly scope: string;
  readonly asProgram: boolean;
}

export interface Adding {
  readonly fields: NewServer;
  readonly sending: boolean;
  readonly problem: string | null;
}

/** What became of the last act: said once, replaced by the next. */
export interface Said {
  readonly text: string;
  readonly error: boolean;
}

/** What the servers tab knows beside the state of the panel. */
export interface ServersState {
  /** Null until they were read. */
  readonly list: readonly ServerView[] | null;
  readonly unread: WireError | null;
  readonly open: OpenServer | null;
  readonly adding: Adding | null;
  readonly said: Said | null;
}

export const initialServers: ServersState = {
  list: null,
  unread: null,
  open: null,
  adding: null,
  said: null,
};

export const noServer: NewServer = {
  name: '',
  reached: '',
  cwd: '',
  variables: '',
  values: '',
  secrets: '',
  reads: '',
  writes: '',
  network: false,
  privateNetwork: false,
  clientId: '',
  clientSecret: '',
  privateKey: '',
  clientMetadata: '',
  scope: '',
  asProgram: false,
};
