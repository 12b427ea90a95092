import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { agentViewSchema } from '../views/agent.ts';
import { approvalViewSchema, signedDecisionSchema } from '../views/approval.ts';
import { capabilityScopeSchema, capabilityViewSchema, zoneSchema } from '../views/capability.ts';
import { command, everyRole } from './define.ts';

/** The decision that grants or denies; which of the two is the command's name. */
const signedAnswer = () =>
  signedDecisionSchema
    .omit({ decision: true })
    .partial({ signature: true, decider_id: true, decided_at: true });

export const capabilityCommands = [
  command({
    name: 'capability.request',
    roles: ['agent'],
    action: 'act',
    idempotent: false,
    since: '0.2.0',
    summary:
      'Asks a person to let this token do more. The answer is an approval like any other; a yes widens the grant behind the token.',
    payload: () =>
      z.object({
        /** Added to what it is good for now; null = every one. Left out: as it is. */
        actions: capabilityScopeSchema.shape.actions.unwrap().optional(),
        workspace_ids: capabilityScopeSchema.shape.workspace_ids.unwrap().optional(),
        /** The new value; left out: as it is. */
        zone: zoneSchema.optional(),
        until: timestampSchema.nullable().optional(),
        /** The requester's own words for why. */
        reason: z.string().min(1).max(512),
        wait_ms: z.number().int().min(0).max(3_600_000).default(45_000),
      }),
    result: () =>
      z.object({
        decision: z.enum(['allow', 'deny', 'pending']),
        reason: z.string(),
        run_id: domainId('run'),
        approval_id: domainId('approval').nullable(),
        /** As it is now. */
        capability: capabilityViewSchema,
      }),
  }),
  command({
    name: 'capability.grant',
    roles: everyRole,
    action: 'control',
    idempotent: false,
    since: '0.2.0',
    summary:
      'Says yes to a request for more, signed by an enrolled decider as approval.respond is. Roles other than panel and extension are refused with approval_source_refused.',
    payload: signedAnswer,
    result: () => z.object({ approval: approvalViewSchema }),
  }),
  command({
    name: 'capability.deny',
    roles: everyRole,
    action: 'control',
    idempotent: false,
    since: '0.2.0',
    summary: 'Says no to a request for more, signed likewise.',
    payload: signedAnswer,
    result: () => z.object({ approval: approvalViewSchema }),
  }),
  command({
    name: 'capability.delegate',
    roles: ['agent'],
    action: 'control',
    idempotent: false,
    since: '0.2.0',
    summary:
      'Hands a part of this token down to another agent: a token of its own, never wider, which ends with this one.',
    payload: () =>
      capabilityScopeSchema.extend({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
        display: z.string().min(1).max(128).optional(),
      }),
    result: () => z.object({ agent: agentViewSchema, token: z.string() }),
  }),
] as const;
