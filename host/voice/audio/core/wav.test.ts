import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HobError } from '#host/kernel/errors.ts';
import { resample } from './resample.ts';
import { soundNotes, soundWords } from './sound-notes.ts';
import { parseWav, writeWav } from './wav.ts';

const sine = (hz: number, rate: number, seconds: number, loud = 0.5): Float32Array =>
  Float32Array.from(
    { length: rate * seconds },
    (_, i) => loud * Math.sin((2 * Math.PI * hz * i) / rate),
  );

const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof HobError && thrown.code === expected && thrown.message.length > 10;

/** The same sound twice, side by side. */
function stereo(samples: Float32Array, sampleRate: number): Uint8Array {
  const both = new Float32Array(samples.length * 2);
  samples.forEach((sample, i) => both.fill(sample, i * 2, i * 2 + 2));
  const bytes = writeWav(both, sampleRate);
  new DataView(bytes.buffer).setUint16(22, 2, true);
  return bytes;
}

describe('WAV', () => {
  it('[V-62] reads what it wrote', () => {
    const samples = sine(440, 16_000, 1);
    const sound = parseWav(writeWav(samples, 16_000));
    assert.equal(sound.sampleRate, 16_000);
    assert.equal(sound.samples.length, samples.length);
    assert.ok(sound.samples.every((value, i) => Math.abs(value - (samples[i] ?? 0)) < 1 / 32_000));
  });

  it('[V-62] takes 8 kHz stereo as 16 kHz mono', () => {
    const sound = parseWav(stereo(sine(440, 8_000, 1), 8_000));
    assert.equal(sound.channels, 2);
    const out = resample(sound.samples, sound.sampleRate, 16_000);
    const expected = sine(440, 16_000, 1);
    assert.equal(out.length, 16_000);
    // The edges have nothing beyond them to be filtered with.
    const worst = out
      .subarray(100, -100)
      .reduce((max, value, i) => Math.max(max, Math.abs(value - (expected[i + 100] ?? 0))), 0);
    assert.ok(worst < 0.01, `off by ${worst}`);
  });

  it('filters out what the lower rate cannot hold', () => {
    const out = resample(sine(11_000, 48_000, 1), 48_000, 16_000);
    assert.ok(out.subarray(200, -200).every((value) => Math.abs(value) < 0.02));
  });

  it('[V-62] refuses an empty file, something else, and a header cut short', () => {
    assert.throws(() => parseWav(new Uint8Array()), code('audio_invalid'));
    assert.throws(
      () => parseWav(new TextEncoder().encode('ID3 this is an mp3 file')),
      code('audio_invalid'),
    );
    const whole = writeWav(sine(440, 16_000, 1), 16_000);
    for (const length of [5, 12, 20, 36, 44])
      assert.throws(
        () => parseWav(whole.slice(0, length)),
        code('audio_invalid'),
        `${length} bytes`,
      );
  });

  it('[V-62] refuses compressed sound and impossible headers', () => {
    const set = (at: number, value: number): Uint8Array => {
      const bytes = writeWav(sine(440, 16_000, 1), 16_000);
      new DataView(bytes.buffer).setUint16(at, value, true);
      return bytes;
    };
    for (const bytes of [set(20, 85), set(22, 0), set(34, 12)])
      assert.throws(() => parseWav(bytes), code('audio_invalid'));
  });

  it('[V-62] refuses more than ten minutes', () => {
    const bytes = writeWav(new Float32Array(8_000 * 601), 8_000);
    assert.throws(() => parseWav(bytes), code('audio_too_long'));
    assert.equal(
      parseWav(writeWav(new Float32Array(8_000 * 599), 8_000)).samples.length,
      8_000 * 599,
    );
  });

  it('[V-62] says of a clipped and of a silent sound what is wrong', () => {
    const words = (samples: Float32Array) => soundWords(soundNotes(samples));
    assert.equal(words(sine(440, 16_000, 1)), null);
    assert.match(
      words(sine(440, 16_000, 1, 3).map((value) => Math.max(-1, Math.min(1, value)))) ?? '',
      /too loud/,
    );
    assert.match(words(new Float32Array(16_000)) ?? '', /silent/);
  });
});
