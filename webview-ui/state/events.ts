import type { StoredEvent } from '#schema/events/stored-event.ts';

/** Events kept for the timeline; older ones are read again when somebody scrolls there. */
export const MAX_EVENTS = 2_000;

/** Both lists as one, newest first, each event once. */
export function mergeEvents(
  known: readonly StoredEvent[],
  more: readonly StoredEvent[],
): readonly StoredEvent[] {
  if (more.length === 0) return known;
  const newest = known[0];
  const [only] = more;
  // The usual case: the next event of the stream.
  if (more.length === 1 && only !== undefined && (newest === undefined || only.seq > newest.seq)) {
    return [only, ...known.slice(0, MAX_EVENTS - 1)];
  }
  const bySeq = new Map([...known, ...more].map((event) => [event.seq, event]));
  return [...bySeq.values()].toSorted((a, b) => b.seq - a.seq);
}
