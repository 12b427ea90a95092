import * as z from 'zod';
import { jsonObjectSchema } from '../envelope/json.ts';
import { decisionHeardSchema, turnStateSchema } from '../views/turn.ts';
import { schedulerEvents } from './scheduler-events.ts';
import { storedEventSchema } from './stored-event.ts';

/** Events that clients receive. `event.appended` carries every stored event; the others are drawn from them. */
export const wireEvents = {
  'event.appended': storedEventSchema,
  'runtime.transcription': z.object({
    turn_id: z.string(),
    text: z.string(),
    /** False: a guess while somebody still talks; not stored, and the next one replaces it. */
    final: z.boolean(),
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
  /*
   * The rest of `runtime.*` is never stored: what is true of this moment, sent to the editor's two
   * connections of every window, subscribed or not.
   */
  'runtime.mic_status': z.object({
    state: z.enum(['closed', 'opening', 'open', 'error']),
    /** The turn and window that it is about; null when it closes for nobody. */
    turn_id: z.string().nullable(),
    window_id: z.string().nullable(),
    device: z.string().nullable(),
    /** What is wrong and what to do: with `error`, and with `open` where it gives nothing but zeros. */
    code: z.string().nullable(),
    message: z.string().nullable(),
    /** False while conversation.gate_set keeps every microphone closed. */
    gate_open: z.boolean(),
  }),
  /** Hob is working on an answer. */
  'runtime.assistant_generating': z.object({ active: z.boolean(), turn_id: z.string().nullable() }),
  /** Where a spoken turn is, and the window that it acts on. */
  'runtime.turn': z.object({
    turn_id: z.string(),
    state: turnStateSchema,
    window_id: z.string().nullable(),
    acts_on: z.string().nullable(),
    /** What a person calls that window: the name of its workspace. */
    acts_on_name: z.string().nullable().default(null),
    /** What is said answers this inquiry of an agent. */
    inquiry_id: z.string().nullable().default(null),
    /** With `editing`: what was heard; with `ended`: why. */
    text: z.string().nullable(),
  }),
  /** RMS 0..1 of what comes in or goes out. Coalesced: a client that reads slowly gets the newest only. */
  'runtime.audio_level': z.object({
    of: z.enum(['microphone', 'speaker']),
    level: z.number(),
  }),
  /** A sentence begins to sound, or `active: false` when it is silent again. Captions. */
  'runtime.speaking': z.object({
    active: z.boolean(),
    speech_id: z.string().nullable(),
    turn_id: z.string().nullable(),
    text: z.string().nullable(),
    index: z.number().int(),
    total: z.number().int(),
    /** What an agent asked to be said is marked as its words. */
    by: z.string().nullable(),
  }),
  /** To the window that opened the turn alone: sign this with approval.respond, source `voice`, within 5 s. */
  'runtime.decision_heard': decisionHeardSchema,
  'orb.palette': z.object({ palette: z.record(z.string(), z.string()).nullable() }),
  'notify.shown': z.object({ title: z.string(), message: z.string(), level: z.string() }),
  'scheduler.task_result': schedulerEvents['scheduler.task_result'],
  'scheduler.needs_user_action': schedulerEvents['scheduler.needs_user_action'],
  'scheduler.error': schedulerEvents['scheduler.error'],
  /** Not stored: the host is about to close; connect again after `retry_after_ms`. */
  'host.draining': z.object({ reason: z.string(), retry_after_ms: z.number() }),
} as const;
export type WireEventName = keyof typeof wireEvents;
