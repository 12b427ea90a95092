import type { Principal } from '#schema/envelope/principal.ts';
import type { DomainEventData } from '#schema/events/domain-events.ts';
import type { EventContext, EventStore } from '#host/store/ports.ts';
import { hostPrincipal } from './approvals/service.ts';

/** Shows a message in the editor and keeps it in the record. `about`: whose messages it is one of. */
export async function showNotification(
  store: EventStore,
  about: Principal,
  data: DomainEventData<'notification.shown'>,
  context: EventContext,
): Promise<void> {
  const shown = { type: 'notification.shown', data } as const;
  await store.transact((tx) =>
    tx.append({ stream_type: 'notification', stream_id: about.id }, 'any', [shown], context),
  );
}

/** Hob's own word about an agent that is stuck in a loop. */
export const showFlood = (
  store: EventStore,
  agent: Principal,
  workspace_id: string,
): Promise<void> =>
  showNotification(
    store,
    agent,
    {
      title: `${agent.display.slice(0, 128)} calls too often`,
      message:
        'It may be stuck in a loop. What comes too fast is refused and not recorded one by one until it slows down.',
      level: 'warning',
    },
    { workspace_id, actor: hostPrincipal, correlation_id: agent.id, causation_id: null },
  );
