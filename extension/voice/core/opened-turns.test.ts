import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { OpenedTurns } from './opened-turns.ts';

describe('turns that a hand opened in this window', () => {
  it('[V-15] an answer is signed in those only, and under the statement that opened them', () => {
    const turns = new OpenedTurns();
    turns.add('t1', 'l1');
    turns.add('t2', 'l2');
    assert.equal(turns.wasSigned('t1', 'l1'), true);
    assert.equal(turns.wasSigned('t1', 'l2'), false);
    assert.equal(turns.wasSigned('t3', 'l1'), false);
  });

  it('[V-15] nothing is signed where the opening was not, or where the host names no statement', () => {
    const turns = new OpenedTurns();
    turns.add('t1', null);
    turns.add('t2', 'l2');
    for (const [turnId, listenId] of [
      ['t1', null],
      ['t1', undefined],
      ['t2', null],
      ['t3', undefined],
      ['t3', null],
      [undefined, undefined],
    ])
      assert.equal(turns.wasSigned(turnId, listenId), false, `${turnId} ${listenId}`);
  });

  it('forgets the oldest', () => {
    const turns = new OpenedTurns();
    for (let at = 0; at < 21; at += 1) turns.add(`t${at}`, `l${at}`);
    assert.deepEqual([turns.has('t0'), turns.has('t1'), turns.has('t20')], [false, true, true]);
  });
});
