import * as z from 'zod';
import { domainId } from '../envelope/ids.ts';
import {
  isolationSchema,
  pinSchema,
  serverNameSchema,
  serverTransportSchema,
  toolDefinitionSchema,
} from '../views/server.ts';

const serverId = domainId('server');
const pinnedTool = z.object({ sha256: pinSchema, definition: toolDefinitionSchema });
/** What the host told the server that it can do; servers offer other tools to other clients. */
const capabilitySet = z.string();

/** External MCP servers. Values of secrets are in none of these. */
export const serverEvents = {
  // server/<server_id>
  'server.added': z.object({
    server_id: serverId,
    name: serverNameSchema,
    transport: serverTransportSchema,
    /** Real path of the program, as it was shown; null for a server that is not started. */
    executable: z.string().nullable(),
    isolation: isolationSchema,
  }),
  /** A person allowed these places for signing in there; `approval_id` has the signed decision. */
  'server.origins_allowed': z.object({
    server_id: serverId,
    server: serverNameSchema,
    origins: z.array(
      z.object({ origin: z.string(), reach: z.enum(['public', 'private', 'loopback']) }),
    ),
    approval_id: domainId('approval').nullable(),
  }),
  'server.signed_in': z.object({
    server_id: serverId,
    server: serverNameSchema,
    issuer: z.string(),
    scope: z.string().nullable(),
    grant: z.enum(['authorization_code', 'client_credentials']),
  }),
  /** A sign-in, or prolonging one, that did not work. */
  'server.login_failed': z.object({
    server_id: serverId,
    server: serverNameSchema,
    code: z.string(),
    problem: z.string(),
  }),
  'server.signed_out': z.object({
    server_id: serverId,
    server: serverNameSchema,
    /** Null where there was no place to take them back. */
    revoked: z.boolean().nullable(),
    reason: z.string(),
  }),
  /** It asked a person for something that was not put to anybody. */
  'server.question_refused': z.object({
    server_id: serverId,
    server: serverNameSchema,
    reason: z.string(),
  }),
  'server.removed': z.object({ server_id: serverId, server: serverNameSchema, reason: z.string() }),
  'server.started': z.object({
    server_id: serverId,
    server: serverNameSchema,
    pid: z.number().int().nullable(),
    protocol: z.string(),
    isolation: isolationSchema,
  }),
  /** By a person, for good: nothing of it is started or called. */
  'server.turned_off': z.object({ server_id: serverId, server: serverNameSchema }),
  'server.turned_on': z.object({ server_id: serverId, server: serverNameSchema }),
  'server.stopped': z.object({ server_id: serverId, server: serverNameSchema, reason: z.string() }),
  /** It ended by itself, did not start or broke a limit. */
  'server.failed': z.object({
    server_id: serverId,
    server: serverNameSchema,
    problem: z.string(),
    /** Null when it is not tried again by itself. */
    next_try_ms: z.number().int().nullable(),
  }),
  /** Its first listing: what a person said yes to with the server itself. */
  'server.tools_pinned': z.object({
    server_id: serverId,
    server: serverNameSchema,
    capability_set: capabilitySet,
    tools: z.array(pinnedTool),
    left_out: z.number().int(),
  }),
  /** It says something else than what is pinned, or something new: not called until somebody says yes. */
  'server.tool_quarantined': z.object({
    server_id: serverId,
    server: serverNameSchema,
    capability_set: capabilitySet,
    name: z.string(),
    tool: pinnedTool,
    pinned_sha256: pinSchema.nullable(),
  }),
  /** A decider accepted it as it is now: the pin is this one. `approval_id` has the signed decision. */
  'server.tool_accepted': z.object({
    server_id: serverId,
    server: serverNameSchema,
    name: z.string(),
    sha256: pinSchema,
    approval_id: domainId('approval').nullable(),
  }),
  /** It says again what is pinned. */
  'server.tool_restored': z.object({
    server_id: serverId,
    server: serverNameSchema,
    name: z.string(),
    sha256: pinSchema,
  }),
} as const;
