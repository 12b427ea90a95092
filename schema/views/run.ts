import * as z from 'zod';
import { domainId, timestampSchema, workspaceIdSchema } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { principalSchema } from '../envelope/principal.ts';
import { wireErrorSchema } from '../envelope/errors.ts';
import { actionCallSchema, callHashSchema } from './action-call.ts';

/** What started a run. `ref` is the turn, the agent's tool-use id, … */
export const triggerSchema = z.object({
  kind: z.enum(['sentence', 'mcp', 'hook', 'command', 'schedule', 'engine']),
  ref: z.string().max(256).nullable(),
});
export type Trigger = z.infer<typeof triggerSchema>;

export const runStatuses = [
  'queued',
  'running',
  'waiting_for_approval',
  'succeeded',
  'failed',
  'denied',
  'cancelled',
  'interrupted',
] as const;
export const runStatusSchema = z.enum(runStatuses);
export type RunStatus = z.infer<typeof runStatusSchema>;
/** States that a run never leaves. */
export const endedRunStatuses: readonly RunStatus[] = [
  'succeeded',
  'failed',
  'denied',
  'cancelled',
  'interrupted',
];

/** Who executes: the host (commands), an editor window, the asking agent itself after a hook said yes, or an external server. */
export const runnerKindSchema = z.enum(['host', 'editor', 'agent', 'internal', 'server']);
export type RunnerKind = z.infer<typeof runnerKindSchema>;

export const policyDecisionSchema = z.object({
  decision: z.enum(['allow', 'deny', 'require_approval']),
  /** Stable code of the rule that decided, e.g. `table.command_run.agent`. */
  reason_code: z.string(),
  /** The same in words. */
  reason: z.string(),
  zone: z.enum(['sandbox', 'supervised', 'high_stakes']),
  danger: z.boolean(),
  danger_reasons: z.array(z.string()),
  /** The grant that allowed it, when one did. */
  grant_id: domainId('grant').nullable(),
});
export type PolicyDecision = z.infer<typeof policyDecisionSchema>;

/** One execution, from the asking to its end. Waiting for an approval is a durable state. */
export const runViewSchema = z.object({
  run_id: domainId('run'),
  workspace_id: workspaceIdSchema,
  status: runStatusSchema,
  trigger: triggerSchema,
  runner: runnerKindSchema,
  principal: principalSchema,
  call: actionCallSchema,
  call_hash: callHashSchema,
  policy: policyDecisionSchema,
  approval_id: domainId('approval').nullable(),
  tool_call_id: domainId('toolCall').nullable(),
  /** Joins everything that one asking led to. */
  correlation_id: z.string(),
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  ended_at: timestampSchema.nullable(),
  /** Tool-specific; a command gives `{exit_code, signal, stdout, stderr, truncated, duration_ms}`. */
  result: jsonObjectSchema.nullable(),
  error: wireErrorSchema.nullable(),
});
export type RunView = z.infer<typeof runViewSchema>;
