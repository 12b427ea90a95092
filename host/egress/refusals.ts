import type { Clock } from '#host/kernel/clock.ts';
import type { RecordRequest, RequestEnded } from './ports.ts';

interface Window {
  last: RequestEnded;
  times: number;
  cancel: () => void;
}

const WINDOW_MS = 60_000;

/**
 * What is refused costs whoever asks nothing, so one that asks in a loop would fill the record: the first of
 * a kind is kept at once, what follows within a minute as one.
 */
export class Refusals {
  readonly #clock: Clock;
  readonly #record: RecordRequest;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock, record: RecordRequest) {
    this.#clock = clock;
    this.#record = record;
  }

  async note(refused: RequestEnded, runId: string | null): Promise<void> {
    const key = `${refused.server_id} ${refused.origin} ${refused.code}`;
    const open = this.#windows.get(key);
    if (open !== undefined) {
      open.times += 1;
      open.last = refused;
      return;
    }
    const cancel = this.#clock.timer(WINDOW_MS, () => void this.#end(key));
    this.#windows.set(key, { last: refused, times: 0, cancel });
    await this.#record(refused, runId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#windows.keys()].map((key) => this.#end(key)));
  }

  async #end(key: string): Promise<void> {
    const window = this.#windows.get(key);
    this.#windows.delete(key);
    if (window === undefined) return;
    window.cancel();
    if (window.times > 0) await this.#record({ ...window.last, times: window.times }, null);
  }
}
