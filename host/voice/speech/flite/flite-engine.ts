import type { Clock } from '#host/kernel/clock.ts';
import type { Pcm, TtsEngine, Voice } from '../../ports.ts';
import { clauses } from '../core/clauses.ts';
import { spokenWords } from '../core/spoken.ts';
import { FliteThread } from './flite-thread.ts';

const voices = [
  { id: 'slt', name: 'Slt (woman, US English)', flite: 'slt' },
  { id: 'rms', name: 'Rms (man, US English)', flite: 'rms' },
  { id: 'awb', name: 'Awb (man, Scottish English)', flite: 'awb' },
  { id: 'kal', name: 'Kal (man, US English; fast and mechanical)', flite: 'kal16' },
] as const;

/** How long the thread waits for more before it is ended; starting it again takes about half a second. */
const IDLE_MS = 120_000;

/** As long as the first piece of a reply. A single word left the half of the program slow that a sentence needs. */
const WARMING = 'Running the tests of this project now.';

export interface FliteEngineOptions {
  /** Module of the speech thread, source or bundle. */
  worker: URL;
  clock: Clock;
  idleMs?: number;
}

/** Speech by flite in a thread of its own, which lives while something is said. */
export class FliteEngine implements TtsEngine {
  readonly #options: FliteEngineOptions;
  #thread: FliteThread | null = null;
  #users = 0;
  #disposed = false;
  #cancelIdle: () => void = () => undefined;

  constructor(options: FliteEngineOptions) {
    this.#options = options;
  }

  voices(): readonly Voice[] {
    return voices.map(({ id, name }) => ({ id, name }));
  }

  /** True while the thread lives. */
  get running(): boolean {
    return this.#thread !== null && !this.#thread.ended;
  }

  /**
   * Gets the thread ready ahead of the first sentence, which is then heard in well under 100 ms. Failures
   * show when something is said.
   */
  async warm(voice: string, rate: number): Promise<void> {
    // One that lives has spoken: making it speak again would take time from who listens just now.
    if (this.running) return this.#closeLaterUnused();
    await this.#using((thread) => thread.make({ text: WARMING, ...settings(voice, rate) })).catch(
      () => undefined,
    );
  }

  async *speak(
    sentence: string,
    { voice, rate, signal }: { voice: string; rate: number; signal: AbortSignal },
  ): AsyncIterable<Pcm> {
    for (const text of clauses(spokenWords(sentence))) {
      if (signal.aborted) return;
      const sound = await this.#using((thread) => thread.make({ text, ...settings(voice, rate) }));
      // One that began before the abort is finished in the thread and not heard.
      if (signal.aborted) return;
      yield sound;
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#cancelIdle();
    await this.#close();
  }

  async #using<T>(use: (thread: FliteThread) => Promise<T>): Promise<T> {
    if (this.#disposed) throw new Error('the speech engine was closed');
    this.#cancelIdle();
    this.#users += 1;
    try {
      if (this.#thread === null || this.#thread.ended)
        this.#thread = new FliteThread(this.#options.worker);
      return await use(this.#thread);
    } finally {
      this.#users -= 1;
      this.#closeLaterUnused();
    }
  }

  #closeLaterUnused(): void {
    if (this.#users === 0 && !this.#disposed) this.#closeLater();
  }

  #closeLater(): void {
    const { clock, idleMs = IDLE_MS } = this.#options;
    this.#cancelIdle();
    this.#cancelIdle = clock.timer(idleMs, () => void this.#close());
  }

  async #close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.close();
  }
}

const settings = (id: string, rate: number): { voice: string; stretch: number } => {
  const voice = voices.find((one) => one.id === id) ?? voices[0];
  const bounded = Math.min(2, Math.max(0.5, rate));
  return { voice: voice.flite, stretch: Number((1 / bounded).toFixed(3)) };
};
