import { hostStayOf } from '#host/policy/core/settings.ts';
import { settingWatch, type SettingsService } from '#host/policy/settings-service.ts';
import { tasksProjection } from '#host/scheduler/projections.ts';
import type { EventStore } from '#host/store/ports.ts';

/** A task begins or ceases to be awaited with these; that a slot is claimed or queued leaves it as it is. */
const mayChange = /^(?:task[.]|scheduler[.](?:slot_skipped|task_result)$)/;

/**
 * Whether the host stays while nobody is connected, as the setting `host.stay` says. Tasks that come
 * with Hob do not keep it: they are made up for at the next start.
 */
export async function hostLife(
  store: EventStore,
  settings: SettingsService,
): Promise<() => boolean> {
  const stay = await settingWatch(store, settings, hostStayOf);
  let isAwaited = false;
  const look = async (): Promise<void> => {
    try {
      const where = { is_awaited: 1 };
      // One is enough: counting a hundred thousand with each event took longer than the event.
      const found = await store.documents(tasksProjection, { where, limit: 1 });
      isAwaited = found.length > 0;
    } catch {
      // A store that cannot be read has nothing that could be done in time.
      isAwaited = false;
    }
  };
  await look();
  store.onAppended((events) => {
    if (events.some(({ event_type: type }) => mayChange.test(type))) void look();
  });
  return () => stay() === 'always' || (stay() === 'whileScheduled' && isAwaited);
}
