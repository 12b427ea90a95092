import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { wireErrorSchema } from '../envelope/errors.ts';
import { principalSchema } from '../envelope/principal.ts';
import { actionCallSchema, callHashSchema } from '../views/action-call.ts';
import { agentViewSchema } from '../views/agent.ts';
import { capabilityScopeSchema } from '../views/capability.ts';
import { explanationSchema, signedDecisionSchema } from '../views/approval.ts';
import { grantOfferSchema } from '../views/grant.ts';
import { intentMatchSchema } from '../views/intent.ts';
import {
  decisionHeardSchema,
  heardSchema,
  listenModes,
  signedListenSchema,
} from '../views/turn.ts';
import { policyDecisionSchema, runnerKindSchema, triggerSchema } from '../views/run.ts';
import { egressEvents } from './egress-events.ts';
import { inquiryEvents } from './inquiry-events.ts';
import { schedulerEvents } from './scheduler-events.ts';
import { serverEvents } from './server-events.ts';
import { vaultEvents } from './vault-events.ts';

const approvalId = domainId('approval');
const runId = domainId('run');

/**
 * Every event that the store may hold: past facts. The data of a shipped version is frozen; a change
 * adds the next version (event-version.ts) and, where old data would not fit, an upgrade. Each stream
 * is named beside it.
 */
