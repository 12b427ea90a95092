import * as z from 'zod';
import { domainId, timestampSchema, workspaceIdSchema } from '../envelope/ids.ts';
import { actionSchema } from './action-call.ts';

/**
 * How far something goes, least first: what only reads in the workspace and asks nobody, what asks
 * a person, and the danger class, which asks twice.
 */
export const zones = ['sandbox', 'supervised', 'high_stakes'] as const;
export const zoneSchema = z.enum(zones);
export type Zone = z.infer<typeof zoneSchema>;

/** What a token is good for. It allows nothing by itself: inside it, the policy decides as always. */
export const capabilityScopeSchema = z.object({
  /** Actions that may be asked for; null = every one. */
  actions: z.array(actionSchema).min(1).max(32).nullable().default(null),
  /** The highest zone. */
  zone: zoneSchema.default('high_stakes'),
  /** Workspaces it is good in; null = every one. */
  workspace_ids: z.array(workspaceIdSchema).min(1).max(64).nullable().default(null),
  until: timestampSchema.nullable().default(null),
});
export type CapabilityScope = z.infer<typeof capabilityScopeSchema>;

/** The grant that an agent's token is the handle of. */
export const capabilityViewSchema = z.object({
  grant_id: domainId('grant'),
  agent_id: domainId('agent'),
  scope: capabilityScopeSchema,
  /** The grants it was handed down through, first the one that a person made, last itself. */
  delegation: z.array(domainId('grant')).min(1).max(16),
  status: z.enum(['active', 'revoked']),
  created_at: timestampSchema,
  /** The approval that widened it last; null while it is as it was made. */
  approval_id: domainId('approval').nullable(),
});
export type CapabilityView = z.infer<typeof capabilityViewSchema>;
