import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { secretNameSchema } from './secret.ts';

/** What people and agents call a server; its tools are `name/tool`. */
export const serverNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -');

const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);
const folder = z.string().min(1).max(4_096);

/** A program on this machine that speaks MCP on stdin and stdout. Started without a shell. */
export const stdioServerSchema = z.object({
  kind: z.literal('stdio'),
  argv: z.array(z.string().max(8_192)).min(1).max(256),
  /** Absolute. */
  cwd: folder.optional(),
  /** Variables of the host's environment that it gets beside the few that every program gets. */
  env_names: z.array(environmentName).max(64).default([]),
  /** Variables that it gets with the value written here, for everybody to read. */
  variables: z
    .array(z.object({ env: environmentName, value: z.string().max(4_096) }))
    .max(64)
    .default([]),
  /** Variables that get the value of a secret: `from` is its name in the vault. */
  secrets: z
    .array(z.object({ env: environmentName, from: secretNameSchema }))
    .max(64)
    .optional(),
  /** Folders and files that it may read, and those that it may change, when it is isolated. */
  reads: z.array(folder).max(64).default([]),
  writes: z.array(folder).max(64).default([]),
  network: z.boolean().default(false),
});

/** How Hob signs in at a server that wants OAuth. What is left out is found out at the server. */
export const oauthSchema = z.object({
  /** `client_credentials`: as a program, without a person in a browser. */
  grant: z.enum(['authorization_code', 'client_credentials']).default('authorization_code'),
  /** As it was registered there beforehand; else Hob registers itself. */
  client_id: z.string().min(1).max(512).optional(),
  /** The secrets of the vault that prove it: a client secret, or a private key as PEM. */
  client_secret_from: secretNameSchema.optional(),
  private_key_from: secretNameSchema.optional(),
  /** Where a document describes this client (Client ID Metadata Document). */
  client_metadata_url: z.string().startsWith('https://').max(2_048).optional(),
  /** Asked for where the server does not say what it wants. */
  scope: z.string().max(1_024).optional(),
});
export type OAuthSettings = z.infer<typeof oauthSchema>;

/** A server that somebody else runs, reached by streamable HTTP. */
export const httpServerSchema = z.object({
  kind: z.literal('http'),
  /** https; http only at localhost. */
  url: z.string().min(1).max(2_048),
  /** It may lie in a private network; else its name has to lead to public addresses. */
  private_network: z.boolean().default(false),
  /** The secret of the vault that it is shown with every request, as a bearer token. */
  bearer_from: secretNameSchema.optional(),
  oauth: oauthSchema.optional(),
});

/** How a server is reached, as a person wrote it down. */
export const serverTransportSchema = z.discriminatedUnion('kind', [
  stdioServerSchema,
  httpServerSchema,
]);
export type ServerTransport = z.infer<typeof serverTransportSchema>;
export type StdioServer = z.infer<typeof stdioServerSchema>;
export type HttpServer = z.infer<typeof httpServerSchema>;

/** `remote`: it does not run here, so there is nothing to isolate. */
export const isolationLevels = ['bubblewrap', 'none', 'remote'] as const;
/** What keeps a server from the rest of the machine: as it really is, in words. */
export const isolationSchema = z.object({
  level: z.enum(isolationLevels),
  /** What it can and cannot reach, or why there is no isolation. */
  words: z.string(),
});
export type Isolation = z.infer<typeof isolationSchema>;

/** A tool as its server describes it: what a pin is made of. Every word of it is the server's. */
export const toolDefinitionSchema = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  input_schema: jsonObjectSchema,
  output_schema: jsonObjectSchema.optional(),
  annotations: jsonObjectSchema.optional(),
});
export type ToolDefinition = z.infer<typeof toolDefinitionSchema>;

/** SHA-256 over the canonical definition, lower-case hex. */
export const pinSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A tool of a server and whether it may be called. */
export const serverToolSchema = z.object({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  /** `usable` as pinned; `quarantined` until a person accepts what it says now. */
  state: z.enum(['usable', 'quarantined']),
  pin: pinSchema.nullable(),
  /** What changed since it was pinned, as a diff; only of a quarantined one. */
  diff: z.string().nullable(),
  definition: toolDefinitionSchema,
});
export type ServerToolView = z.infer<typeof serverToolSchema>;

export const serverStates = ['stopped', 'starting', 'ready', 'waiting', 'failed'] as const;
/** How a server is at this moment. Never stored. */
export const serverHealthSchema = z.object({
  /** `waiting` = it ended and is started again at `next_try_at`; `failed` = not again by itself. */
  state: z.enum(serverStates),
  since: timestampSchema,
  /** What went wrong last, in words; null while all is well. */
  problem: z.string().nullable(),
  restarts: z.number().int().nonnegative(),
  next_try_at: timestampSchema.nullable(),
  pid: z.number().int().nullable(),
  /** What keeps its process from the rest, as it was started; null while there is none. */
  isolation: isolationSchema.nullable().default(null),
  /** Of the protocol, as agreed on. */
  protocol: z.string().nullable(),
  /** What it calls itself. */
  calls_itself: z.string().nullable(),
});
export type ServerHealth = z.infer<typeof serverHealthSchema>;

/**
 * `needed`: a person has to sign in; `asking`: a card asks about where to; `browser`: the person is to answer
 * there; `finishing`: the answer came and is exchanged.
 */
export const loginStates = ['needed', 'asking', 'browser', 'finishing', 'signed_in'] as const;
/** How Hob is signed in at a server. Never a token. */
export const serverLoginSchema = z.object({
  state: z.enum(loginStates),
  /** Who gave it. */
  issuer: z.string().nullable(),
  scope: z.string().nullable(),
  /** Until when; null where that was not said. */
  until: timestampSchema.nullable(),
  /** It is prolonged by itself. */
  renews: z.boolean(),
  /** Why it is needed, or why the last try failed, in words. */
  problem: z.string().nullable(),
});
export type ServerLogin = z.infer<typeof serverLoginSchema>;

/** One external MCP server. */
export const serverViewSchema = z.object({
  server_id: domainId('server'),
  name: serverNameSchema,
  transport: serverTransportSchema,
  /** As it was approved; a lower one at a start stops it. */
  isolation: isolationSchema,
  added_at: timestampSchema,
  health: serverHealthSchema,
  /** Null where nothing is known of a login: the server wants none, or was not asked yet. */
  login: serverLoginSchema.nullable().default(null),
  /** Null before its tools were first listed. */
  tools: z
    .object({
      usable: z.number().int(),
      quarantined: z.number().int(),
      /** Beyond what Hob takes of one server, or with a name that cannot be called. */
      left_out: z.number().int(),
    })
    .nullable(),
  /** Turned off by a person: nothing of it is started or called until it is turned on. */
  off: z.boolean().default(false),
  /** False when what is stored of its pins does not fit together: then nothing of it is called. */
  pins_intact: z.boolean(),
});
export type ServerView = z.infer<typeof serverViewSchema>;

/** A usable tool, as a search gives it. */
export const foundToolSchema = z.object({
  server: serverNameSchema,
  tool: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  input_schema: jsonObjectSchema,
});
export type FoundTool = z.infer<typeof foundToolSchema>;
