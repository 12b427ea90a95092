import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { StoredEvent } from '#schema/events/stored-event.ts';
import { HobError } from '#host/kernel/errors.ts';
import { conformanceContext, turnCounts, turnStarted, turnStream } from './conformance-samples.ts';
import type { EventStore, Projection, StoreTransaction } from './ports.ts';

/** What a fresh, empty store is made with; the maker supplies clock, ids and log. */
export interface ConformanceSetup {
  projections: readonly Projection<unknown>[];
  knownSecrets: () => readonly string[];
}

const hasCode = (code: string) => (thrown: unknown) =>
  thrown instanceof HobError && thrown.code === code;

/** What every event store must do. Each adapter's test calls this with how to make one. */
export function describeEventStore(
  name: string,
  make: (setup: ConformanceSetup) => Promise<EventStore>,
): void {
  describe(`event store: ${name}`, () => {
    let store: EventStore;
    let secrets: string[] = [];
    const append = (
      id: string,
      text: string,
      expected: number | 'any' | 'no_stream' = 'any',
    ): Promise<StoredEvent[]> =>
      store.transact((tx) =>
        tx.append(turnStream(id), expected, [turnStarted(id, text)], conformanceContext),
      );

    beforeEach(async () => {
      secrets = [];
      store = await make({
        projections: [turnCounts],
        knownSecrets: () => secrets,
      });
    });
    afterEach(() => store.close());

    describe('appending', () => {
      it('[A-02, A-106] gives every event its place, its time and its links', async () => {
        const [first] = await append('a', 'one');
        const [second] = await append('b', 'two');
        assert.ok(first !== undefined && second !== undefined);
        assert.equal(first.seq, 1);
        assert.equal(second.seq, 2);
        assert.equal(first.prev_hash, '0'.repeat(64));
        assert.equal(second.prev_hash, first.hash);
        assert.deepEqual(second.stream, { stream_type: 'turn', stream_id: 'b', stream_seq: 1 });
        assert.deepEqual(second.data, {
          turn_id: 'b',
          text: 'two',
          source: 'panel',
          window_id: null,
        });
        assert.deepEqual(await store.load(turnStream('b')), [second]);
        assert.equal(await store.headSeq(), 2);
      });

      it('keeps several events of one append together, and the order of streams', async () => {
        const events = [turnStarted('a', '1'), turnStarted('a', '2'), turnStarted('a', '3')];
        await store.transact((tx) =>
          tx.append(turnStream('a'), 'no_stream', events, conformanceContext),
        );
        await append('a', '4', 3);
        const loaded = await store.load(turnStream('a'));
        assert.deepEqual(
          loaded.map((e) => [e.stream.stream_seq, e.data?.['text']]),
          [
            [1, '1'],
            [2, '2'],
            [3, '3'],
            [4, '4'],
          ],
        );
      });

      it('[G-08] refuses another version than the expected one, with both numbers', async () => {
        await append('a', 'one');
        await assert.rejects(append('a', 'two', 'no_stream'), hasCode('version_conflict'));
        await assert.rejects(append('a', 'two', 0), hasCode('version_conflict'));
        await assert.rejects(append('b', 'two', 1), (thrown: unknown) => {
          assert.ok(thrown instanceof HobError);
          assert.deepEqual(thrown.details, {
            stream_type: 'turn',
            stream_id: 'b',
            expected: 1,
            actual: 0,
          });
          return thrown.retryable;
        });
        assert.equal(await store.headSeq(), 1);
      });

      it('lets exactly one of many racing decisions win', async () => {
        const racers = Array.from({ length: 20 }, (_, i) => append('a', `racer ${i}`, 'no_stream'));
        const outcomes = await Promise.allSettled(racers);
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
        assert.equal((await store.load(turnStream('a'))).length, 1);
      });

      it('keeps odd texts exactly: NUL, quotes, astral characters; half a surrogate becomes U+FFFD', async () => {
        const odd = 'a\u0000b"\\\u2028\u{1F469}‍\u{1F680}\uFEFF';
        await append('odd \u0000 id', odd);
        await append('half', 'x\ud800y');
        const [event] = await store.load(turnStream('odd \u0000 id'));
        assert.equal(event?.data?.['text'], odd);
        assert.equal((await store.load(turnStream('half')))[0]?.data?.['text'], 'x\ufffdy');
        assert.deepEqual((await store.verify()).problems, []);
      });

      it('keeps keys that JavaScript treats specially', async () => {
        const changes = JSON.parse(
          '{"__proto__": {"x": 1}, "10": 1, "9": 2, "constructor": null}',
        ) as Record<string, never>;
        const event: DomainEvent = { type: 'config.patched', data: { changes, signed: null } };
        await store.transact((tx) =>
          tx.append(
            { stream_type: 'config', stream_id: 'host' },
            'any',
            [event],
            conformanceContext,
          ),
        );
        const [stored] = await store.query({ limit: 1 });
        assert.equal(
          JSON.stringify(stored?.data?.['changes']),
          '{"9":2,"10":1,"__proto__":{"x":1},"constructor":null}',
        );
        assert.deepEqual((await store.verify()).problems, []);
      });

      it('[F-108] overwrites a cell in place, and takes it back with the rest of a failed piece', async () => {
        assert.equal(await store.cell('lease'), null);
        await store.transact((tx) => tx.setCell('lease', 'one'));
        await store.transact(async (tx) => {
          await tx.setCell('lease', 'two');
          assert.equal(await tx.cell('lease'), 'two');
          assert.equal(await store.cell('lease'), 'one');
        });
        const failing = store.transact(async (tx) => {
          await tx.setCell('lease', 'three');
          throw new Error('planned');
        });
        await assert.rejects(failing, /planned/);
        assert.equal(await store.cell('lease'), 'two');
        assert.equal(await store.cell('store_id'), null);
        assert.equal(await store.headSeq(), 0);
        assert.deepEqual((await store.verify()).problems, []);
      });

      it('refuses the same idempotency key twice in a stream', async () => {
        const once = (): Promise<StoredEvent[]> =>
          store.transact((tx) =>
            tx.append(turnStream('a'), 'any', [turnStarted('a', '1'), turnStarted('a', '2')], {
              ...conformanceContext,
              idempotency_key: 'k',
            }),
          );
        const stored = await once();
        assert.deepEqual(
          stored.map((e) => e.idempotency_key),
          ['k', null],
        );
        await assert.rejects(once(), hasCode('idempotency_conflict'));
        assert.equal(await store.headSeq(), 2);
      });
    });

    describe('transactions', () => {
      it('show their own writes inside and nothing outside before the end', async () => {
        const seen: number[] = [];
        await store.transact(async (tx) => {
          await tx.append(turnStream('a'), 'any', [turnStarted('a', 'x')], conformanceContext);
          seen.push(
            await tx.headSeq(),
            (await tx.load(turnStream('a'))).length,
            await tx.count(turnCounts),
          );
          seen.push(
            await store.headSeq(),
            (await store.load(turnStream('a'))).length,
            await store.count(turnCounts),
          );
        });
        assert.deepEqual(seen, [1, 1, 1, 0, 0, 0]);
        assert.equal(await store.headSeq(), 1);
      });

      it('roll back only their own part when they throw', async () => {
        const good = append('good', 'x');
        const bad = store.transact(async (tx) => {
          await tx.append(turnStream('bad'), 'any', [turnStarted('bad', 'x')], conformanceContext);
          throw new Error('changed my mind');
        });
        const after = append('after', 'x');
        await assert.rejects(bad, /changed my mind/);
        const [[first], [second]] = await Promise.all([good, after]);
        assert.deepEqual([first?.seq, second?.seq], [1, 2]);
        assert.deepEqual(await store.load(turnStream('bad')), []);
        assert.equal(await store.document(turnCounts, 'bad'), null);
        assert.deepEqual((await store.verify()).problems, []);
      });

      it('are refused inside a transaction instead of waiting for themselves', async () => {
        await store.transact(async () => {
          await assert.rejects(
            store.transact(() => 1),
            hasCode('internal_error'),
          );
        });
        assert.equal(await store.transact(() => 1), 1);
      });

      it('may be started by what a transaction left behind', async () => {
        let later: Promise<StoredEvent[]> | undefined;
        await store.transact(() => {
          later = new Promise((resolve) => setImmediate(resolve)).then(() => append('a', 'x'));
        });
        assert.equal((await later)?.length, 1);
      });

      it('end their tx with them', async () => {
        let kept: StoreTransaction | undefined;
        await store.transact((tx) => {
          kept = tx;
        });
        await assert.rejects(async () => kept?.headSeq(), hasCode('internal_error'));
        await assert.rejects(async () => kept?.setCell('late', 'x'), hasCode('internal_error'));
        assert.equal(await store.cell('late'), null);
      });

      it('return what their work returns, with or without a promise', async () => {
        assert.equal(await store.transact(() => 7), 7);
        assert.equal(await store.transact(async () => 8), 8);
      });

      it('finish what was accepted before a close, and are refused afterwards', async () => {
        const accepted = append('a', 'x');
        await store.close();
        assert.equal((await accepted).length, 1);
        await assert.rejects(append('b', 'x'), hasCode('store_unavailable'));
      });
    });

    describe('listeners', () => {
      it('[A-07] hear of each commit in order, before the caller does, until they stop', async () => {
        const heard: string[] = [];
        const stop = store.onAppended((events) => heard.push(...events.map((e) => `${e.seq}`)));
        store.onAppended(() => {
          throw new Error('a listener that fails');
        });
        const appended = Array.from({ length: 5 }, (_, i) =>
          append(`s${i}`, 'x').then(() => heard.push('caller')),
        );
        await Promise.all(appended);
        assert.deepEqual(
          heard.filter((entry) => entry !== 'caller'),
          ['1', '2', '3', '4', '5'],
        );
        assert.ok(heard.indexOf('1') < heard.indexOf('caller'));
        stop();
        await append('more', 'x');
        assert.equal(heard.includes('6'), false);
      });

      it('hear nothing of what was rolled back', async () => {
        const heard: number[] = [];
        store.onAppended((events) => heard.push(events.length));
        const bad = store.transact(async (tx) => {
          await tx.append(turnStream('bad'), 'any', [turnStarted('bad', 'x')], conformanceContext);
          throw new Error('no');
        });
        await assert.rejects(bad);
        assert.deepEqual(heard, []);
      });
    });

    describe('reading', () => {
      beforeEach(async () => {
        for (let i = 1; i <= 6; i += 1) {
          const id = i % 2 === 0 ? 'even' : 'odd';
          const context = {
            ...conformanceContext,
            correlation_id: `corr-${i % 3}`,
            run_id: i === 4 ? `run_${'0'.repeat(26)}` : null,
          };
          await store.transact((tx) =>
            tx.append(turnStream(id), 'any', [turnStarted(id, `${i}`)], context),
          );
        }
      });
      const seqs = async (
        filter: Omit<Parameters<EventStore['query']>[0], 'limit'>,
        limit = 100,
      ): Promise<number[]> => (await store.query({ ...filter, limit })).map((event) => event.seq);

      it('[A-76] filters by every field, exclusive of from_seq, both ways', async () => {
        assert.deepEqual(await seqs({}), [1, 2, 3, 4, 5, 6]);
        assert.deepEqual(await seqs({ from_seq: 2, to_seq: 4 }), [3, 4]);
        assert.deepEqual(await seqs({ order: 'desc' }, 2), [6, 5]);
        assert.deepEqual(await seqs({ stream_type: 'turn', stream_id: 'even' }), [2, 4, 6]);
        assert.deepEqual(await seqs({ stream_type: 'run' }), []);
        assert.deepEqual(
          await seqs({ event_type: ['turn.started', 'turn.answered'] }),
          [1, 2, 3, 4, 5, 6],
        );
        assert.deepEqual(await seqs({ event_type: [] }), []);
        assert.deepEqual(await seqs({ run_id: `run_${'0'.repeat(26)}` }), [4]);
        assert.deepEqual(await seqs({ correlation_id: 'corr-1' }), [1, 4]);
      });

      it('[A-76] finds words in values, types, actors and in what an event is about', async () => {
        const actor = { ...conformanceContext.actor, display: 'Ada 100%' };
        const run_id = `run_${'7'.repeat(26)}`;
        const context = { ...conformanceContext, actor, run_id };
        await store.transact(async (tx) => {
          const said = turnStarted('said', 'Run "npm_test" NOW\\ä');
          await tx.append(turnStream('said'), 'any', [said], context);
          const later: DomainEvent = {
            type: 'turn.cancelled',
            data: { turn_id: 'said', reason: 'so' },
          };
          await tx.append(turnStream('said'), 'any', [later], conformanceContext);
        });
        const [own, later] = [7, 8];
        // In any order, without case, and an event by what began its stream.
        assert.deepEqual(await seqs({ text: 'now RUN' }), [own, later]);
        assert.deepEqual(await seqs({ text: 'now cancelled' }), [later]);
        assert.deepEqual(await seqs({ text: 'ada' }), [own]);
        // What SQL, LIKE or JSON would take for something else.
        assert.deepEqual(await seqs({ text: '100%' }), [own]);
        assert.deepEqual(await seqs({ text: '10_%' }), []);
        assert.deepEqual(await seqs({ text: '"npm_test"' }), [own, later]);
        assert.deepEqual(await seqs({ text: '"npmXtest"' }), []);
        assert.deepEqual(await seqs({ text: 'w\\ä' }), [own, later]);
        // The names of an event's own fields say nothing, those that somebody gave do.
        await store.transact((tx) => {
          const changes = { 'voice.rate': 2 };
          const patched: DomainEvent = { type: 'config.patched', data: { changes, signed: null } };
          return tx.append(
            { stream_type: 'config', stream_id: 'c' },
            'any',
            [patched],
            conformanceContext,
          );
        });
        assert.deepEqual(await seqs({ text: 'VOICE.rate' }), [9]);
        assert.deepEqual(await seqs({ text: 'changes' }), []);
        assert.deepEqual(await seqs({ text: 'window_id' }), []);
        assert.deepEqual(await seqs({ text: 'even', order: 'desc' }, 2), [6, 4]);
        assert.deepEqual(await seqs({ text: 'even', to_seq: 3 }), [2]);
        assert.deepEqual(await seqs({ text: 'nowhere' }), []);
      });

      it('[A-77] finds one event by its id or its seq', async () => {
        const third = await store.event({ seq: 3 });
        assert.ok(third !== null);
        assert.deepEqual(await store.event({ event_id: third.event_id }), third);
        assert.equal(await store.event({ seq: 7 }), null);
        assert.equal(await store.event({ event_id: 'nothing' }), null);
      });

      it('has an empty stream for one that does not exist', async () => {
        assert.deepEqual(await store.load(turnStream('never')), []);
      });
    });

    describe('projections', () => {
      it('[A-11] follow in the same transaction, by key, by column and by order', async () => {
        await append('a', 'x');
        await append('a', 'y');
        await append('b', 'x');
        await append('c', 'z');
        assert.deepEqual(await store.document(turnCounts, 'a'), {
          turn: 'a',
          count: 2,
          last: 'y',
          nested: { 'turn.started': { turn_id: 'a', text: 'y', source: 'panel', window_id: null } },
        });
        const turns = async (
          filter: Omit<Parameters<EventStore['documents']>[1], 'limit'>,
          limit = 10,
        ): Promise<string[]> =>
          (await store.documents(turnCounts, { ...filter, limit })).map(({ turn }) => turn);
        assert.deepEqual(await turns({}), ['a', 'b', 'c']);
        assert.deepEqual(await turns({ order: 'desc' }, 2), ['c', 'b']);
        assert.deepEqual(await turns({ after_key: 'a' }), ['b', 'c']);
        assert.deepEqual(await turns({ order: 'desc', after_key: 'c' }), ['b', 'a']);
        assert.deepEqual(await turns({ where: { count: 1 } }), ['b', 'c']);
        assert.deepEqual(await turns({ where: { last: ['x', 'z'], count: 1 } }), ['b', 'c']);
        assert.deepEqual(await turns({ where: { last: null } }), []);
        assert.equal(await store.count(turnCounts), 3);
        assert.equal(await store.count(turnCounts, { last: 'y' }), 1);
      });

      it('find nothing while there is nothing', async () => {
        assert.equal(await store.document(turnCounts, 'a'), null);
        assert.deepEqual(await store.documents(turnCounts, { where: { count: 1 }, limit: 10 }), []);
        assert.equal(await store.count(turnCounts, { last: 'x' }), 0);
        await append('a', 'x');
        assert.equal(await store.count(turnCounts, { last: 'x' }), 1, 'what came since is found');
      });

      it('refuse a filter on a column that they do not have', async () => {
        await append('a', 'x');
        await assert.rejects(
          store.documents(turnCounts, { where: { nothing: 1 }, limit: 10 }),
          TypeError,
        );
      });

      it('may let a document go', async () => {
        await append('a', 'x');
        const gone: DomainEvent = { type: 'turn.cancelled', data: { turn_id: 'a', reason: 'x' } };
        await store.transact((tx) => tx.append(turnStream('a'), 'any', [gone], conformanceContext));
        assert.equal(await store.document(turnCounts, 'a'), null);
        assert.deepEqual((await store.verify()).problems, []);
      });
    });

    describe('repeated requests', () => {
      it('[G-07] get the first answer for the same content, and an error for another', async () => {
        await store.transact(async (tx) => {
          assert.equal(await tx.recall('user', 'run.cancel', 'k', 'h1'), null);
          await tx.remember('user', 'run.cancel', 'k', 'h1', { done: true });
        });
        await store.transact(async (tx) => {
          assert.deepEqual(await tx.recall('user', 'run.cancel', 'k', 'h1'), { done: true });
          assert.equal(await tx.recall('other', 'run.cancel', 'k', 'h1'), null);
          assert.equal(await tx.recall('user', 'grant.revoke', 'k', 'h1'), null);
          await assert.rejects(
            tx.recall('user', 'run.cancel', 'k', 'h2'),
            hasCode('idempotency_conflict'),
          );
          await assert.rejects(
            tx.remember('user', 'run.cancel', 'k', 'h1', {}),
            hasCode('idempotency_conflict'),
          );
        });
        assert.deepEqual((await store.verify()).problems, []);
      });

      it('[S-23] are let go of when they are old, the oldest first, and others stay', async () => {
        const known = (key: string) =>
          store.transact((tx) => tx.recall('user', 'c', key, 'h').then((found) => found !== null));
        for (const key of ['1', '2', '3'])
          await store.transact((tx) => tx.remember('user', 'c', key, 'h', {}));
        const forget = (before: number, limit: number) =>
          store.transact((tx) => tx.forgetAnswers(before, limit));
        assert.equal(await forget(0, 10), 0);
        const soon = Date.now() + 60_000;
        assert.equal(await forget(soon, 2), 2);
        assert.equal((await Promise.all(['1', '2', '3'].map(known))).filter(Boolean).length, 1);
        assert.equal(await forget(soon, 2), 1);
        assert.deepEqual((await store.verify()).problems, []);
      });

      it('forget what was rolled back', async () => {
        const failed = store.transact(async (tx) => {
          await tx.remember('user', 'c', 'k', 'h', { x: 1 });
          throw new Error('no');
        });
        await assert.rejects(failed);
        assert.equal(await store.transact((tx) => tx.recall('user', 'c', 'k', 'h')), null);
      });
    });

    describe('secrets', () => {
      it('[A-94, A-95] never reach the log, the read models or a remembered answer', async () => {
        const held = 'correct horse battery staple';
        const shaped = `ghp_${'a1B2'.repeat(9)}`;
        secrets = [held];
        const text = `login ${Buffer.from(held).toString('base64')} and ${shaped}`;
        const [event] = await append('a', text);
        await store.transact((tx) => tx.remember('user', 'c', 'k', 'h', { text: held }));
        assert.equal(
          event?.data?.['text'],
          'login [redacted:known_secret] and [redacted:github_token]',
        );
        assert.equal(event.redaction_level, 'partial');
        assert.equal(event.contains_secrets, true);
        const everything = JSON.stringify([
          await store.query({ limit: 10 }),
          await store.documents(turnCounts, { limit: 10 }),
          await store.transact((tx) => tx.recall('user', 'c', 'k', 'h')),
        ]);
        assert.equal(everything.includes(held), false);
        assert.equal(everything.includes(shaped), false);
      });
    });

    describe('verification', () => {
      it('[A-36, A-114] accepts what the store wrote, and says where the chain ends', async () => {
        await Promise.all(Array.from({ length: 25 }, (_, i) => append(`s${i % 4}`, `text ${i}`)));
        const [last] = await store.query({ order: 'desc', limit: 1 });
        assert.deepEqual(await store.verify(), {
          events: 25,
          head_seq: 25,
          head_hash: last?.hash,
          erased: 0,
          projections: 1,
          problems: [],
        });
      });

      it('accepts an empty store', async () => {
        const empty = {
          events: 0,
          head_seq: 0,
          head_hash: '0'.repeat(64),
          erased: 0,
          projections: 1,
          problems: [],
        };
        assert.deepEqual(await store.verify(), empty);
      });
    });
  });
}
