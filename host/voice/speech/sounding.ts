import type { Pcm, TtsEngine } from '../ports.ts';

/**
 * One sentence in the making: pieces are made as soon as this exists, so that the next sentence is ready
 * when the one before it ends.
 */
export class Sounding {
  readonly #abort = new AbortController();
  readonly #pieces: Pcm[] = [];
  #done = false;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(engine: TtsEngine, sentence: string, options: { voice: string; rate: number }) {
    void this.#make(engine.speak(sentence, { ...options, signal: this.#abort.signal }));
  }

  /** The pieces in order, each once. Throws what the engine threw. */
  async *pieces(): AsyncGenerator<Pcm> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#done) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Nothing more comes of it, at once; what the engine is making is thrown away. */
  abandon(): void {
    this.#abort.abort();
    this.#done = true;
    this.#pieces.length = 0;
    this.#wake();
  }

  async #make(pieces: AsyncIterable<Pcm>): Promise<void> {
    try {
      for await (const piece of pieces) {
        if (this.#abort.signal.aborted) return;
        this.#pieces.push(piece);
        this.#wake();
      }
    } catch (failure) {
      if (!this.#abort.signal.aborted)
        this.#failure = failure instanceof Error ? failure : new Error(String(failure));
    }
    this.#done = true;
    this.#wake();
  }
}
