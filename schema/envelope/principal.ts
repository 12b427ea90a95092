import * as z from 'zod';

/** What a connection is. The handshake binds it: it is part of both proofs. */
export const roles = ['panel', 'extension', 'cli', 'agent', 'engine', 'peer'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Connections of the editor itself: only behind these is a person who may answer. */
export const mayDecide = (role: Role): boolean => role === 'panel' || role === 'extension';

/**
 * Who acts. `id` is stable (`user`, `cli`, `agent_…` or `claimed:<name>`); `display` is what people read.
 * `proven` is false while an agent only *calls itself* something and no token has proved it.
 */
export const principalSchema = z.object({
  kind: z.enum(['user', 'agent', 'service']),
  id: z.string().min(1).max(128),
  display: z.string().min(1).max(128),
  role: roleSchema,
  proven: z.boolean(),
  /** The grants behind its token, first the one that a person made; only with a token. */
  delegation: z.array(z.string()).max(16).optional(),
});
export type Principal = z.infer<typeof principalSchema>;
