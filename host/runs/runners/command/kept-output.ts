import type { ArtifactWriter } from './ports.ts';

/** Of each stream: its first and its last bytes, since errors stand at either end. Both streams together stay under 1 MiB. */
export const HEAD_BYTES = 256 * 1024;
export const TAIL_BYTES = 256 * 1024;

/**
 * What is kept of one output stream. What does not fit goes to an artifact, which then holds the
 * stream whole; memory stays bounded whatever a program writes.
 */
export class KeptOutput {
  readonly #open: () => ArtifactWriter;
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #total = 0;
  #artifact: ArtifactWriter | null = null;

  constructor(open: () => ArtifactWriter) {
    this.#open = open;
  }

  get truncated(): boolean {
    return this.#total > this.#headBytes + this.#tailBytes;
  }

  push(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = HEAD_BYTES - this.#headBytes;
    const head = chunk.subarray(0, room);
    if (head.length > 0) {
      this.#head.push(head);
      this.#headBytes += head.length;
    }
    this.#artifact?.write(chunk);
    if (chunk.length > room) this.#pushTail(chunk.subarray(room));
  }

  #pushTail(rest: Buffer): void {
    const overflows = this.#tailBytes + rest.length > TAIL_BYTES;
    if (overflows && this.#artifact === null) {
      this.#artifact = this.#open();
      // The head has taken the beginning of this chunk already.
      for (const part of [...this.#head, ...this.#tail]) this.#artifact.write(part);
      this.#artifact.write(rest);
    }
    this.#tail.push(rest.subarray(-TAIL_BYTES));
    this.#tailBytes += Math.min(rest.length, TAIL_BYTES);
    while (this.#tailBytes > TAIL_BYTES) this.#dropFirst(this.#tailBytes - TAIL_BYTES);
  }

  #dropFirst(bytes: number): void {
    const first = this.#tail.shift();
    if (first === undefined) return;
    this.#tailBytes -= Math.min(first.length, bytes);
    if (first.length > bytes) this.#tail.unshift(first.subarray(bytes));
  }

  /** The text that is kept, with a line that says how much is missing; broken UTF-8 is replaced. */
  text(): string {
    const missing = this.#total - this.#headBytes - this.#tailBytes;
    if (missing === 0) return Buffer.concat([...this.#head, ...this.#tail]).toString('utf8');
    return `${Buffer.concat(this.#head).toString('utf8')}\n[… ${missing} bytes left out …]\n${Buffer.concat(this.#tail).toString('utf8')}`;
  }

  /** The artifact's id when there is one and it could be stored. */
  async finish(): Promise<string | null> {
    return this.#artifact === null ? null : this.#artifact.finish();
  }
}
