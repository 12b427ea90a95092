import type { Writable } from 'node:stream';
import { limits } from '#schema/envelope/limits.ts';
import { FrameWriter } from '#schema/wire/framing.ts';

/** One thing to send. Replies are made when their turn comes, so what waits is the result and not its bytes. */
type Item =
  | { kind: 'reply'; make: () => Buffer | string }
  | { kind: 'event'; frame: Buffer; seq: number | null; coalesce: string | null };

/**
 * What one connection still has to be sent, in order. The stream gets more only while it takes it,
 * so a client that does not read costs at most the stream's own buffer, 128 events or 1 MiB of them,
 * and the replies to the requests it has in flight.
 */
export class Outbox {
  readonly #writer: FrameWriter;
  #queue: Item[] = [];
  #events = 0;
  #eventBytes = 0;
  #blocked = false;
  #waiting: (() => void)[] = [];
  #lastWritten: number | null = null;

  /** `onDrain` is called when the client has read so much that it may ask on. */
  constructor(stream: Writable, onDrain: () => void = () => {}) {
    this.#writer = new FrameWriter(stream, () => {
      this.#drained();
      if (!this.#blocked) onDrain();
    });
  }

  /** The stream holds more than it wants to. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Bytes of events that wait here. */
  get queuedEventBytes(): number {
    return this.#eventBytes;
  }

  /** Hands what was gathered in this tick to the stream, so that it may be ended. */
  flush(): void {
    this.#writer.flush();
  }

  /** `seq` of the last event that was given to the stream: what the client has when it has read all. */
  get lastWrittenSeq(): number | null {
    return this.#lastWritten;
  }

  reply(make: () => Buffer | string): void {
    this.#add({ kind: 'reply', make });
  }

  /**
   * False when the queue is full and the event was not taken. `coalesce` names a value of which only
   * the newest matters (a level, a progress): a waiting event of the same name is replaced.
   */
  event(frame: Buffer, seq: number | null, coalesce: string | null = null): boolean {
    if (coalesce !== null && this.#replace(frame, coalesce)) return true;
    const bytes = this.#writer.held + this.#eventBytes + frame.length;
    const isFull = this.#events >= limits.queuedEvents || bytes > limits.queuedBytes;
    // A single event that is larger than the whole queue still goes when nothing waits.
    if (this.#blocked && isFull && this.#events > 0) return false;
    this.#add({ kind: 'event', frame, seq, coalesce });
    return true;
  }

  /** Calls `resume` once, when nothing waits: at once or after the client has read. */
  whenEmpty(resume: () => void): void {
    if (!this.#blocked && this.#queue.length === 0) resume();
    else this.#waiting.push(resume);
  }

  /** Forgets the events that wait, so that a last word follows what was given to the stream already. */
  dropEvents(): void {
    this.#queue = this.#queue.filter(({ kind }) => kind !== 'event');
    this.#events = 0;
    this.#eventBytes = 0;
  }

  #add(item: Item): void {
    if (!this.#blocked && this.#queue.length === 0) return this.#write(item);
    this.#queue.push(item);
    if (item.kind !== 'event') return;
    this.#events += 1;
    this.#eventBytes += item.frame.length;
  }

  #replace(frame: Buffer, name: string): boolean {
    const waiting = this.#queue.find((item) => item.kind === 'event' && item.coalesce === name);
    if (waiting?.kind !== 'event') return false;
    this.#eventBytes += frame.length - waiting.frame.length;
    waiting.frame = frame;
    return true;
  }

  #write(item: Item): void {
    if (item.kind === 'event' && item.seq !== null) this.#lastWritten = item.seq;
    this.#blocked = !this.#writer.write(item.kind === 'reply' ? item.make() : item.frame);
  }

  #drained(): void {
    this.#blocked = false;
    let at = 0;
    for (; at < this.#queue.length && !this.#blocked; at++) {
      const item = this.#queue[at] as Item;
      if (item.kind === 'event') {
        this.#events -= 1;
        this.#eventBytes -= item.frame.length;
      }
      this.#write(item);
    }
    this.#queue.splice(0, at);
    while (!this.#blocked && this.#queue.length === 0) {
      const resume = this.#waiting.shift();
      if (resume === undefined) return;
      resume();
    }
  }
}
