import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeVoice } from '../../../test/fakes/fake-voice.ts';
import { HandClock } from '../../../test/fakes/hand-clock.ts';
import { LevelWatch } from './level-watch.ts';

describe('a microphone that is open for its level', () => {
  it('[V-61] closes six seconds after somebody last asked for it, and not before', async () => {
    const clock = new HandClock();
    const voice = new FakeVoice();
    const levels = new LevelWatch({
      clock,
      live: { send: () => undefined, sendTo: () => true },
      load: voice.load,
      input: () => null,
      isGateOpen: () => true,
      isTalking: () => false,
    });
    const look = (): Promise<unknown> => levels.set({ window_id: 'w1', on: true }, 'c1');
    const isClosed = (): boolean | undefined => voice.watched[0]?.options.signal.aborted;
    await look();
    clock.move(5_900);
    await look();
    clock.move(5_900);
    assert.deepEqual([isClosed(), voice.watched.length], [false, 1]);
    clock.move(100);
    assert.deepEqual([isClosed(), clock.armed], [true, 0]);
  });
});
