import * as z from 'zod';
import { domainId, timestampSchema, workspaceIdSchema } from '../envelope/ids.ts';
import { principalSchema } from '../envelope/principal.ts';
import { actionCallSchema, callHashSchema } from './action-call.ts';
import { grantOfferSchema } from './grant.ts';
import { decisionHeardSchema } from './turn.ts';

/** `hold` stops the clock and `release` lets it run again; neither is a decision. */
export const decisionKinds = ['approve', 'deny', 'hold', 'release'] as const;
export const decisionKindSchema = z.enum(decisionKinds);
export type DecisionKind = z.infer<typeof decisionKindSchema>;

/** Where the person answered. Kept in the signed statement. */
export const decisionSourceSchema = z.enum(['panel', 'notification', 'palette', 'voice']);
export type DecisionSource = z.infer<typeof decisionSourceSchema>;

/** A decision as it was signed; enough to check it offline with the decider's public key. */
export const signedDecisionSchema = z.object({
  approval_id: domainId('approval'),
  call_hash: callHashSchema,
  decision: decisionKindSchema,
  /** The standing permission that was chosen with it; null = only this once. */
  offer_id: z.string().nullable(),
  source: decisionSourceSchema,
  /** True when the person took the second, deliberate step that danger needs. */
  confirmed: z.boolean(),
  decided_at: timestampSchema,
  decider_id: domainId('decider'),
  /** What was heard, with `source: 'voice'` and only then; as runtime.decision_heard brought it. */
  heard: decisionHeardSchema.optional(),
  /** Ed25519 over `decisionStatement`, base64url without padding. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type SignedDecision = z.infer<typeof signedDecisionSchema>;

/** What a person must know before they answer. Written by the host, never by the agent. */
export const explanationSchema = z.object({
  /** One sentence: what it would do. */
  effect: z.string(),
  /** Where: folder, branch, host. */
  where: z.string(),
  reversible: z.enum(['yes', 'no', 'unknown']),
  /** What happens when nobody answers. */
  silence: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;

export const approvalStatuses = [
  'pending',
  'held',
  'approved',
  'denied',
  'expired',
  'cancelled',
] as const;

/** One question bound to one exact call. */
export const approvalViewSchema = z.object({
  approval_id: domainId('approval'),
  run_id: domainId('run').nullable(),
  workspace_id: workspaceIdSchema,
  /** Joins everything that one asking led to. */
  correlation_id: z.string(),
  status: z.enum(approvalStatuses),
  requester: principalSchema,
  /** The requester's own words for what it is doing. Untrusted text. */
  task: z.string().nullable(),
  call: actionCallSchema,
  call_hash: callHashSchema,
  danger: z.boolean(),
  /** Why it is dangerous, in words; empty when it is not. */
  danger_reasons: z.array(z.string()),
  reason_code: z.string(),
  explanation: explanationSchema,
  offers: z.array(grantOfferSchema),
  requested_at: timestampSchema,
  /** Null = never expires, or the clock is stopped by a hold. */
  expires_at: timestampSchema.nullable(),
  /** Milliseconds left on the clock when it was held. */
  held_remaining_ms: z.number().int().nonnegative().nullable(),
  settled_at: timestampSchema.nullable(),
  decision: signedDecisionSchema.nullable(),
  grant_id: domainId('grant').nullable(),
  /** Why it ended without a decision (`expired`, `requester_gone`, `run_cancelled`, `kill_switch`). */
  ended_reason: z.string().nullable(),
});
export type ApprovalView = z.infer<typeof approvalViewSchema>;
