import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pressListeners } from './press.ts';

const pointer = (button = 0): PointerEvent =>
  ({
    button,
    pointerId: 1,
    currentTarget: { setPointerCapture: () => {} },
  }) as unknown as PointerEvent;
const key = (name: string, repeat = false): KeyboardEvent =>
  ({ key: name, repeat, preventDefault: () => {} }) as unknown as KeyboardEvent;

describe('pressing to talk', () => {
  const watched = (): { did: string[]; on: ReturnType<typeof pressListeners> } => {
    const did: string[] = [];
    return { did, on: pressListeners((act) => did.push(act)) };
  };

  it('a pointer presses and lets go once', () => {
    const { did, on } = watched();
    on.pointerdown(pointer());
    on.pointerup(pointer());
    on.lostpointercapture();
    on.blur();
    assert.deepEqual(did, ['press', 'release']);
  });

  it('a lost capture and a lost focus let go', () => {
    const { did, on } = watched();
    on.pointerdown(pointer());
    on.lostpointercapture();
    on.keydown(key(' '));
    on.blur();
    assert.deepEqual(did, ['press', 'lost', 'press', 'lost']);
  });

  it('[V-77] what a pointer holds is not let go by a focus that moves to it from another thing to press', () => {
    const { did, on } = watched();
    on.pointerdown(pointer());
    on.blur();
    on.pointerup(pointer());
    on.pointerdown(pointer());
    on.leave();
    assert.deepEqual(did, ['press', 'release', 'press', 'lost']);
  });

  it('repeats of a held key are no presses, other keys and buttons mean nothing', () => {
    const { did, on } = watched();
    on.pointerdown(pointer(2));
    on.keydown(key('a'));
    on.keydown(key('Enter'));
    on.keydown(key('Enter', true));
    on.keydown(key('Enter', true));
    on.keyup(key('Enter'));
    assert.deepEqual(did, ['press', 'release']);
  });
});
