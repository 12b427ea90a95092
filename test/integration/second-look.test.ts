// The second look by the model that writes, in its thread, with the model that the build made.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { FRAME_SAMPLES, type Recognition } from '#host/voice/ports.ts';
import { createRecogniser } from '#host/voice/recognition/recogniser.ts';
import { waysOf } from '#host/voice/recognition/core/phrases.ts';
import { Rescorer } from '#host/voice/recognition/rescoring/rescorer.ts';
import { inRoom } from '../bench/lib/speech/noise.ts';
import { seededRandom } from '../bench/lib/speech/random.ts';
import { padded, recorded } from '../fakes/speech-samples.ts';

const phrases = [
  'show [me] [the] git status',
  'show [me] [the] settings',
  'go to [line] {line:number}',
  'why',
  'undo',
];
/** Hissed over so that the recogniser alone accepts nothing, at 10 dB, or "why", 3 dB below the noise. */
const noisy = (snrDb: number): Float32Array =>
  inRoom(padded(recorded('git-status')), {
    kind: 'white',
    snrDb,
    random: seededRandom(6),
    talkers: [],
  });

describe('the second look', function () {
  const recogniser = createRecogniser();
  before(() => recogniser.setPhrases({ meanings: phrases.map((one) => [one]), answers: false }));
  after(() => recogniser.dispose());

  const opened = (samples: Float32Array) => {
    const session = recogniser.open();
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES)
      session.push(samples.subarray(at, at + FRAME_SAMPLES));
    return session;
  };
  const heard = (samples: Float32Array): Promise<Recognition> =>
    opened(samples).finish({ patient: true });

  it('[V-31] hears an order in noise, and a file the same every time', async () => {
    const [first, again] = [await heard(noisy(10)), await heard(noisy(10))];
    assert.equal(first.text, 'show me the git status');
    assert.ok(first.accepted, `${first.score}`);
    assert.deepEqual({ ...again, took_ms: 0 }, { ...first, took_ms: 0 });
  });

  it('[V-31] does not take what nobody can hear for another order', async () => {
    const { text, accepted } = await heard(noisy(-3));
    assert.ok(!accepted, text);
  });

  it('[V-31] is given up where the turn is aborted, and the next is heard', async () => {
    const session = opened(noisy(10));
    const result = session.finish({ patient: true });
    setTimeout(() => session.abort(), 100);
    await assert.rejects(result, { name: 'AbortError' });
    assert.equal((await heard(noisy(10))).text, 'show me the git status');
  });

  it('[V-31] there is none without the model, and none that nobody wants', async () => {
    const ways = phrases.flatMap((phrase) => waysOf(phrase) ?? []);
    const sound = [noisy(10)];
    const { signal } = new AbortController();
    const missing: string[] = [];
    const without = new Rescorer({ folder: null, onProblem: (problem) => missing.push(problem) });
    without.setPhrases(ways);
    assert.equal(await without.look(sound, null, { patient: true, signal }), null);
    without.start();
    assert.deepEqual(missing, ['it is not installed; install hob-hearing.vsix beside Hob']);
    const problems: string[] = [];
    const broken = new Rescorer({
      folder: '/nowhere',
      onProblem: (problem) => problems.push(problem),
    });
    assert.equal(await broken.look(sound, null, { patient: true, signal }), null);
    assert.equal(problems.length, 1);
  });
});
