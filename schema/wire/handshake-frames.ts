/*
 * The four frames of the handshake, as the host checks them. Clients take only the types from here,
 * so that they start without zod.
 */
import * as z from 'zod';
import { wireErrorSchema } from '../envelope/errors.ts';
import { roleSchema } from '../envelope/principal.ts';
import { CONTRACT_VERSION } from '../envelope/version.ts';

/** 32 bytes, base64url without padding. */
const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes, base64url');

/** What the frames after the welcome are: envelopes, or JSON-RPC messages of MCP. */
export const channels = ['envelope', 'mcp'] as const;
export const channelSchema = z.enum(channels);
export type Channel = z.infer<typeof channelSchema>;

/** Client → host. */
export const helloSchema = z.object({
  v: z.literal(CONTRACT_VERSION),
  type: z.literal('hello'),
  role: roleSchema,
  client_nonce: bytes32,
  channel: channelSchema.default('envelope'),
});
export type HelloFrame = z.input<typeof helloSchema>;

/** Host → client: proves that the host holds the key, before the client says anything more. */
export const challengeSchema = z.object({
  type: z.literal('challenge'),
  instance_id: z.uuid(),
  host_nonce: bytes32,
  proof: bytes32,
});
export type ChallengeFrame = z.infer<typeof challengeSchema>;

/** Client → host. */
export const authSchema = z.object({
  type: z.literal('auth'),
  proof: bytes32,
  /** What the client calls itself, e.g. an agent's name. */
  principal_hint: z.string().max(128),
  /** Proves the name of an agent that was added. */
  token: z.string().max(512).optional(),
});
export type AuthFrame = z.infer<typeof authSchema>;

/** Host → client. From here on the frames are those of the channel. */
export const welcomeSchema = z.object({ type: z.literal('welcome'), session_id: z.uuid() });
export type WelcomeFrame = z.infer<typeof welcomeSchema>;

/** Host → client, instead of a challenge or a welcome; the connection closes. */
export const refusedSchema = z.object({ type: z.literal('refused'), error: wireErrorSchema });
export type RefusedFrame = z.infer<typeof refusedSchema>;
