import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { runViewSchema } from '../views/run.ts';
import {
  foundToolSchema,
  loginStates,
  serverNameSchema,
  serverToolSchema,
  serverTransportSchema,
  serverViewSchema,
} from '../views/server.ts';
import { vaultKeySchema } from '../views/secret.ts';
import { command, everyRole, people } from './define.ts';

const waitMs = z.number().int().min(0).max(50_000).default(0);

const signInStep = z.object({
  server: serverViewSchema,
  /** Where the person answers, while that is waited for. */
  url: z.string().nullable(),
  /** The card that asks about where Hob may connect to, while it is open. */
  approval_id: domainId('approval').nullable(),
});

export const serverCommands = [
  command({
    name: 'server.list',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary: 'External MCP servers: how they are reached, isolated and doing. Starts none.',
    payload: () => z.object({}),
    result: () => z.object({ servers: z.array(serverViewSchema) }),
  }),
  command({
    name: 'server.add',
    roles: people,
    action: 'act',
    idempotent: false,
    since: '0.2.0',
    summary:
      'Asks a decider whether this server may be added; after the yes it is started and its tools are pinned. Nothing is read from a workspace.',
    payload: () =>
      z.object({
        name: serverNameSchema,
        transport: serverTransportSchema,
        wait_ms: waitMs,
      }),
    result: () => z.object({ run: runViewSchema }),
  }),
  command({
    name: 'server.remove',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Stops a server and forgets it with its pins.',
    payload: () =>
      z.object({ name: serverNameSchema, reason: z.string().max(256).default('removed by hand') }),
    result: () => z.object({ server: serverViewSchema }),
  }),
  command({
    name: 'server.restart',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Stops a server and starts it again, also one that was given up or turned off.',
    payload: () => z.object({ name: serverNameSchema }),
    result: () => z.object({ server: serverViewSchema }),
  }),
  command({
    name: 'server.stop',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary:
      'Ends a server. The next call of one of its tools starts it again, unless it is turned off.',
    payload: () => z.object({ name: serverNameSchema, off: z.boolean().default(false) }),
    result: () => z.object({ server: serverViewSchema }),
  }),
  command({
    name: 'server.login',
    roles: people,
    action: 'act',
    idempotent: false,
    since: '0.2.0',
    summary:
      'Signs in at a server, or goes on with the sign-in under way; answers when a browser is needed or it is over. Opens no browser.',
    payload: () =>
      z.object({
        name: serverNameSchema,
        /** Where the key of the vault goes, if this makes the vault. */
        key: vaultKeySchema.default('keyring'),
        /** The state that the caller knows of: another one is waited for, and nothing is begun. */
        after: z.enum(loginStates).optional(),
        wait_ms: waitMs,
      }),
    result: () => signInStep,
  }),
  command({
    name: 'server.finish_login',
    roles: people,
    action: 'control',
    idempotent: false,
    since: '0.2.0',
    summary:
      'The address that the browser came to after a sign-in, where it could not reach Hob itself: in a remote session, say. Only that of the sign-in that is under way is taken, once.',
    payload: () =>
      z.object({ name: serverNameSchema, address: z.string().trim().min(1).max(8_192) }),
    result: () => signInStep,
  }),
  command({
    name: 'server.cancel_login',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Ends a sign-in that is under way.',
    payload: () => z.object({ name: serverNameSchema }),
    result: () => z.object({ server: serverViewSchema }),
  }),
  command({
    name: 'server.logout',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.2.0',
    summary: 'Forgets the tokens of a server, after taking them back where that is possible.',
    payload: () => z.object({ name: serverNameSchema }),
    result: () =>
      z.object({
        server: serverViewSchema,
        /** Null where there was nothing to take back, or no place to do it. */
        revoked: z.boolean().nullable(),
      }),
  }),
  command({
    name: 'server.tools',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary: 'The tools of a server, with pin and, where one waits for an answer, the diff.',
    payload: () => z.object({ name: serverNameSchema }),
    result: () => z.object({ tools: z.array(serverToolSchema) }),
  }),
  command({
    name: 'server.review',
    roles: people,
    action: 'act',
    idempotent: true,
    since: '0.2.0',
    summary: 'Asks again about the tools of a server that are quarantined.',
    payload: () => z.object({ name: serverNameSchema }),
    result: () => z.object({ run: runViewSchema.nullable() }),
  }),
  command({
    name: 'server.logs',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary: 'What a server wrote on stderr lately, without secrets. Never stored.',
    payload: () => z.object({ name: serverNameSchema }),
    result: () => z.object({ lines: z.array(z.object({ at: timestampSchema, text: z.string() })) }),
  }),
  command({
    name: 'server.search',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary: 'Usable tools of external servers, best match first. Starts none.',
    payload: () =>
      z.object({
        query: z.string().max(256).default(''),
        server: serverNameSchema.optional(),
        limit: z.number().int().min(1).max(64).default(8),
      }),
    result: () => z.object({ tools: z.array(foundToolSchema), total: z.number().int() }),
  }),
  command({
    name: 'server.call',
    roles: everyRole,
    action: 'act',
    idempotent: false,
    since: '0.2.0',
    summary:
      "Calls a pinned tool of an external server, through the gate. The run's result has its answer.",
    payload: () =>
      z.object({
        server: serverNameSchema,
        tool: z.string().min(1).max(128),
        arguments: jsonObjectSchema.default({}),
        /** The caller's own words for what it is doing. */
        task: z.string().max(512).optional(),
        wait_ms: waitMs,
      }),
    result: () => z.object({ run: runViewSchema, approval_id: domainId('approval').nullable() }),
  }),
] as const;
