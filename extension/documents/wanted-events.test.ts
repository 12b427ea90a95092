import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { CommandInput } from '#schema/commands/registry.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { wantedEvents, type WantedEvents } from './wanted-events.ts';

/** A record of so many events, of which every so manyth holds the words. A page is never longer than 300. */
function record(length: number, every: number) {
  let asked = 0;
  const all = Array.from({ length }, (_, i) => ({ seq: i + 1 }) as StoredEvent);
  const query = ({ text, from_seq = 0, limit = 100 }: CommandInput<'event.query'>) => {
    asked += 1;
    const fit = all.filter(
      ({ seq }) => seq > from_seq && (text === undefined || seq % every === 0),
    );
    return Promise.resolve({ events: fit.slice(0, Math.min(limit, 300)), head_seq: length });
  };
  const seqsOf = async (wanted: WantedEvents): Promise<number[]> => {
    const seqs: number[] = [];
    for await (const events of wantedEvents(query, wanted)) seqs.push(...events.map((e) => e.seq));
    return seqs;
  };
  return { query, seqsOf, asked: () => asked };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

describe('[W-22] the events that an export holds', () => {
  it('are the whole record, where nothing is looked for', async () => {
    assert.deepEqual(await record(1_000, 1).seqsOf({ text: '', seqs: [] }), upTo(1_000));
  });

  it('are what matches, and what is wanted besides, oldest first and each once', async () => {
    const { seqsOf } = record(1_000, 400);
    const wanted = [900, 400, 3, 999, 3];
    assert.deepEqual(await seqsOf({ text: 'x', seqs: wanted }), [3, 400, 800, 900, 999]);
    assert.deepEqual(await seqsOf({ text: 'x', seqs: [] }), [400, 800]);
    assert.deepEqual(await record(10, 400).seqsOf({ text: 'x', seqs: [4, 99] }), [4], 'not there');
  });

  it('are all that is wanted, however many, without a question for each', async () => {
    const { seqsOf, asked } = record(9_000, 4_000);
    const wanted = upTo(6_000).filter((seq) => seq % 5 !== 0);
    const found = await seqsOf({ text: 'x', seqs: wanted });
    assert.deepEqual(
      found,
      [...wanted, 4_000, 8_000].toSorted((a, b) => a - b),
    );
    assert.ok(asked() < 40, `${asked()} questions`);
  });

  it('come a page at a time, so that little is held and a cancel is seen soon', async () => {
    const { query, asked } = record(9_000, 4_000);
    const pages: { length: number; asked: number }[] = [];
    for await (const { length } of wantedEvents(query, { text: 'x', seqs: upTo(6_000) }))
      pages.push({ length, asked: asked() });
    assert.ok(Math.max(...pages.map(({ length }) => length)) <= 301);
    assert.equal(pages[0]?.asked, 2, 'questions before the first page');
  });
});
