import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  deadline,
  FIRST_REPEAT_MS,
  initialTalk,
  step,
  type Talk,
  type TalkEffect,
  type TalkInput,
  type TalkSetting,
} from './talk.ts';

const setting: TalkSetting = 'auto';
const effects = (...some: TalkEffect[]): string[] =>
  some.map((one) => (one.do === 'start' ? `start ${one.mode}` : one.do));

/** Runs inputs; time passes up to each, so that a key that was let go is noticed. */
function play(inputs: readonly TalkInput[], until = 100_000): { talk: Talk; did: string[] } {
  let talk = initialTalk;
  const did: string[] = [];
  const take = (input: TalkInput): void => {
    const next = step(talk, input);
    talk = next.talk;
    did.push(...effects(...next.effects));
  };
  const pass = (to: number): void => {
    for (let due = deadline(talk); due !== null && due <= to; due = deadline(talk))
      take({ kind: 'time', at: due });
  };
  for (const input of inputs) {
    if ('at' in input) pass(input.at - 1);
    take(input);
  }
  pass(until);
  return { talk, did };
}

/** A key that is held: first the delay of the system, then its rate. */
const held = (from: number, to: number, delay = 500, rate = 33): TalkInput[] => {
  const fires: TalkInput[] = [{ kind: 'fire', at: from, setting }];
  for (let at = from + delay; at < to; at += rate) fires.push({ kind: 'fire', at, setting });
  return fires;
};

describe('hold-to-talk', () => {
  it('[V-77] a hand that holds talks until it lets go', () => {
    const { talk, did } = play([
      { kind: 'press', at: 1_000, setting },
      { kind: 'release', at: 2_400, setting },
    ]);
    assert.deepEqual(did, ['start hold', 'stop']);
    assert.equal(talk.kind, 'off');
  });

  it('[V-77] a short press is a tap: silence ends it, or the next press', () => {
    const { talk, did } = play([
      { kind: 'press', at: 1_000, setting },
      { kind: 'release', at: 1_120, setting },
    ]);
    assert.deepEqual(did, ['start hold', 'discard', 'start tap']);
    assert.equal(talk.kind, 'on');
    const again = step(talk, { kind: 'press', at: 3_000, setting });
    assert.deepEqual(effects(...again.effects), ['stop']);
    assert.equal(again.talk.kind, 'off');
  });

  it('[V-77] with the setting hold a short press is a short hold, with tap any press is a tap', () => {
    const press = (chosen: TalkSetting, ms: number): string[] =>
      play([
        { kind: 'press', at: 0, setting: chosen },
        { kind: 'release', at: ms, setting: chosen },
      ]).did;
    assert.deepEqual(press('hold', 100), ['start hold', 'stop']);
    assert.deepEqual(press('tap', 5_000), ['start tap']);
  });

  it('a capture that is lost lets go, however short it was', () => {
    const { did } = play([
      { kind: 'press', at: 1_000, setting },
      { kind: 'lost', at: 1_100, setting },
    ]);
    assert.deepEqual(did, ['start hold', 'stop']);
  });

  it('[V-77] a key that repeats is held, and let go when it no longer does', () => {
    const { talk, did } = play(held(1_000, 3_000));
    assert.deepEqual(did, ['start hold', 'stop']);
    assert.equal(talk.kind, 'off');
  });

  it('notices the letting go within a fifth of a second once the rate is known', () => {
    let talk = initialTalk;
    const fires = held(0, 2_000);
    for (const input of fires) talk = step(talk, input).talk;
    const last = fires.at(-1);
    assert.ok(last?.kind === 'fire');
    assert.ok((deadline(talk) ?? Infinity) - last.at <= 200);
  });

  it('[V-77] a key that fires once is a tap: it goes on until the next press', () => {
    const { talk, did } = play([{ kind: 'fire', at: 1_000, setting }]);
    assert.deepEqual(did, ['start hold']);
    assert.equal(talk.kind, 'on');
    const again = play([
      { kind: 'fire', at: 1_000, setting },
      { kind: 'fire', at: 1_000 + FIRST_REPEAT_MS + 500, setting },
    ]);
    assert.deepEqual(again.did, ['start hold', 'stop']);
  });

  it('repeats of a press whose turn has ended begin no new turn', () => {
    const { did } = play([...held(1_000, 2_000), { kind: 'ended' }, ...held(2_010, 3_000, 33)]);
    assert.deepEqual(did, ['start hold']);
  });

  it('a held key with the setting tap begins one turn', () => {
    const fires = held(0, 2_000).map((one) => ({ ...one, setting: 'tap' as const }));
    assert.deepEqual(play(fires as TalkInput[]).did, ['start tap']);
  });

  it('[V-77] cancel forgets what was said; without a turn it does nothing', () => {
    assert.deepEqual(play([{ kind: 'press', at: 0, setting }, { kind: 'cancel' }]).did, [
      'start hold',
      'discard',
    ]);
    assert.deepEqual(play([{ kind: 'cancel' }]).did, []);
  });

  it('whatever comes in whatever order: a start is never followed by a start without an end', () => {
    const input: fc.Arbitrary<TalkInput> = fc.oneof(
      fc.record({
        kind: fc.constantFrom(
          'press' as const,
          'release' as const,
          'lost' as const,
          'fire' as const,
        ),
        at: fc.constant(0),
        setting: fc.constantFrom<TalkSetting>('auto', 'hold', 'tap'),
      }),
      fc.constantFrom<TalkInput>({ kind: 'ended' }, { kind: 'cancel' }),
    );
    const timed = fc.array(fc.tuple(input, fc.integer({ min: 1, max: 1_500 })), { maxLength: 40 });
    fc.assert(
      fc.property(timed, (some) => {
        let talk = initialTalk;
        let at = 0;
        let open = false;
        for (const [one, gap] of some) {
          at += gap;
          const inputs = [{ kind: 'time' as const, at }, 'at' in one ? { ...one, at } : one];
          for (const next of inputs) {
            if (next.kind === 'ended') open = false;
            const after = step(talk, next);
            talk = after.talk;
            for (const effect of after.effects) {
              if (effect.do === 'start') assert.equal(open, false);
              else assert.equal(open, true);
              open = effect.do === 'start';
            }
            assert.equal(open, talk.kind !== 'off');
          }
        }
      }),
    );
  });
});
