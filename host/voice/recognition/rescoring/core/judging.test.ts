import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isAccepted, type Evidence } from '../../core/rejection.ts';
import { isClear, judgedByBoth } from './judging.ts';
import type { Rescored } from './search.ts';

const first: Evidence = {
  gap: 10,
  likeness: 0.5,
  poorest: 20,
  fit: -30,
  frames: 80,
  text: 'undo',
  words: 1,
  snr: 10,
  narrow: false,
  agreed: null,
};

const rescored = (phrases: Record<string, number>, free = {}): Rescored => ({
  phrases: Object.entries(phrases).map(([text, rank]) => ({ text, rank, logp: -4, pieces: 4 })),
  free: { text: '', logp: -2, pieces: 4, ...free },
});

/** "Undo" and "undo it" are one thing. */
const meaningOf = (text: string): string => text.replace(/ it$/, '');

const surest = (phrases: Record<string, number>, free = {}): { text: string; score: number } =>
  judgedByBoth(first, rescored(phrases, free), meaningOf)[0] ?? { text: '', score: 0 };

describe('judging by both looks', () => {
  it('[V-24] takes the phrase that explains the sound far better than no sound', () => {
    const best = surest({ 'open settings': 12, 'close it': 1 });
    assert.equal(best.text, 'open settings');
    assert.ok(isAccepted(best.score));
    assert.ok(!isAccepted(surest({ 'close it': -1 }).score));
  });

  it('[V-24] believes more what the first look heard too', () => {
    const both = surest({ undo: 6 });
    assert.ok(both.score > surest({ redo: 6 }).score);
    assert.equal(surest({ redo: 6, undo: 6 }).text, 'undo');
  });

  it('[V-31] takes two ways to say one thing as one, also where each look heard another of them', () => {
    const all = judgedByBoth(first, rescored({ 'undo it': 6, undo: 5.5, redo: 4 }), meaningOf);
    assert.deepEqual(
      all.map(({ text, agreed, lead }) => [text, agreed, lead]),
      [
        ['undo it', true, 2],
        ['redo', false, -2],
      ],
    );
    assert.deepEqual(all.map(isClear), [true, false]);
  });

  it('[V-13] [V-31] holds what is no longer named for a rival, since nobody knows what it means', () => {
    const found = rescored({ undo: 6, 'undo it': 5.5 });
    const clear = (cut?: number): boolean[] =>
      judgedByBoth(first, cut === undefined ? found : { ...found, cut }, meaningOf).map(isClear);
    assert.deepEqual([clear(), clear(4), clear(5)], [[true], [true], [false]]);
  });

  it('[V-24] does not take a short phrase for a long sentence', () => {
    const alone = surest({ wait: 3 });
    assert.ok(surest({ wait: 3 }, { pieces: 9 }).score < alone.score);
  });

  it('[V-24] accepts nothing where nothing is left', () => {
    assert.deepEqual(judgedByBoth(first, rescored({}), meaningOf), []);
  });
});
