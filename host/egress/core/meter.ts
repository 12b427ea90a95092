const LF = 10;
const CR = 13;

/**
 * Counts what comes in. Of an event stream, which may go on for days, each event counts by itself: an empty
 * line begins the next one.
 */
export class Meter {
  readonly #limit: number;
  readonly #isStream: boolean;
  #total = 0;
  #current = 0;
  /** Line ends since the last other byte; a CR with its LF is one. */
  #ends = 0;
  #afterCr = false;

  constructor(limit: number, isStream: boolean) {
    this.#limit = limit;
    this.#isStream = isStream;
  }

  get total(): number {
    return this.#total;
  }

  /** False when this is more than is taken. */
  add(chunk: Uint8Array): boolean {
    this.#total += chunk.length;
    if (!this.#isStream) return this.#total <= this.#limit;
    for (const byte of chunk) {
      this.#current += 1;
      this.#count(byte);
      if (this.#ends >= 2) this.#current = 0;
      if (this.#current > this.#limit) return false;
    }
    return true;
  }

  #count(byte: number): void {
    if (byte === LF && this.#afterCr) this.#afterCr = false;
    else if (byte === LF || byte === CR) {
      this.#ends += 1;
      this.#afterCr = byte === CR;
    } else {
      this.#ends = 0;
      this.#afterCr = false;
    }
  }
}
