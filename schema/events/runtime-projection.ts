// Without zod: the host draws from it for every event, and checks none of its own with a schema.
import type { JsonObject } from '../envelope/json.ts';
import type { DomainEventData, DomainEventType } from './domain-events.ts';
import type { WireEventName } from './runtime-events.ts';
import type { StoredEvent } from './stored-event.ts';

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
  'scheduler.task_result': (d) => ({
    event: 'scheduler.task_result',
    payload: JSON.parse(JSON.stringify(d)) as JsonObject,
  }),
  'scheduler.needs_user_action': (d) => ({ event: 'scheduler.needs_user_action', payload: d }),
  'scheduler.error': (d) => ({ event: 'scheduler.error', payload: d }),
};

/** The `runtime.*` form of a stored event, or null when it has none (or its content was erased). */
export function projectRuntimeEvent(stored: StoredEvent): Projected | null {
  const map = runtimeProjection[stored.event_type as DomainEventType] as
    | ((data: unknown) => Projected)
    | undefined;
  return map === undefined || stored.data === null ? null : map(stored.data);
}
