import type { EventEnvelope } from '#schema/envelope/envelope.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

/** What of a stored event this window looks at; `data` is empty once it was erased. */
export interface Stored extends Pick<StoredEvent, 'event_type' | 'workspace_id' | 'run_id'> {
  readonly data: JsonObject;
}

/** The stored event that an event carries; null for every other kind. The host sends only what fits the contract. */
export function storedIn({ event, payload }: EventEnvelope): Stored | null {
  if (event !== 'event.appended') return null;
  const stored = payload as unknown as StoredEvent;
  return { ...stored, data: stored.data ?? {} };
}
