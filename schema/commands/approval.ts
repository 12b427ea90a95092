import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { actionCallSchema } from '../views/action-call.ts';
import { approvalStatuses, approvalViewSchema, signedDecisionSchema } from '../views/approval.ts';
import { grantViewSchema } from '../views/grant.ts';
import { policyDecisionSchema } from '../views/run.ts';
import { command, editor, everyRole, people } from './define.ts';

export const approvalCommands = [
  command({
    name: 'approval.request',
    roles: ['agent', 'engine', 'cli', ...editor],
    action: 'act',
    idempotent: false,
    since: '0.1.0',
    summary:
      "Asks the gate about one exact call that the caller will execute itself (an agent's hook). Allowed and denied calls are answered at once, the others wait for a person.",
    payload: () =>
      z.object({
        call: actionCallSchema,
        /** The caller's own words for what it is doing. */
        task: z.string().max(512).optional(),
        /** Calls with the same key are one question (a call that fires two hooks). */
        dedupe_key: z.string().max(256).optional(),
        /** How long the caller waits; then the answer is `pending`. */
        wait_ms: z.number().int().min(0).max(3_600_000).default(45_000),
        /** Withdraw the question when this connection closes: nobody would hear the answer. */
        cancel_on_disconnect: z.boolean().default(false),
        /** `hook` when an agent's own hook asks, for coverage. */
        via: z.enum(['hook', 'mcp', 'client']).default('client'),
      }),
    result: () =>
      z.object({
        decision: z.enum(['allow', 'deny', 'pending']),
        reason_code: z.string(),
        reason: z.string(),
        run_id: domainId('run').nullable(),
        approval_id: domainId('approval').nullable(),
      }),
  }),
  command({
    name: 'approval.list',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Approvals, oldest waiting first. An agent sees its own.',
    payload: () =>
      z.object({
        status: z.array(z.enum(approvalStatuses)).max(6).default(['pending', 'held']),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    result: () => z.object({ approvals: z.array(approvalViewSchema), total: z.number().int() }),
  }),
  command({
    name: 'approval.get',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'One approval, whole. With `wait_ms`, answers when it is settled.',
    payload: () =>
      z.object({
        approval_id: domainId('approval'),
        wait_ms: z.number().int().min(0).max(50_000).default(0),
      }),
    result: () => z.object({ approval: approvalViewSchema }),
  }),
  command({
    name: 'approval.respond',
    roles: everyRole,
    action: 'control',
    idempotent: false,
    since: '0.1.0',
    summary:
      'A signed decision of an enrolled decider. Roles other than panel and extension are refused with approval_source_refused.',
    payload: () =>
      signedDecisionSchema
        .partial({ signature: true, decider_id: true, decided_at: true })
        .extend({ reason: z.string().max(512).optional() }),
    result: () => z.object({ approval: approvalViewSchema }),
  }),
  command({
    name: 'grant.list',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'Standing permissions with their use counts. An agent sees its own.',
    payload: () =>
      z.object({
        status: z
          .array(z.enum(['active', 'revoked', 'expired']))
          .max(3)
          .default(['active']),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    result: () => z.object({ grants: z.array(grantViewSchema) }),
  }),
  command({
    name: 'grant.revoke',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary: 'Ends a standing permission and its children, at once.',
    payload: () =>
      z.object({
        grant_id: domainId('grant'),
        reason: z.string().max(256).default('revoked by hand'),
      }),
    result: () => z.object({ revoked: z.array(domainId('grant')) }),
  }),
  command({
    name: 'policy.evaluate',
    roles: everyRole,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'What the gate would say to a call of this client, and why. Changes nothing.',
    payload: () => z.object({ call: actionCallSchema }),
    result: () => policyDecisionSchema,
  }),
  command({
    name: 'policy.kill_switch_set',
    roles: people,
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      'On: nothing is started any more, whatever was approved. Turning it off loosens a protection and needs a signed statement.',
    payload: () =>
      z.object({
        on: z.boolean(),
        reason: z.string().max(256).default('by hand'),
        decided_at: timestampSchema.optional(),
        decider_id: domainId('decider').optional(),
        signature: z.string().optional(),
      }),
    result: () => z.object({ on: z.boolean() }),
  }),
  command({
    name: 'decider.enroll',
    roles: ['extension'],
    action: 'control',
    idempotent: true,
    since: '0.1.0',
    summary:
      "Enrols the public half of this editor's decision key. The first of a store at once, every further one by an approval.",
    payload: () =>
      z.object({
        /** Raw Ed25519 public key, 32 bytes, base64url. */
        public_key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
        label: z.string().min(1).max(128),
        /** Ed25519 over `enrolmentStatement`, so nobody enrols a key that they do not hold. */
        proof: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
      }),
    result: () =>
      z.object({
        decider_id: domainId('decider'),
        status: z.enum(['enrolled', 'pending']),
        approval_id: domainId('approval').nullable(),
      }),
  }),
  command({
    name: 'decider.list',
    roles: people,
    action: 'read',
    idempotent: true,
    since: '0.1.0',
    summary: 'The editors that may decide.',
    payload: () => z.object({}),
    result: () =>
      z.object({
        deciders: z.array(
          z.object({
            decider_id: domainId('decider'),
            label: z.string(),
            public_key: z.string(),
            enrolled_at: timestampSchema,
          }),
        ),
      }),
  }),
] as const;
