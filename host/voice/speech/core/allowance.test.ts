import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fullAllowance, spend } from '#host/kernel/allowance.ts';
import { speechCost, speechRate } from './allowance.ts';

describe('speech allowance', () => {
  it('[V-44] lets an agent report, and makes one that chatters wait', () => {
    let allowance = fullAllowance(speechRate, 0);
    let said = 0;
    for (let at = 0; at < 600_000; at += 1_000) {
      const spent = spend(speechRate, allowance, speechCost(60), at);
      if (spent.kind === 'wait') continue;
      allowance = spent.allowance;
      said += 60 / 15;
    }
    // Forty seconds at once, and sixty in the ten minutes that follow.
    assert.ok(said >= 96 && said <= 100, String(said));
  });

  it('[V-44] counts one word as some seconds, and the longest text as no more than all of them', () => {
    const after = (characters: number) =>
      spend(speechRate, fullAllowance(speechRate, 0), speechCost(characters), 0);
    assert.deepEqual(after(1), { kind: 'granted', allowance: { left: 37, at: 0 } });
    assert.equal(after(100_000).kind, 'granted');
  });
});