export const domainEvents = {
  // host/<instance_id>
  'host.started': z.object({
    instance_id: z.string(),
    pid: z.number(),
    build: z.string(),
    store_id: z.string(),
  }),
  'host.stopped': z.object({ instance_id: z.string(), reason: z.string() }),
  'runtime.started': z.object({}),
  'runtime.stopped': z.object({ reason: z.string() }),

  // lease/<name>
  /** The lease changed hands. `fencing` is never given twice; heartbeats are not events. */
  'lease.acquired': z.object({
    name: z.string(),
    instance_id: z.string(),
    pid: z.number(),
    fencing: z.number().int().positive(),
    /** Why it was free: never held, given back, run out, of an earlier boot, or not to be read. */
    after: z.enum(['none', 'released', 'expired', 'rebooted', 'unreadable']),
    previous_instance_id: z.string().nullable(),
  }),

  // decider/<decider_id>
  'decider.enrolled': z.object({
    decider_id: domainId('decider'),
    /** Raw Ed25519 public key, 32 bytes, base64url. */
    public_key: z.string(),
    label: z.string(),
    /** Null for the first one of a store. */
    approval_id: approvalId.nullable(),
  }),
  'decider.reset': z.object({ reason: z.string() }),

  // approval/<approval_id>
  'approval.requested': z.object({
    approval_id: approvalId,
    run_id: runId.nullable(),
    requester: principalSchema,
    task: z.string().nullable(),
    call: actionCallSchema,
    call_hash: callHashSchema,
    danger: z.boolean(),
    danger_reasons: z.array(z.string()),
    reason_code: z.string(),
    explanation: explanationSchema,
    offers: z.array(grantOfferSchema),
    expires_at: timestampSchema.nullable(),
    /** Calls with this key that arrive while it waits are the same question. */
    dedupe_key: z.string().nullable(),
  }),
  'approval.held': z.object({
    approval_id: approvalId,
    signed: signedDecisionSchema,
    remaining_ms: z.number().nullable(),
  }),
  'approval.released': z.object({
    approval_id: approvalId,
    signed: signedDecisionSchema,
    expires_at: timestampSchema.nullable(),
  }),
  'approval.decided': z.object({
    approval_id: approvalId,
    decision: z.enum(['approve', 'deny']),
    signed: signedDecisionSchema,
    grant_id: domainId('grant').nullable(),
  }),
  'approval.expired': z.object({ approval_id: approvalId }),
  'approval.cancelled': z.object({ approval_id: approvalId, reason: z.string() }),

  // grant/<grant_id>
  'grant.created': z.object({
    grant_id: domainId('grant'),
    offer: grantOfferSchema,
    approval_id: approvalId,
    decider_id: domainId('decider'),
    parent_id: domainId('grant').nullable(),
  }),
  'grant.used': z.object({ grant_id: domainId('grant'), run_id: runId }),
  'grant.revoked': z.object({ grant_id: domainId('grant'), reason: z.string() }),

  // run/<run_id>
  'run.created': z.object({
    run_id: runId,
    trigger: triggerSchema,
    runner: runnerKindSchema,
    principal: principalSchema,
    call: actionCallSchema,
    call_hash: callHashSchema,
    policy: policyDecisionSchema,
  }),
  'run.waiting': z.object({ run_id: runId, approval_id: approvalId }),
  /** A yes came while no host led the scheduler: the run goes on as soon as one does. */
  'run.queued': z.object({ run_id: runId, approval_id: approvalId }),
  'run.resumed': z.object({ run_id: runId, approval_id: approvalId }),
  /** Committed before the effect starts: after a crash the run is `interrupted`, never run again by itself. */
  'run.started': z.object({
    run_id: runId,
    step_id: domainId('step'),
    tool_call_id: domainId('toolCall'),
  }),
  'run.succeeded': z.object({ run_id: runId, result: jsonObjectSchema }),
  'run.failed': z.object({
    run_id: runId,
    error: wireErrorSchema,
    result: jsonObjectSchema.nullable(),
  }),
  'run.denied': z.object({ run_id: runId, reason_code: z.string(), reason: z.string() }),
  'run.cancelled': z.object({ run_id: runId, reason: z.string() }),
  'run.interrupted': z.object({ run_id: runId, reason: z.string() }),

  // run/<run_id> too: its parts
  'toolcall.requested': z.object({
    tool_call_id: domainId('toolCall'),
    run_id: runId,
    step_id: domainId('step'),
    runner: runnerKindSchema,
    tool: z.string(),
    arguments: jsonObjectSchema,
    expires_at: timestampSchema.nullable(),
  }),
  'toolcall.succeeded': z.object({
    tool_call_id: domainId('toolCall'),
    run_id: runId,
    result: jsonObjectSchema,
  }),
  'toolcall.failed': z.object({
    tool_call_id: domainId('toolCall'),
    run_id: runId,
    error: wireErrorSchema,
  }),
  'artifact.created': z.object({
    artifact_id: domainId('artifact'),
    run_id: runId,
    step_id: domainId('step'),
    kind: z.enum(['text', 'json', 'uri']),
    name: z.string(),
    /** SHA-256 of the bytes, which lie beside the database under this name. */
    sha256: z.string(),
    bytes: z.number().int().nonnegative(),
  }),

  // turn/<turn_id>
  /** Only of spoken turns, and only once something was heard: a turn that is let go leaves nothing. */
  'turn.opened': z.object({
    turn_id: domainId('turn'),
    mode: z.enum(listenModes),
    window_id: z.string().nullable(),
    device: z.string().nullable(),
    /** The statement that made it a turn in which an answer may count; checked when it was opened. */
    listen: signedListenSchema.nullable(),
  }),
  'turn.heard': heardSchema.extend({ turn_id: domainId('turn') }),
  /** Before the decision that rests on it. */
  'turn.decision_heard': decisionHeardSchema,
  'turn.question_asked': z.object({
    turn_id: domainId('turn'),
    approval_id: approvalId,
    text: z.string(),
    /** 1 = first asked, 2 and 3 = asked again. */
    attempt: z.number().int(),
  }),
  /** The spoken question is over; the approval itself waits on unless it was answered. */
  'turn.question_closed': z.object({
    turn_id: domainId('turn'),
    approval_id: approvalId,
    reason: z.enum(['answered', 'unanswered', 'ambiguous', 'settled']),
  }),
  'turn.started': z.object({
    turn_id: domainId('turn'),
    text: z.string(),
    source: z.enum(['panel', 'palette', 'cli', 'agent', 'voice', 'wav']),
    window_id: z.string().nullable(),
  }),
  'turn.understood': z.object({
    turn_id: domainId('turn'),
    match: intentMatchSchema.nullable(),
    closest: z.array(intentMatchSchema),
  }),
  'turn.answered': z.object({
    turn_id: domainId('turn'),
    text: z.string(),
    run_id: runId.nullable(),
    event_seqs: z.array(z.number().int()),
  }),
  'turn.cancelled': z.object({ turn_id: domainId('turn'), reason: z.string() }),

  // policy/<workspace_id>, config/host, orb/host
  'policy.kill_switch_set': z.object({
    on: z.boolean(),
    reason: z.string(),
    signed: z.string().nullable(),
  }),
  'config.patched': z.object({ changes: jsonObjectSchema, signed: z.string().nullable() }),
  'orb.palette_set': z.object({ palette: z.record(z.string(), z.string()) }),
  'orb.palette_cleared': z.object({}),
  'notification.shown': z.object({
    title: z.string(),
    message: z.string(),
    level: z.enum(['info', 'warning', 'error']),
  }),

  // agent/<agent_id>
  'agent.added': z.object({
    agent_id: domainId('agent'),
    name: z.string(),
    display: z.string(),
    token_sha256: z.string().nullable(),
  }),
  /** A token for an agent that was known without one. */
  'agent.token_issued': z.object({ agent_id: domainId('agent'), token_sha256: z.string() }),
  'agent.connected': z.object({
    agent_id: domainId('agent'),
    files: z.array(
      z.object({
        path: z.string(),
        sha256_before: z.string().nullable(),
        sha256_after: z.string(),
      }),
    ),
  }),
  'agent.disconnected': z.object({ agent_id: domainId('agent'), files: z.array(z.string()) }),
  'agent.coverage_changed': z.object({
    agent_id: domainId('agent'),
    coverage: agentViewSchema.shape.coverage,
  }),
  'agent.seen': z.object({ agent_id: domainId('agent'), via: z.enum(['hook', 'mcp']) }),
  'agent.revoked': z.object({ agent_id: domainId('agent'), reason: z.string() }),

  // inquiry/<inquiry_id>
  ...inquiryEvents,

  // capability/<grant_id>
  /** Made with a token, or widened by an approval: the whole scope each time. */
  'capability.granted': z.object({
    grant_id: domainId('grant'),
    agent_id: domainId('agent'),
    scope: capabilityScopeSchema,
    delegation: z.array(domainId('grant')),
    approval_id: approvalId.nullable(),
  }),
  'capability.revoked': z.object({
    grant_id: domainId('grant'),
    agent_id: domainId('agent'),
    reason: z.string(),
  }),

  // task/<task_id>, slot/<run_key>, scheduler/events
  ...schedulerEvents,

  // server/<server_id>
  ...serverEvents,

  // egress/<server_id>
  ...egressEvents,

  // vault/host
  ...vaultEvents,
} as const;

export type DomainEventType = keyof typeof domainEvents;
export type DomainEventData<T extends DomainEventType> = z.infer<(typeof domainEvents)[T]>;
/** A decided, not yet stored event: its type with the data that belongs to it. */
export type DomainEvent = {
  [T in DomainEventType]: { type: T; data: DomainEventData<T> };
}[DomainEventType];
