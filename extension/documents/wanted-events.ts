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
    let left = events;
    for await (const { found, upTo } of these(
      query,
      due.filter((seq) => !known.has(seq)),
    )) {
      const matching = left.filter(({ seq }) => seq <= upTo);
      yield [...matching, ...found].toSorted((a, b) => a.seq - b.seq);
      left = left.slice(matching.length);
    }
    yield left;
    if (events.length === 0) return;
    from_seq = last;
  }
}

/** These events, whatever they hold, a page at a time. Where they lie close together, one question is for many. */
async function* these(
  query: Query,
  seqs: readonly number[],
): AsyncGenerator<{ readonly found: readonly StoredEvent[]; readonly upTo: number }> {
  const wanted = new Set(seqs);
  for (let left = seqs; ;) {
    const [first] = left;
    if (first === undefined) return;
    const limit = Math.min(PAGE, left.length);
    const { events } = await query({ from_seq: first - 1, limit });
    const upTo = events.at(-1)?.seq ?? Infinity;
    yield { found: events.filter(({ seq }) => wanted.has(seq)), upTo };
    left = left.filter((seq) => seq > upTo);
  }
}
