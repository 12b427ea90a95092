import * as z from 'zod';
import { jsonObjectSchema } from '../envelope/json.ts';
import { storedEventSchema } from './stored-event.ts';

/** Events that clients receive. `event.appended` carries every stored event; the others are drawn from them. */
export const wireEvents = {
  'event.appended': storedEventSchema,
  'runtime.transcription': z.object({
    turn_id: z.string(),
    text: z.string(),
    final: z.literal(true),
    source: z.string(),
  }),
  'runtime.assistant_sentence': z.object({
    turn_id: z.string(),
    text: z.string(),
    event_seqs: z.array(z.number()),
  }),
  'runtime.tool_call': z.object({
    tool_call_id: z.string(),
    run_id: z.string(),
    runner: z.string(),
    tool: z.string(),
    arguments: jsonObjectSchema,
    expires_at: z.string().nullable(),
    /** Only on the copy for the one window that must execute it. */
    token: z.string().optional(),
  }),
  'runtime.tool_result': z.object({
    tool_call_id: z.string(),
    run_id: z.string(),
    ok: z.boolean(),
    result: jsonObjectSchema,
  }),
  'runtime.control': z.object({
    state: z.enum(['running', 'stopped', 'kill_switch_on', 'kill_switch_off']),
    reason: z.string(),
  }),
  'orb.palette': z.object({ palette: z.record(z.string(), z.string()).nullable() }),
  'notify.shown': z.object({ title: z.string(), message: z.string(), level: z.string() }),
  /** Not stored: the host is about to close; connect again after `retry_after_ms`. */
  'host.draining': z.object({ reason: z.string(), retry_after_ms: z.number() }),
} as const;
export type WireEventName = keyof typeof wireEvents;
