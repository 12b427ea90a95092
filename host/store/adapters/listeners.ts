import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Log } from '#host/kernel/log.ts';

type Listener = (events: readonly StoredEvent[]) => void;

/** Who hears of committed events. One that throws is logged and does not keep the others from hearing. */
export class Listeners {
  readonly #listeners = new Set<Listener>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(events: readonly StoredEvent[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(events);
      } catch (thrown) {
        this.#log.error('a listener of the event store failed', thrown);
      }
    }
  }
}
