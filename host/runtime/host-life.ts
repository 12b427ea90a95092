import { builtinNames } from '#schema/views/task.ts';
import { hostStayOf } from '#host/policy/core/settings.ts';
import { settingWatch, type SettingsService } from '#host/policy/settings-service.ts';
import { tasksProjection } from '#host/scheduler/projections.ts';
import type { EventStore } from '#host/store/ports.ts';

/** Tasks that time makes due. One that waits for an event needs nobody to wait for it. */
const timed = { status: 'active', trigger_kind: ['cron', 'interval', 'once'] };

/**
 * Whether the host stays while nobody is connected, as the setting `host.stay` says. Tasks that come
 * with Hob do not keep it: they are made up for at the next start.
 */
export async function hostLife(
  store: EventStore,
  settings: SettingsService,
): Promise<() => boolean> {
  const stay = await settingWatch(store, settings, hostStayOf);
  let scheduled = 0;
  const count = async (): Promise<void> => {
    try {
      const [all, own] = await Promise.all([
        store.count(tasksProjection, timed),
        Promise.all(
          builtinNames.map((builtin) => store.count(tasksProjection, { ...timed, builtin })),
        ),
      ]);
      scheduled = all - own.reduce((sum, n) => sum + n, 0);
    } catch {
      // A store that cannot be read has nothing that could be done in time.
      scheduled = 0;
    }
  };
  await count();
  store.onAppended((events) => {
    if (events.some(({ event_type: type }) => /^(task|scheduler)[.]/.test(type))) void count();
  });
  return () => stay() === 'always' || (stay() === 'whileScheduled' && scheduled > 0);
}
