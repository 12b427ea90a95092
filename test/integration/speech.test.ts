// The real voice in its real thread: sound of every voice, in time, and an end to it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import { systemClock } from '#host/kernel/system-clock.ts';
import { SAMPLE_RATE } from '#host/voice/ports.ts';
import { FliteEngine } from '#host/voice/speech/flite/flite-engine.ts';

const worker = new URL('../../host/voice/speech/flite/flite.worker.ts', import.meta.url);

describe('speech', function () {
  const engine = new FliteEngine({ worker, clock: systemClock });
  after(() => engine.dispose());

  const spoken = async (text: string, voice: string, rate = 1): Promise<Float32Array> => {
    const samples: number[] = [];
    const { signal } = new AbortController();
    for await (const piece of engine.speak(text, { voice, rate, signal })) {
      assert.equal(piece.sampleRate, SAMPLE_RATE);
      samples.push(...piece.samples);
    }
    return new Float32Array(samples);
  };

  for (const { id } of engine.voices())
    it(`[V-40] has the voice ${id}, at every pace`, async () => {
      const [own, fast] = [
        await spoken('One change waits.', id),
        await spoken('One change waits.', id, 2),
      ];
      assert.ok(own.length > 0.7 * SAMPLE_RATE && own.length < 3 * SAMPLE_RATE, String(own.length));
      assert.ok(fast.length < 0.75 * own.length, `${fast.length} of ${own.length}`);
      assert.ok(own.some((sample) => Math.abs(sample) > 0.1));
      const onset = own.findIndex((sample) => Math.abs(sample) > 0.01);
      assert.ok(onset < 0.06 * SAMPLE_RATE, `it is heard after ${onset} samples`);
    });

  it('[V-40] offers each of them in the settings of the editor', () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { contributes: { configuration: { properties: Record<string, { enum?: string[] }> } } };
    const { properties } = manifest.contributes.configuration;
    assert.deepEqual(
      properties['hob.voice.voice']?.enum,
      engine.voices().map(({ id }) => id),
    );
  });

  it('[V-40] gives a long sentence in pieces, and nothing for one without words', async () => {
    const pieces: number[] = [];
    const { signal } = new AbortController();
    const long = `${'one change waits for your approval and '.repeat(6)}that is all.`;
    for await (const { samples } of engine.speak(long, { voice: 'kal', rate: 1, signal }))
      pieces.push(samples.length);
    assert.ok(pieces.length > 1);
    assert.equal((await spoken('🎉 …', 'kal')).length, 0);
  });

  it('[V-41] makes nothing more once aborted', async () => {
    const controller = new AbortController();
    let pieces = 0;
    const text = 'one change waits for your approval and '.repeat(12);
    const { signal } = controller;
    for await (const _ of engine.speak(text, { voice: 'kal', rate: 1, signal })) {
      pieces += 1;
      controller.abort();
    }
    assert.equal(pieces, 1);
  });

  it('[V-46] ends its thread when nothing is said, and starts it again', async () => {
    const short = new FliteEngine({ worker, clock: systemClock, idleMs: 50 });
    try {
      assert.equal(short.running, false);
      await short.warm('kal', 1);
      while (short.running) await new Promise((resolve) => setTimeout(resolve, 20));
      await short.warm('kal', 1);
      assert.equal(short.running, true);
    } finally {
      await short.dispose();
    }
    assert.equal(short.running, false);
  });
});
