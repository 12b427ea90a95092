// Small events and a read model that the tests of event stores share.
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StreamRef } from '#schema/events/stored-event.ts';
import type { EventContext, Projection } from './ports.ts';

/** A read model for these tests: how often each turn was heard of, with the last text. */
export interface TurnCount {
  turn: string;
  count: number;
  last: string | null;
  nested: Record<string, unknown>;
}

export const turnCounts: Projection<TurnCount> = {
  table: 'proj_turn_counts',
  version: 1,
  key: (event) => (event.stream.stream_type === 'turn' ? event.stream.stream_id : null),
  evolve: (document, event) => {
    if (event.event_type === 'turn.cancelled') return null;
    const text = event.data?.['text'];
    return {
      turn: event.stream.stream_id,
      count: (document?.count ?? 0) + 1,
      last: typeof text === 'string' ? text : null,
      nested: { ...document?.nested, [event.event_type]: event.data },
    };
  },
  columns: (document) => ({ count: document.count, last: document.last }),
};

export const conformanceContext: EventContext = {
  workspace_id: 'ws_dev',
  actor: { kind: 'user', id: 'user', display: 'you', role: 'panel', proven: true },
  correlation_id: 'corr-1',
  causation_id: null,
};

export const turnStream = (id: string): StreamRef => ({
  stream_type: 'turn',
  stream_id: id,
});

export const turnStarted = (id: string, text: string): DomainEvent => ({
  type: 'turn.started',
  data: { turn_id: id, text, source: 'panel', window_id: null },
});
