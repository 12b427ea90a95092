import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HobError } from '#host/kernel/errors.ts';
import { silentLog } from '#host/kernel/log.ts';
import type { EventStore } from '#host/store/ports.ts';
import { Idempotency, type IdempotentCall } from './idempotency.ts';

const call = (change: Partial<IdempotentCall> = {}): IdempotentCall => ({
  principalId: 'user',
  command: 'notify.show',
  key: 'k',
  content: { payload: { title: 'x' } },
  remember: true,
  ...change,
});

/** Only what Idempotency uses of a store: one table of answers. */
function answers(): { store: EventStore; rows: Map<string, { hash: string; answer: object }> } {
  const rows = new Map<string, { hash: string; answer: object }>();
  const tx = {
    recall: async (...[principal, command, key, hash]: string[]) => {
      const row = rows.get(JSON.stringify([principal, command, key]));
      if (row !== undefined && row.hash !== hash) throw new HobError('idempotency_conflict');
      return row?.answer ?? null;
    },
    remember: async (
      principal: string,
      command: string,
      key: string,
      hash: string,
      answer: object,
    ) => {
      rows.set(JSON.stringify([principal, command, key]), { hash, answer });
    },
  };
  const store = { transact: (work: (tx: unknown) => unknown) => work(tx) } as unknown as EventStore;
  return { store, rows };
}

describe('Idempotency', () => {
  it('[G-07] executes once for repetitions at the same time and later, and refuses other content', async () => {
    const idempotency = new Idempotency(answers().store, silentLog);
    let executed = 0;
    const execute = async () => ({ number: (executed += 1) });
    const first = await Promise.all([1, 2, 3].map(() => idempotency.once(call(), execute)));
    assert.deepEqual(
      [first, await idempotency.once(call(), execute)],
      [[{ number: 1 }, { number: 1 }, { number: 1 }], { number: 1 }],
    );
    const other = call({ content: { payload: { title: 'y' } } });
    await assert.rejects(
      idempotency.once(other, execute),
      (thrown) => thrown instanceof HobError && thrown.code === 'idempotency_conflict',
    );
    const slow = Promise.withResolvers<object>();
    const running = idempotency.once(call({ key: 'slow' }), () => slow.promise as Promise<never>);
    await assert.rejects(idempotency.once(call({ key: 'slow', content: {} }), execute), HobError);
    slow.resolve({});
    await running;
    assert.equal(executed, 1);
  });

  it('[G-07] tells apart principals, commands and keys', async () => {
    const idempotency = new Idempotency(answers().store, silentLog);
    let executed = 0;
    const execute = async () => ({ number: (executed += 1) });
    for (const change of [
      {},
      { principalId: 'cli' },
      { command: 'orb.palette.set' },
      { key: 'other' },
    ])
      await idempotency.once(call(change), execute);
    assert.equal(executed, 4);
  });

  it('[G-07] a failure is not remembered: trying again tries again', async () => {
    const idempotency = new Idempotency(answers().store, silentLog);
    await assert.rejects(idempotency.once(call(), () => Promise.reject(new HobError('no_editor'))));
    assert.deepEqual(await idempotency.once(call(), async () => ({ ok: true })), { ok: true });
  });

  it('an answer that holds a secret is not stored', async () => {
    const { store, rows } = answers();
    const idempotency = new Idempotency(store, silentLog);
    await idempotency.once(call({ remember: false }), async () => ({ token: 'secret' }));
    assert.equal(rows.size, 0);
  });

  it('what happened stays done when its answer cannot be remembered', async () => {
    const { store } = answers();
    const failing = {
      transact: (work: (tx: unknown) => unknown) =>
        (store as { transact(work: (tx: unknown) => unknown): unknown }).transact((tx) =>
          work({
            ...(tx as object),
            remember: () => Promise.reject(new HobError('store_unavailable')),
          }),
        ),
    } as unknown as EventStore;
    const idempotency = new Idempotency(failing, silentLog);
    assert.deepEqual(await idempotency.once(call(), async () => ({ done: true })), { done: true });
  });
});
