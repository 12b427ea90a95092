import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { grammarOf } from '../core/grammar.ts';
import type { Rescored } from '../rescoring/core/search.ts';
import { byBothLooks, byOwnLooks, ownLook } from './verdict.ts';

const finding = { gap: 12, likeness: 0.5, poorest: 20, fit: -30, frames: 60 };
const first = (text: string) =>
  ownLook({ tokens: text.split(' '), heard: [], finding }, { snr: 10, narrow: false });
const grammar = (answers: boolean) => grammarOf({ meanings: [], answers }, () => null);
const rescored = (text: string, rank: number): Rescored => ({
  phrases: [{ text, rank, logp: -3, pieces: 2 }],
  free: { text: 'Yes for them', logp: -2, pieces: 4 },
});
const yes = (heard: string, rank: number, answers: boolean) =>
  byBothLooks(first(heard), rescored('yes', rank), grammar(answers)).recognition;
const accepts = (...said: Parameters<typeof yes>): boolean => yes(...said).accepted;
/** How well it explains the sound where it is as sure as this. */
const rankOf = (score: number): number => {
  const ranks = Array.from({ length: 50 }, (_, at) => at / 2);
  return ranks.find((rank) => yes('go to', rank, false).score > score) ?? 0;
};

describe('the verdict of both looks', () => {
  it('[V-31] while a question waits, is surer where only the second heard the answer', () => {
    const [likely, sure] = [rankOf(0.6), rankOf(0.92)];
    assert.ok(accepts('go to', likely, false));
    assert.ok(!accepts('go to', likely, true));
    assert.ok(accepts('yes', likely, true));
    assert.ok(accepts('go to', sure, true));
  });

  it('[V-31] accepts none of two orders that explain the sound about as well, and names both', () => {
    const both = (second: string, rank: number): Rescored => {
      const { phrases, free } = rescored('kill switch on', 10);
      return { phrases: [...phrases, { text: second, rank, logp: -4, pieces: 3 }], free };
    };
    const say = () => 'S EY';
    const meanings = [
      ['kill switch on', 'stop everything'],
      ['kill switch off'],
      ['goto [line] {n:number}', 'jump to line {n:number}'],
    ];
    const grammar = grammarOf({ meanings, answers: false }, say);
    const heard = (found: Rescored) => byBothLooks(first('undo'), found, grammar).recognition;
    assert.ok(heard(both('kill switch off', 8)).accepted);
    const doubt = heard(both('kill switch off', 9));
    assert.equal(doubt.accepted, false);
    assert.deepEqual(
      doubt.closest.map(({ text }) => text),
      ['kill switch on', 'kill switch off'],
    );
    assert.ok(heard(both('stop everything', 9.5)).accepted, 'two ways to say one thing');
    const lines: Rescored = both('jump to line 40', 9.5);
    const [other] = lines.phrases.splice(0, 1);
    assert.ok(other);
    const near = (text: string) => ({
      ...lines,
      phrases: [{ ...other, text }, ...lines.phrases],
    });
    assert.ok(heard(near('goto line 40')).accepted);
    const { accepted, closest } = heard(near('goto line 41'));
    assert.ok(!accepted);
    assert.deepEqual(
      closest.map(({ text }) => text),
      ['goto line 41', 'jump to line 40'],
    );
    const twice = near('goto line 41');
    twice.phrases.push({ ...other, text: 'goto line 40', rank: 8 });
    assert.equal(
      heard(twice).closest.length,
      2,
      'nobody is asked which way to say one thing it was',
    );
  });

  it('[V-31] accepts nothing where the second finds nothing, and still names what the first heard', () => {
    const none: Rescored = { phrases: [], free: { text: 'It rains', logp: -1, pieces: 3 } };
    const { recognition } = byBothLooks(first('undo'), none, grammar(false));
    assert.equal(recognition.accepted, false);
    assert.equal(recognition.closest[0]?.text, 'undo');
  });
});

describe('the verdict of the recogniser’s own looks', () => {
  const heard = (text: string, gap: number, snr: number) =>
    ownLook({ tokens: [text], heard: [], finding: { ...finding, gap } }, { snr, narrow: false });
  const meanings = [['yes', 'allow'], ['no']];
  const asked = grammarOf({ meanings, answers: true }, () => 'S EY');
  const ordered = grammarOf({ meanings, answers: false }, () => 'S EY');
  const [likely, asLikely] = [heard('yes', 12, 40), heard('no', 12.5, 40)];

  it('[V-13] [V-31] while a question waits, is no yes where the second heard something else', () => {
    assert.ok(byOwnLooks([likely], ordered).recognition.accepted);
    assert.ok(byOwnLooks([likely, asLikely], ordered).recognition.accepted);
    const { accepted, text, closest } = byOwnLooks([likely, asLikely], asked).recognition;
    assert.deepEqual([text, accepted], ['yes', false]);
    assert.equal(closest[0]?.text, 'yes');
    assert.ok(byOwnLooks([likely, heard('allow', 12.5, 40)], asked).recognition.accepted);
  });

  it('[V-13] [V-31] while a question waits, is no yes by one look that is in doubt or in noise', () => {
    assert.equal(byOwnLooks([likely], asked).recognition.accepted, false);
    const sure = { gap: 0, likeness: 1, poorest: 0, fit: 0 };
    const clear = (snr: number) =>
      ownLook(
        { tokens: ['yes'], heard: [], finding: { ...finding, ...sure } },
        { snr, narrow: false },
      );
    assert.ok(byOwnLooks([clear(40)], asked).recognition.accepted);
    assert.equal(byOwnLooks([clear(10)], asked).recognition.accepted, false);
    assert.ok(byOwnLooks([clear(10)], ordered).recognition.accepted);
  });
});
