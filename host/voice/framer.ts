/** Cuts sound that comes in pieces of any length into pieces of one. What does not fill one waits for more. */
export class Framer {
  readonly #size: number;
  readonly #take: (frame: Float32Array) => void;
  #frame: Float32Array;
  #filled = 0;

  /** `take` may keep what it gets. */
  constructor(size: number, take: (frame: Float32Array) => void) {
    this.#size = size;
    this.#take = take;
    this.#frame = new Float32Array(size);
  }

  push(samples: Float32Array): void {
    for (let from = 0; from < samples.length;) {
      const part = samples.subarray(from, from + this.#size - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === this.#size) this.#flush();
    }
  }

  #flush(): void {
    const full = this.#frame;
    this.#frame = new Float32Array(this.#size);
    this.#filled = 0;
    this.#take(full);
  }
}
