import type { MessagePort } from 'node:worker_threads';
import type { Sequence } from '../core/phrases.ts';
import type { LookOptions, SecondLook } from '../worker/second-look.ts';
import type { FromModel, ToModel } from './messages.ts';
import type { Answer, Known } from './rescore.ts';

/** Whoever let go waits no longer than this for a second look. */
const LONGEST_LOOK_MS = 1_500;

/** The second look by the speech model, as the recognition thread asks for it; its process is the host's. */
export class Rescorer implements SecondLook {
  readonly #port: MessagePort;
  #waiting: { id: number; resolve: (answer: Answer) => void } | null = null;
  #count = 0;

  /** @param port  the line of a `SpeechModelProcess` */
  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', ({ id, answer }: FromModel) => {
      if (this.#waiting?.id === id) this.#waiting.resolve(answer);
    });
  }

  start(): void {
    this.#post({ kind: 'start' });
  }

  setPhrases(sequences: readonly Sequence[]): void {
    this.#post({ kind: 'phrases', sequences });
  }

  /** Null as soon as it is no longer waited for; the model is told so, and stops at its next step. */
  look(
    sounds: readonly Float32Array[],
    known: Known | null,
    { patient, signal }: LookOptions,
  ): Promise<Answer> {
    if (signal.aborted) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const id = ++this.#count;
    const end = (answer: Answer): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      this.#waiting = null;
      resolve(answer);
    };
    const giveUp = (): void => {
      this.#post({ kind: 'drop' });
      end(null);
    };
    const timer = patient ? undefined : setTimeout(giveUp, LONGEST_LOOK_MS);
    signal.addEventListener('abort', giveUp);
    this.#waiting = { id, resolve: end };
    this.#post({ kind: 'look', id, look: { sounds, known }, patient });
    return promise;
  }

  #post(message: ToModel): void {
    this.#port.postMessage(message);
  }
}
