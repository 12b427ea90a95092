import type { RunView } from '#schema/views/run.ts';
import type { Clock } from '#host/kernel/clock.ts';
import type { EventStore } from '#host/store/ports.ts';
import { standing } from '../core/tasks.ts';

/** Clients that give up after a silence start to count anew with each word. */
const AGAIN_MS = 10_000;

const news: Readonly<Record<string, RunView['status']>> = {
  'run.waiting': 'waiting_for_approval',
  'run.queued': 'queued',
  'run.resumed': 'running',
  'run.started': 'running',
};

/** Tells how a run stands: now, at each change, and every ten seconds. Returns how to stop. */
export function tellAbout(
  run: RunView,
  ports: { tell(message: string): void; store: Pick<EventStore, 'onAppended'>; clock: Clock },
): () => void {
  const { tell, store, clock } = ports;
  let now = run.status;
  let cancelTimer = (): void => {};
  const say = (): void => {
    cancelTimer();
    tell(standing({ ...run, status: now }));
    cancelTimer = clock.timer(AGAIN_MS, say);
  };
  const stopListening = store.onAppended((events) => {
    for (const { event_type, run_id } of events) {
      const next = run_id === run.run_id ? news[event_type] : undefined;
      if (next === undefined || next === now) continue;
      now = next;
      say();
    }
  });
  say();
  return () => {
    cancelTimer();
    stopListening();
  };
}
