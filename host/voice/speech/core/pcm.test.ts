import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { soundOfWav, trimmed } from './pcm.ts';

function wav(samples: readonly number[], channels = 1): Uint8Array {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(1_000, 24);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  samples.forEach((sample, at) => bytes.writeInt16LE(sample, 44 + at * 2));
  return bytes;
}

describe('sound of the voice', () => {
  it('[V-40] is read from a WAV file', () =>
    assert.deepEqual(soundOfWav(wav([0, 16_384, -32_768])), {
      sampleRate: 1_000,
      samples: new Float32Array([0, 0.5, -1]),
    }));

  for (const [what, bytes] of [
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('x'.repeat(60))],
    ['stereo', wav([1, 2], 2)],
  ] as const)
    it(`[V-40] refuses ${what}`, () => assert.throws(() => soundOfWav(bytes), /the voice gave/));

  it('[V-40] begins and ends without silence', () => {
    const samples = new Float32Array([0, 0, 0, 0, 0.5, 0, 0.5, 0, 0, 0, 0]);
    const cut = trimmed({ sampleRate: 1_000, samples }, { beforeMs: 1, afterMs: 2 });
    assert.deepEqual(cut.samples, new Float32Array([0, 0.5, 0, 0.5, 0, 0]));
    const silence = { sampleRate: 1_000, samples: new Float32Array(5) };
    assert.equal(trimmed(silence, { beforeMs: 1, afterMs: 1 }).samples.length, 0);
  });
});
