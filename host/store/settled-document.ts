import type { Clock } from '#host/kernel/clock.ts';
import type { EventStore, ProjectionRef } from './ports.ts';

/** What is waited for: documents of one projection, whose keys are the ids of these streams. */
export interface Settling<D> {
  projection: ProjectionRef<D>;
  stream_type: string;
  isOpen(document: D): boolean;
}

/** Waits for one document to be settled: resolves with it then, after `ms`, or on abort; null when there is none. */
export const settledDocument =
  <D>(store: EventStore, clock: Clock, { projection, stream_type, isOpen }: Settling<D>) =>
  async (id: string, ms: number, signal: AbortSignal): Promise<D | null> => {
    let wake = (): void => {};
    let isOver = false;
    const giveUp = (): void => {
      isOver = true;
      wake();
    };
    const stopListening = store.onAppended((events) => {
      if (events.some((e) => e.stream.stream_type === stream_type && e.stream.stream_id === id))
        wake();
    });
    const cancelTimer = clock.timer(ms, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const document = await store.document(projection, id);
        if (document === null || !isOpen(document) || ms === 0 || isOver || signal.aborted)
          return document;
        await changed;
      }
    } finally {
      stopListening();
      cancelTimer();
      signal.removeEventListener('abort', giveUp);
    }
  };
