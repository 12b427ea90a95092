import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fullAllowance, isFull, spend, type AllowanceRate } from './allowance.ts';

const rate: AllowanceRate = { full: 40, perSecond: 0.1 };

describe('allowance', () => {
  it('[G-56] says how long to wait, and that is long enough and not longer', () => {
    let allowance = fullAllowance(rate, 0);
    for (;;) {
      const spent = spend(rate, allowance, 10, 0);
      if (spent.kind === 'wait') {
        assert.deepEqual(spent, { kind: 'wait', ms: 100_000 });
        assert.equal(spend(rate, allowance, 10, 100_000).kind, 'granted');
        assert.equal(spend(rate, allowance, 10, 99_000).kind, 'wait');
        return;
      }
      allowance = spent.allowance;
    }
  });

  it('[G-56] lets what costs less through where what costs more must wait', () => {
    const nearlyEmpty = { left: 2, at: 0 };
    assert.equal(spend(rate, nearlyEmpty, 10, 0).kind, 'wait');
    assert.equal(spend(rate, nearlyEmpty, 1, 0).kind, 'granted');
  });

  it('[G-56] never fills over its edge, and is forgotten when it is as good as new', () => {
    const spent = spend(rate, fullAllowance(rate, 0), 10, 0);
    assert.ok(spent.kind === 'granted');
    const full = (now: number): boolean => isFull(rate, spent.allowance, now);
    assert.deepEqual([full(99_000), full(100_000)], [false, true]);
    const later = spend(rate, spent.allowance, 40, 1e9);
    assert.deepEqual(later, { kind: 'granted', allowance: { left: 0, at: 1e9 } });
  });
});
