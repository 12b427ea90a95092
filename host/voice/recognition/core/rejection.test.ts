import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { agreement, isAccepted, isDoubtful, scoreOf, type Evidence } from './rejection.ts';

const heard = (more: Partial<Evidence> = {}): Evidence => ({
  gap: 0,
  likeness: 0.6,
  poorest: 10,
  fit: -30,
  frames: 80,
  text: 'open settings',
  words: 2,
  snr: 40,
  narrow: false,
  agreed: null,
  ...more,
});

describe('rejection', () => {
  it('[V-24] what one look is sure of is accepted without a second', () => {
    for (let gap = -20; gap < 60; gap += 1) {
      const first = heard({ gap });
      if (isDoubtful(first)) continue;
      assert.ok(isAccepted(scoreOf({ ...first, agreed: agreement(first, undefined) })), `${gap}`);
    }
  });

  it('[V-24] two looks that agree say more than one or than two that do not', () => {
    const first = heard({ gap: 10 });
    const [both, one, apart] = [true, null, false].map((agreed) => scoreOf({ ...first, agreed }));
    assert.ok((both ?? 0) > (one ?? 0) && (both ?? 0) > (apart ?? 0));
    assert.equal(agreement(first, undefined), null);
    assert.equal(agreement(first, heard()), true);
    assert.equal(agreement(first, heard({ text: 'undo' })), false);
  });

  it('[V-24] noise and a narrow band excuse a worse fit', () => {
    const poor = { gap: 18, likeness: 0.3, poorest: 40 };
    assert.ok(scoreOf(heard({ ...poor, snr: 5 })) > scoreOf(heard(poor)));
    assert.ok(scoreOf(heard({ ...poor, narrow: true })) > scoreOf(heard(poor)));
  });
});
