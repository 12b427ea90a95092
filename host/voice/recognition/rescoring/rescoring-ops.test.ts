import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeSpeechModel } from '../../../../test/fakes/fake-speech-model.ts';
import { rescoringOps } from './rescoring-ops.ts';

describe('rescoringOps', () => {
  const model = new FakeSpeechModel({
    '': { ' Open': 0.9 },
    Open: { ' settings': 0.9 },
    'Open settings': { '': 0.9 },
  });
  const ops = rescoringOps(() => Promise.resolve(model));
  const ask = (op: string, args: object): unknown => ops[op]?.(args as never);
  const look = { sounds: [Float32Array.of(0.1)], known: null };

  it('refuses to look before it has a model', async () => {
    await assert.rejects(ask('look', { id: 1, look }) as Promise<unknown>, /not loaded/);
  });

  it('[V-32] ends a look that nobody waits for any longer at its next step, and takes the next', async () => {
    await ask('load', { folder: '' });
    await ask('phrases', { sequences: [['Open', 'settings']] });
    const dropped = ask('look', { id: 2, look });
    const next = ask('look', { id: 3, look }) as Promise<{ phrases: { text: string }[] }>;
    // As a message comes in: when the event loop has its turn.
    setImmediate(() => setImmediate(() => ask('drop', { id: 2 })));
    assert.equal(await dropped, null);
    assert.equal((await next).phrases[0]?.text, 'open settings');
  });
});
