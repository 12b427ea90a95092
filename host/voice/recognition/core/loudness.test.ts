import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { endsInQuiet } from './loudness.ts';

const [room, speech] = [-60, -20];
const said = [
  ...Array.from({ length: 12 }, () => room),
  ...Array.from({ length: 40 }, () => speech),
];
const quiet = (levels: number): number[] => Array.from({ length: levels }, () => room);

describe('the end of an utterance', () => {
  it('[V-25] is quiet where only the room is heard for longer than the front end is late', () => {
    assert.equal(endsInQuiet([...said, ...quiet(4)]), true);
    assert.equal(endsInQuiet([...said, ...quiet(3)]), false);
    assert.equal(endsInQuiet(said), false);
  });

  it('[V-25] is quiet in the echo of what was said, 35 dB below it, and not before', () => {
    assert.equal(endsInQuiet([...said, -56, -57, -58, -59]), true);
    assert.equal(endsInQuiet([...said, -40, -45, -50, -56]), false);
  });

  it('[V-25] is not quiet where the room is as loud as a last weak sound', () => {
    const noisy = said.map((level) => Math.max(level, -30));
    assert.equal(endsInQuiet([...noisy, -22, -22, -23, -24]), false);
    assert.equal(endsInQuiet([...noisy, -30, -29, -31, -30]), true);
  });

  it('[V-25] is not judged by a moment', () => {
    assert.equal(endsInQuiet(quiet(9)), false);
  });
});
