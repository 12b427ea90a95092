// The second look by the model that writes, in its process, with the model that the build made.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { silentLog } from '#host/kernel/log.ts';
import { FRAME_SAMPLES, type Recognition } from '#host/voice/ports.ts';
import { createRecogniser } from '#host/voice/recognition/recogniser.ts';
import { modelFolder } from '#host/voice/recognition/rescoring/model-folder.ts';
import { SpeechModelProcess } from '#host/voice/recognition/rescoring/model-process.ts';
import { Rescorer } from '#host/voice/recognition/rescoring/rescorer.ts';
import { inRoom } from '../bench/lib/speech/noise.ts';
import { seededRandom } from '../bench/lib/speech/random.ts';
import { childrenRunning, isCollected } from '../fakes/child-processes.ts';
import { HandClock } from '../fakes/hand-clock.ts';
import { padded, recorded } from '../fakes/speech-samples.ts';
import { until } from '../fakes/test-servers.ts';

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
  const clock = new HandClock();
  const problems: string[] = [];
  let folder = modelFolder();
  const recogniser = createRecogniser({
    clock,
    model: { folder: () => folder, onProblem: (problem) => problems.push(problem) },
  });
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

  const modelProcess = (): number => {
    const [pid, ...more] = childrenRunning('rescoring.worker');
    assert.ok(pid !== undefined && more.length === 0, `${pid} ${more.join(' ')}`);
    return pid;
  };

  it('[V-32] its process is killed: that is said, orders are heard without it, and later with it again', async () => {
    const pid = modelProcess();
    process.kill(pid, 'SIGKILL');
    await until(async () => recogniser.problem !== null);
    assert.match(recogniser.problem ?? '', /its process ended \(SIGKILL\)/);
    assert.ok(!(await heard(noisy(10))).accepted);
    assert.deepEqual(childrenRunning('rescoring.worker'), []);
    clock.move(10_000);
    assert.ok((await heard(noisy(10))).accepted);
    assert.deepEqual([recogniser.problem, problems.length], [null, 1]);
    assert.ok(isCollected(pid));
  });

  it('[V-32] its process stands still: a person is answered without it, it is ended, and later it is there again', async () => {
    const pid = modelProcess();
    process.kill(pid, 'SIGSTOP');
    assert.ok(!(await opened(noisy(10)).finish()).accepted);
    assert.equal(recogniser.problem, null);
    // A file waits for every look.
    const file = heard(noisy(10));
    clock.move(60_000);
    assert.ok(!(await file).accepted);
    assert.match(recogniser.problem ?? '', /its process ended \(no answer for 60 s\)/);
    clock.move(10_000);
    assert.ok((await heard(noisy(10))).accepted);
    assert.deepEqual([recogniser.problem, problems.length], [null, 2]);
    assert.ok(isCollected(pid));
  });

  it('[V-32] it ends after five minutes of silence, and where it is not installed any more it is not started', async () => {
    const pid = modelProcess();
    clock.move(4 * 60_000);
    await heard(noisy(10));
    clock.move(4 * 60_000);
    assert.equal(modelProcess(), pid);
    clock.move(60_000);
    await until(async () => isCollected(pid));
    folder = null;
    assert.match(recogniser.problem ?? '', /^it is not installed\. Install hob-hearing\.vsix/);
    assert.ok(!(await heard(noisy(10))).accepted);
    assert.equal(problems.length, 3);
  });

  it('[V-32] installed again, it is used from the next turn on, and ends with the recogniser', async () => {
    folder = modelFolder();
    assert.ok((await heard(noisy(10))).accepted);
    assert.equal(recogniser.problem, null);
    const pid = modelProcess();
    await recogniser.dispose();
    assert.ok(isCollected(pid));
  });
});

describe('a recognition thread that dies', () => {
  it('[V-32] takes its looks with it, and the next one’s are not taken for what it had dropped', async () => {
    const model = new SpeechModelProcess({ clock: new HandClock(), log: silentLog });
    const sequences = [['show', 'me', 'the', 'git', 'status']];
    const lined = (): { rescorer: Rescorer; end: () => void } => {
      const line = model.line();
      const rescorer = new Rescorer(line);
      rescorer.setPhrases(sequences);
      return { rescorer, end: () => line.close() };
    };
    const first = lined();
    for (const _ of [1, 2]) {
      const given = new AbortController();
      const look = first.rescorer.look([noisy(10)], null, { patient: true, signal: given.signal });
      given.abort();
      assert.equal(await look, null);
    }
    first.end();
    const next = lined();
    const { signal } = new AbortController();
    const found = await next.rescorer.look([noisy(10)], null, { patient: true, signal });
    assert.equal(found?.phrases[0]?.text, 'show me the git status');
    next.end();
    await model.dispose();
  });
});

describe('a speech model that cannot be loaded', () => {
  it('[V-32] gives no second look, and is tried again, each time after twice as long', async () => {
    const clock = new HandClock();
    const problems: string[] = [];
    const model = new SpeechModelProcess({
      clock,
      log: silentLog,
      folder: () => `/nowhere/${problems.length}`,
      onProblem: (problem) => problems.push(problem),
    });
    const line = model.line();
    const rescorer = new Rescorer(line);
    const { signal } = new AbortController();
    const triesAfter = async (ms: number): Promise<number> => {
      clock.move(ms);
      assert.equal(await rescorer.look([noisy(10)], null, { patient: true, signal }), null);
      return problems.length;
    };
    const tries = [];
    for (const ms of [0, 9_999, 1, 10_000, 10_000, 39_999, 1]) tries.push(await triesAfter(ms));
    assert.deepEqual(tries, [1, 1, 2, 2, 3, 3, 4]);
    assert.match(problems[0] ?? '', /\/nowhere\/0\/contents\.json/);
    line.close();
    await model.dispose();
  });
});
