import * as z from 'zod';
import { wireErrorSchema } from './errors.ts';
import { uuidSchema, workspaceIdSchema } from './ids.ts';
import { jsonObjectSchema } from './json.ts';
import { CONTRACT_VERSION } from './version.ts';

/** Client → host. Source: seed 000, Envelope. */
export const requestSchema = z.object({
  v: z.literal(CONTRACT_VERSION),
  request_id: uuidSchema,
  command: z.string().min(1).max(64),
  payload: jsonObjectSchema,
  workspace_id: workspaceIdSchema.optional(),
  correlation_id: z.string().min(1).max(128).optional(),
  causation_id: z.string().min(1).max(128).optional(),
  idempotency_key: z.string().min(1).max(128).optional(),
});
export type RequestEnvelope = z.infer<typeof requestSchema>;

/** Host → client, exactly one for each request. `request_id` is null when the request had none that could be read. */
export const responseSchema = z.discriminatedUnion('ok', [
  z.object({
    v: z.literal(CONTRACT_VERSION),
    request_id: uuidSchema,
    ok: z.literal(true),
    payload: jsonObjectSchema,
  }),
  z.object({
    v: z.literal(CONTRACT_VERSION),
    request_id: uuidSchema.nullable(),
    ok: z.literal(false),
    error: wireErrorSchema,
  }),
]);
export type ResponseEnvelope = z.infer<typeof responseSchema>;

/** Host → client, unasked. `seq` is there on durable events: the global sequence number in the store. */
export const eventSchema = z.object({
  v: z.literal(CONTRACT_VERSION),
  event_id: uuidSchema,
  event: z.string().min(1).max(64),
  payload: jsonObjectSchema,
  seq: z.number().int().positive().optional(),
});
export type EventEnvelope = z.infer<typeof eventSchema>;

export type HostMessage = ResponseEnvelope | EventEnvelope;
