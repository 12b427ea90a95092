import * as z from 'zod';
import { timestampSchema, uuidSchema, workspaceIdSchema, domainId } from '../envelope/ids.ts';
import { jsonObjectSchema } from '../envelope/json.ts';
import { principalSchema } from '../envelope/principal.ts';

/** One ordered sequence of events: what `decide` loads and appends to. */
export const streamRefSchema = z.object({
  stream_type: z.string().regex(/^[a-z_]{1,32}$/),
  stream_id: z.string().min(1).max(128),
});
export type StreamRef = z.infer<typeof streamRefSchema>;

/**
 * An event as it lies in `evt_events`, and as `event.appended` carries it.
 * Source: seed 002. `data` is null once its content was erased; the chain
 * still verifies, since `hash` covers only a salted commitment to it.
 */
export const storedEventSchema = z.object({
  /** Global and gapless, from 1. */
  seq: z.number().int().positive(),
  event_id: uuidSchema,
  event_type: z.string().regex(/^[a-z_]+\.[a-z_]+$/),
  event_version: z.number().int().positive(),
  stream: streamRefSchema.extend({ stream_seq: z.number().int().positive() }),
  workspace_id: workspaceIdSchema,
  room_id: z.string(),
  actor: principalSchema,
  occurred_at: timestampSchema,
  recorded_at: timestampSchema,
  correlation_id: z.string(),
  causation_id: z.string().nullable(),
  run_id: domainId('run').nullable(),
  zone: z.enum(['sandbox', 'supervised', 'high_stakes']),
  idempotency_key: z.string().nullable(),
  redaction_level: z.enum(['none', 'partial', 'full']),
  contains_secrets: z.boolean(),
  data: jsonObjectSchema.nullable(),
  /** Hex SHA-256 links; see docs/contract.md, Audit chain. */
  commitment: z.string(),
  prev_hash: z.string(),
  hash: z.string(),
});
export type StoredEvent = z.infer<typeof storedEventSchema>;
