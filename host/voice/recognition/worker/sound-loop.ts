import { Worker } from 'node:worker_threads';
import type { WordGraph } from '../core/word-graph.ts';
import type { Heard } from './decoder.ts';

/** Recognition thread → thread of the sounds. `end` and `again` are answered by what was heard. */
export type ToSounds =
  | { kind: 'begin' | 'end' | 'drop' }
  | { kind: 'push' | 'again'; samples: Float32Array };
export type FromSounds = Heard;

const PHONES =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );

/** Every sequence of sounds. */
export function loopGraph(): { graph: WordGraph; words: Map<string, string[]> } {
  const arcs = PHONES.map((phone) => ({ from: 0, to: 0, word: `@${phone}` }));
  const words = new Map(PHONES.map((phone) => [`@${phone}`, [phone]]));
  return { graph: { states: 1, final: 0, arcs }, words };
}

/** Beside this module's folder, as source or in the bundle. */
const ownWorker = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? '../sounds.worker.ts' : './sounds.worker.js',
    import.meta.url,
  );

/**
 * A decoder that hears any sequence of sounds, in a thread of its own: it costs as much as the one that knows the
 * orders, and nobody should wait for one after the other when the hand lets go.
 */
export class SoundLoop {
  readonly #thread = new Worker(ownWorker(), { name: 'sounds' });
  #waiting: ((heard: Heard) => void) | null = null;

  constructor() {
    this.#thread.on('message', (heard: FromSounds) => {
      this.#waiting?.(heard);
      this.#waiting = null;
    });
    // Without it nothing can be judged: this thread ends too, and the next use starts both.
    this.#thread.on('error', (error: Error) => {
      throw error;
    });
  }

  begin(): void {
    this.#post({ kind: 'begin' });
  }

  push(samples: Float32Array): void {
    this.#post({ kind: 'push', samples });
  }

  end(): Promise<Heard> {
    return this.#ask({ kind: 'end' });
  }

  /** An utterance as a whole, less its own mean. */
  again(samples: Float32Array): Promise<Heard> {
    // A message takes all of the memory that a part of it lies in.
    return this.#ask({ kind: 'again', samples: samples.slice() });
  }

  drop(): void {
    this.#post({ kind: 'drop' });
  }

  #ask(message: ToSounds): Promise<Heard> {
    const { promise, resolve } = Promise.withResolvers<Heard>();
    this.#waiting = resolve;
    this.#post(message);
    return promise;
  }

  #post(message: ToSounds): void {
    this.#thread.postMessage(message);
  }
}
