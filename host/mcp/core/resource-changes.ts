import type { StoredEvent } from '#schema/events/stored-event.ts';
import { addresses, approvalUri, runUri, scheduleUri } from './addresses.ts';

/** What one stored event changes. */
interface Changes {
  /** Resources that read the same for everybody. */
  shared: readonly string[];
  /** Resources in which only those find it who may see the event. */
  own: readonly string[];
}

const none: Changes = { shared: [], own: [] };

function changesOf({ stream: { stream_type: type, stream_id: id } }: StoredEvent): Changes {
  switch (type) {
    case 'approval':
      return { shared: [addresses.status], own: [addresses.pendingApprovals, approvalUri(id)] };
    case 'run':
      return { shared: [], own: [runUri(id)] };
    case 'task':
      return { shared: [], own: [addresses.schedules, scheduleUri(id)] };
    case 'settings':
    case 'config':
    case 'policy':
      return { shared: [addresses.status, addresses.policy], own: [] };
    case 'grant':
      return { shared: [], own: [addresses.policy] };
    default:
      return none;
  }
}

/** The resources that read differently after these events, for one who may see those that `sees` says. */
export function changedResources(
  events: readonly StoredEvent[],
  sees: (event: StoredEvent) => boolean,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const event of events) {
    const { shared, own } = changesOf(event);
    for (const uri of shared) changed.add(uri);
    if (!sees(event)) continue;
    for (const uri of own) changed.add(uri);
    changed.add(addresses.recentEvents);
  }
  return changed;
}
