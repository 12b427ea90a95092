import type { Clock } from '#host/kernel/clock.ts';
import type { AudioDevice } from '../ports.ts';

/** How often the list is read while somebody looks. */
export const WATCH_MS = 2_000;

type Listener = (devices: readonly AudioDevice[]) => void;

/** Reads the list of devices again and again while somebody watches, and tells what changed. */
export class DeviceWatch {
  readonly #list: () => Promise<AudioDevice[]>;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #known: string | null = null;
  #cancel: () => void = () => undefined;
  #reading = false;

  constructor(list: () => Promise<AudioDevice[]>, clock: Clock) {
    this.#list = list;
    this.#clock = clock;
  }

  add(listener: Listener): () => void {
    const own: Listener = (devices) => listener(devices);
    this.#listeners.add(own);
    this.#known = null;
    this.#cancel();
    void this.#read();
    return () => {
      this.#listeners.delete(own);
      if (this.#listeners.size === 0) this.#cancel();
    };
  }

  dispose(): void {
    this.#listeners.clear();
    this.#cancel();
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    // A list that cannot be read says nothing new; who opens a microphone is told why.
    const devices = await this.#list().catch(() => null);
    this.#reading = false;
    if (this.#listeners.size === 0) return;
    this.#cancel = this.#clock.timer(WATCH_MS, () => void this.#read());
    if (devices === null) return;
    const now = JSON.stringify(devices);
    if (now === this.#known) return;
    this.#known = now;
    for (const listener of this.#listeners) listener(devices);
  }
}
