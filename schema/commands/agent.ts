import * as z from 'zod';
import { jsonObjectSchema } from '../envelope/json.ts';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { agentViewSchema, connectPlanSchema, installLinkSchema } from '../views/agent.ts';
import { capabilityScopeSchema } from '../views/capability.ts';
import { command, everyRole, people } from './define.ts';

export const agentCommands = [
  command({
    name: 'agent.list',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Agents that Hob knows, with what is covered and what is not.',
    payload: () => z.object({}),
    result: () => z.object({ agents: z.array(agentViewSchema) }),
  }),
  command({
    name: 'agent.add',
    roles: people,
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary:
      'Makes an agent known and gives it a token, shown once, that proves its name and is good for no more than this scope.',
    payload: () =>
      capabilityScopeSchema.extend({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
        display: z.string().min(1).max(128).optional(),
      }),
    result: () => z.object({ agent: agentViewSchema, token: z.string() }),
  }),
  command({
    name: 'agent.revoke',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      "Ends an agent's token and grants, and those of every agent it handed a part down to, and closes their connections.",
    payload: () =>
      z.object({
        agent_id: domainId('agent'),
        reason: z.string().max(256).default('revoked by hand'),
      }),
    result: () => z.object({ agent: agentViewSchema }),
  }),
  command({
    name: 'agent.connect_plan',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary:
      'What connecting an installed agent would write, as a diff. `undo` plans the way back.',
    payload: () => z.object({ name: z.string().max(64), undo: z.boolean().default(false) }),
    result: () => z.object({ plan: connectPlanSchema }),
  }),
  command({
    name: 'agent.connect_apply',
    roles: people,
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary: 'Writes exactly the plan that was shown; refuses when a file changed since.',
    payload: () =>
      z.object({
        name: z.string().max(64),
        undo: z.boolean().default(false),
        plan_hash: z.string(),
      }),
    result: () => z.object({ agent: agentViewSchema.nullable(), plan: connectPlanSchema }),
  }),
  command({
    name: 'agent.links',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.2.0',
    summary:
      "Links, commands and files that give Hob's MCP server to other clients. Writes nothing.",
    payload: () => z.object({}),
    result: () => z.object({ links: z.array(installLinkSchema) }),
  }),
] as const;

export const configCommands = [
  command({
    name: 'config.get',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: "Hob's settings with their meaning.",
    payload: () => z.object({}),
    result: () => z.object({ config: jsonObjectSchema, version: z.number().int() }),
  }),
  command({
    name: 'config.patch',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'Changes settings. What loosens a protection needs a signed statement of a decider.',
    payload: () =>
      z.object({
        changes: jsonObjectSchema,
        decided_at: timestampSchema.optional(),
        decider_id: domainId('decider').optional(),
        signature: z.string().optional(),
      }),
    result: () => z.object({ config: jsonObjectSchema, version: z.number().int() }),
  }),
] as const;
