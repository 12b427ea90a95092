import * as z from 'zod';
import { jsonObjectSchema, type JsonObject } from '../envelope/json.ts';
import { storedEventSchema, type StoredEvent } from './stored-event.ts';
import type { DomainEventData, DomainEventType } from './domain-events.ts';

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

type Projected = { event: WireEventName; payload: JsonObject };
type Mapping = { [T in DomainEventType]?: (data: DomainEventData<T>) => Projected };

/**
 * Stored event → `runtime.*` event: a pure projection with the same seq. What is not listed
 * travels only as `event.appended`. Source: seed 000, Events.
 */
export const runtimeProjection: Mapping = {
  'turn.started': (d) => ({
    event: 'runtime.transcription',
    payload: { turn_id: d.turn_id, text: d.text, final: true, source: d.source },
  }),
  'turn.answered': (d) => ({
    event: 'runtime.assistant_sentence',
    payload: { turn_id: d.turn_id, text: d.text, event_seqs: d.event_seqs },
  }),
  'toolcall.requested': (d) => ({
    event: 'runtime.tool_call',
    payload: {
      tool_call_id: d.tool_call_id,
      run_id: d.run_id,
      runner: d.runner,
      tool: d.tool,
      arguments: d.arguments,
      expires_at: d.expires_at,
    },
  }),
  'toolcall.succeeded': (d) => ({
    event: 'runtime.tool_result',
    payload: { tool_call_id: d.tool_call_id, run_id: d.run_id, ok: true, result: d.result },
  }),
  'toolcall.failed': (d) => ({
    event: 'runtime.tool_result',
    payload: {
      tool_call_id: d.tool_call_id,
      run_id: d.run_id,
      ok: false,
      result: JSON.parse(JSON.stringify(d.error)) as JsonObject,
    },
  }),
  'runtime.started': () => ({
    event: 'runtime.control',
    payload: { state: 'running', reason: 'started' },
  }),
  'runtime.stopped': (d) => ({
    event: 'runtime.control',
    payload: { state: 'stopped', reason: d.reason },
  }),
  'policy.kill_switch_set': (d) => ({
    event: 'runtime.control',
    payload: { state: d.on ? 'kill_switch_on' : 'kill_switch_off', reason: d.reason },
  }),
  'orb.palette_set': (d) => ({ event: 'orb.palette', payload: { palette: d.palette } }),
  'orb.palette_cleared': () => ({ event: 'orb.palette', payload: { palette: null } }),
  'notification.shown': (d) => ({ event: 'notify.shown', payload: d }),
};

/** The `runtime.*` form of a stored event, or null when it has none (or its content was erased). */
export function projectRuntimeEvent(stored: StoredEvent): Projected | null {
  const map = runtimeProjection[stored.event_type as DomainEventType] as
    | ((data: unknown) => Projected)
    | undefined;
  return map === undefined || stored.data === null ? null : map(stored.data);
}
