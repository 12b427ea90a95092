import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fullAllowance, isFull, spend, type SpeechAllowance } from './allowance.ts';

describe('speech allowance', () => {
  it('[V-44] lets an agent report, and makes one that chatters wait', () => {
    let left: SpeechAllowance = fullAllowance(0);
    let said = 0;
    for (let at = 0; at < 600_000; at += 1_000) {
      const answer = spend(left, 60, at);
      if (answer.kind === 'wait') continue;
      left = answer.left;
      said += 60 / 15;
    }
    // Forty seconds at once, and sixty in the ten minutes that follow.
    assert.ok(said >= 96 && said <= 100, String(said));
  });

  it('[V-44] says how long to wait', () => {
    let left = fullAllowance(0);
    for (;;) {
      const answer = spend(left, 150, 0);
      if (answer.kind === 'wait') {
        assert.deepEqual(answer, { kind: 'wait', ms: 100_000 });
        assert.equal(spend(left, 150, 100_000).kind, 'may_speak');
        assert.equal(spend(left, 150, 99_000).kind, 'wait');
        return;
      }
      left = answer.left;
    }
  });

  it('[V-44] counts one word as some seconds, and the longest text as no more than all of them', () => {
    const one = spend(fullAllowance(0), 1, 0);
    assert.equal(one.kind === 'may_speak' && one.left.seconds, 37);
    assert.equal(spend(fullAllowance(0), 100_000, 0).kind, 'may_speak');
  });

  it('[V-44] is forgotten when it is as good as new', () => {
    const one = spend(fullAllowance(0), 150, 0);
    assert.ok(one.kind === 'may_speak');
    assert.deepEqual([isFull(one.left, 99_000), isFull(one.left, 100_000)], [false, true]);
  });
});
