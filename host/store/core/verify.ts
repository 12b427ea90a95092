import type { StoredEvent } from '#schema/events/stored-event.ts';
import type { Projection, StoreVerification } from '../ports.ts';
import { commitTo, linkHash, metaText, type Digests } from './chain.ts';
import { foldEvent, type Columns } from './fold.ts';

export type Problem = StoreVerification['problems'][number];

const PROBLEM_LIMIT = 100;

/** Collects what is wrong; the first hundred are enough to know. */
export class Problems {
  readonly list: Problem[] = [];

  add(code: string, seq: number | null, message: string): void {
    if (this.list.length < PROBLEM_LIMIT) this.list.push({ code, seq, message });
  }
}

/** What lies beside an event: null when it was erased. */
export interface StoredContent {
  readonly salt: Uint8Array;
  readonly text: string;
}

/** Recomputes the chain, event by event in order, and the versions of the streams. */
export class ChainCheck {
  readonly #digests: Digests;
  readonly #problems: Problems;
  readonly #unhex: (hex: string) => Uint8Array;
  readonly versions = new Map<string, number>();
  events = 0;
  erased = 0;
  headSeq = 0;
  headHash: string;

  constructor(digests: Digests, unhex: (hex: string) => Uint8Array, problems: Problems) {
    this.#digests = digests;
    this.#unhex = unhex;
    this.#problems = problems;
    this.headHash = digests.hex(new Uint8Array(32));
  }

  next(event: StoredEvent, content: StoredContent | null): void {
    this.#checkOrder(event);
    this.#checkLink(event);
    if (content === null) this.erased += 1;
    else this.#checkContent(event, content);
    this.events += 1;
    this.headSeq = event.seq;
    this.headHash = event.hash;
  }

  #checkOrder(event: StoredEvent): void {
    if (event.seq !== this.headSeq + 1) {
      this.#problems.add('gap', event.seq, `after ${this.headSeq} comes ${event.seq}`);
    }
    const stream = `${event.stream.stream_type}/${event.stream.stream_id}`;
    const expected = (this.versions.get(stream) ?? 0) + 1;
    if (event.stream.stream_seq !== expected) {
      const message = `${stream} should be at ${expected} and is at ${event.stream.stream_seq}`;
      this.#problems.add('stream_gap', event.seq, message);
    }
    this.versions.set(stream, event.stream.stream_seq);
  }

  #checkLink(event: StoredEvent): void {
    if (event.prev_hash !== this.headHash) {
      this.#problems.add('chain_broken', event.seq, 'it does not follow the event before it');
    }
    const previous = this.#unhex(event.prev_hash);
    const hash = linkHash(this.#digests, previous, metaText(event), this.#unhex(event.commitment));
    if (this.#digests.hex(hash) !== event.hash) {
      this.#problems.add('event_changed', event.seq, 'its hash is not the hash of what is stored');
    }
  }

  #checkContent(event: StoredEvent, content: StoredContent): void {
    const commitment = commitTo(this.#digests, content.salt, content.text);
    if (this.#digests.hex(commitment) !== event.commitment) {
      this.#problems.add('content_changed', event.seq, 'its data is not what was appended');
    }
  }
}

/** One row of a projection's table, whole. */
export interface ProjectionRow {
  readonly document: string;
  readonly columns: Columns;
  readonly seq: number;
}

/** Makes one projection again from the events and compares it with its table. */
export class ProjectionCheck {
  readonly #projection: Projection<unknown>;
  readonly #problems: Problems;
  readonly #rows = new Map<string, ProjectionRow>();

  constructor(projection: Projection<unknown>, problems: Problems) {
    this.#projection = projection;
    this.#problems = problems;
  }

  next(event: StoredEvent): void {
    const { table } = this.#projection;
    try {
      const row = foldEvent(
        this.#projection,
        event,
        (key) => this.#rows.get(key)?.document ?? null,
      );
      if (row === null) return;
      if (row.document === null) this.#rows.delete(row.key);
      else
        this.#rows.set(row.key, { document: row.document, columns: row.columns, seq: event.seq });
    } catch (thrown) {
      this.#problems.add(
        'projection_failed',
        event.seq,
        `${table} cannot be made from it: ${String(thrown)}`,
      );
    }
  }

  /** Compares with the table as it is; `stored` gives every row once. */
  compare(stored: Iterable<readonly [key: string, row: ProjectionRow]>): void {
    const { table } = this.#projection;
    for (const [key, row] of stored) {
      const made = this.#rows.get(key);
      if (made === undefined)
        this.#problems.add(
          'projection_differs',
          row.seq,
          `${table} has ${key}, which no event made`,
        );
      else if (!sameRow(made, row))
        this.#problems.add(
          'projection_differs',
          row.seq,
          `${table} ${key} is not what its events make`,
        );
      this.#rows.delete(key);
    }
    for (const [key, row] of this.#rows) {
      this.#problems.add('projection_differs', row.seq, `${table} lacks ${key}`);
    }
  }
}

function sameRow(made: ProjectionRow, stored: ProjectionRow): boolean {
  const names = new Set([...Object.keys(made.columns), ...Object.keys(stored.columns)]);
  return (
    made.document === stored.document &&
    made.seq === stored.seq &&
    [...names].every((name) => (made.columns[name] ?? null) === (stored.columns[name] ?? null))
  );
}
