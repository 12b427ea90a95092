import * as z from 'zod';
import { domainId, timestampSchema, workspaceIdSchema } from '../envelope/ids.ts';
import { actionSchema, callHashSchema } from './action-call.ts';

/** What a grant covers: one exact call, or calls whose argv begins with these words. */
export const grantMatchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exact'), call_hash: callHashSchema }),
  z.object({
    kind: z.literal('prefix'),
    argv: z.array(z.string()).min(1).max(16),
    executable: z.string().optional(),
  }),
]);
export type GrantMatch = z.infer<typeof grantMatchSchema>;

/** A standing permission that a card offers; `label` is shown and is exactly as wide as the grant. */
export const grantOfferSchema = z.object({
  offer_id: z.string().min(1).max(32),
  label: z.string().min(1).max(512),
  action: actionSchema,
  tool: z.string(),
  match: grantMatchSchema,
  workspace_id: workspaceIdSchema,
  /** The one principal that it is for. */
  principal_id: z.string(),
  until: timestampSchema.nullable(),
});
export type GrantOffer = z.infer<typeof grantOfferSchema>;

/** A standing permission as listed, counted and revocable. */
export const grantViewSchema = z.object({
  grant_id: domainId('grant'),
  label: z.string(),
  action: actionSchema,
  tool: z.string(),
  match: grantMatchSchema,
  workspace_id: workspaceIdSchema,
  principal_id: z.string(),
  until: timestampSchema.nullable(),
  parent_id: domainId('grant').nullable(),
  approval_id: domainId('approval'),
  created_at: timestampSchema,
  decider_id: domainId('decider'),
  status: z.enum(['active', 'revoked', 'expired']),
  uses: z.number().int().nonnegative(),
  last_used_at: timestampSchema.nullable(),
});
export type GrantView = z.infer<typeof grantViewSchema>;
