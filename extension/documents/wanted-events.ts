import type { CommandInput, CommandResult } from '#schema/commands/registry.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';

export interface WantedEvents {
  /** Empty: every event. */
  readonly text: string;
  /** Events that are wanted besides. */
  readonly seqs: readonly number[];
}

type Query = (payload: CommandInput<'event.query'>) => Promise<CommandResult<'event.query'>>;

const PAGE = 500;

/** What is wanted of the record: oldest first, a page at a time, each event once. */
export async function* wantedEvents(
  query: Query,
  { text, seqs }: WantedEvents,
): AsyncGenerator<readonly StoredEvent[]> {
  const others = [...new Set(seqs)].toSorted((a, b) => a - b);
  const words = text === '' ? {} : { text };
  for (let from_seq = 0; ;) {
    const { events } = await query({ ...words, from_seq, limit: PAGE });
    const last = events.at(-1)?.seq ?? Infinity;
    const due = others.splice(0, others.findLastIndex((seq) => seq <= last) + 1);
    const known = new Set(events.map(({ seq }) => seq));
    const more = await these(
      query,
      due.filter((seq) => !known.has(seq)),
    );
    yield [...events, ...more].toSorted((a, b) => a.seq - b.seq);
    if (events.length === 0) return;
    from_seq = last;
  }
}

/** These events, whatever they hold. Where they lie close together, one question is for many. */
async function these(query: Query, seqs: readonly number[]): Promise<StoredEvent[]> {
  const found: StoredEvent[] = [];
  const wanted = new Set(seqs);
  for (let left = seqs; ;) {
    const [first] = left;
    if (first === undefined) return found;
    const limit = Math.min(PAGE, left.length);
    const { events } = await query({ from_seq: first - 1, limit });
    found.push(...events.filter(({ seq }) => wanted.has(seq)));
    const last = events.at(-1)?.seq ?? Infinity;
    left = left.filter((seq) => seq > last);
  }
}
