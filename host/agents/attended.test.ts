import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { whileAttended } from './attended.ts';

/** Time passes as it is waited for; `attendedAt` and `answeredAt` say what is so when. */
const asking = (options: {
  waitMs: number;
  attendedAt: (ms: number) => boolean;
  answeredAt?: number;
}): Promise<{ state: string; abandoned: boolean; at: number }> => {
  let at = 0;
  const { waitMs, attendedAt, answeredAt = Infinity } = options;
  return whileAttended<string>({
    waitMs,
    patienceMs: 20_000,
    isAttended: () => attendedAt(at),
    isOpen: (state) => state === 'open',
    wait: async (ms) => {
      at = Math.min(at + ms, Math.max(at, answeredAt));
      return at >= answeredAt ? 'answered' : 'open';
    },
  }).then((ended) => ({ ...ended, at }));
};

describe('whileAttended', () => {
  it('waits as long as the caller does while somebody could answer', async () => {
    const ended = await asking({ waitMs: 595_000, attendedAt: () => true });
    assert.deepEqual(ended, { state: 'open', abandoned: false, at: 595_000 });
  });

  it('gives up when nobody could for the whole of its patience, and not before', async () => {
    const ended = await asking({ waitMs: 595_000, attendedAt: (at) => at < 60_000 });
    assert.deepEqual(ended, { state: 'open', abandoned: true, at: 75_000 });
  });

  it('waits on for a window that comes back in time', async () => {
    const ended = await asking({
      waitMs: 100_000,
      attendedAt: (at) => at % 20_000 === 0,
      answeredAt: 90_000,
    });
    assert.deepEqual(ended, { state: 'answered', abandoned: false, at: 90_000 });
  });

  it('never waits longer than the caller', async () => {
    const ended = await asking({ waitMs: 7_000, attendedAt: () => false });
    assert.deepEqual(ended, { state: 'open', abandoned: false, at: 7_000 });
  });
});
