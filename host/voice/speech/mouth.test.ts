import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RecordingSpeaker } from '../../../test/fakes/recording-speaker.ts';
import { pass, VirtualClock, VirtualMachine } from '../../../test/fakes/virtual-time.ts';
import type { TtsEngine } from '../ports.ts';
import { SpokenMouth, type SpeechProblem, type VoiceChoice } from './mouth.ts';

/** Says a sentence as one sample: its number. */
class NumberVoice implements TtsEngine {
  readonly asked: string[] = [];
  failure: Error | null = null;

  voices(): [] {
    return [];
  }

  async *speak(sentence: string, { signal }: { signal: AbortSignal }) {
    this.asked.push(sentence);
    if (this.failure !== null) throw this.failure;
    await Promise.resolve();
    if (!signal.aborted && sentence !== '')
      yield { sampleRate: 16_000, samples: new Float32Array([Number(sentence)]) };
  }
}

class World {
  readonly machine = new VirtualMachine();
  readonly speaker: RecordingSpeaker;
  readonly voice = new NumberVoice();
  readonly captions: string[] = [];
  readonly problems: (SpeechProblem | null)[] = [];
  readonly choice: VoiceChoice = { voice: 'slt', rate: 1, quiet: false, device: null };
  readonly clock = new VirtualClock(this.machine);
  readonly mouth: SpokenMouth;

  constructor(options: { instant?: boolean } = {}) {
    this.speaker = new RecordingSpeaker(options);
    this.mouth = new SpokenMouth({
      output: this.speaker,
      engine: this.voice,
      clock: this.clock,
      choice: () => this.choice,
      onProblem: (problem) => this.problems.push(problem),
    });
  }

  say(
    sentences: string[],
    kind: 'question' | 'reply' | 'agent' = 'reply',
    signal = new AbortController().signal,
  ): Promise<{ spoken: number; stopped: boolean }> {
    return this.mouth.say(sentences, {
      kind,
      signal,
      onSentence: (index) => this.captions.push(sentences[index] ?? ''),
    });
  }

  /** Lets one sentence begin and be heard. */
  async hearOne(): Promise<void> {
    await this.speaker.written();
    this.speaker.heard();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('mouth', () => {
  it('[V-40] opens the speaker while somebody talks, and is not heard by that', async () => {
    const world = new World({ instant: true });
    await world.mouth.prepare();
    assert.deepEqual(
      [world.speaker.opened.length, new Set(world.speaker.samples)],
      [1, new Set([0])],
    );
    assert.deepEqual([world.mouth.isSpeaking, world.mouth.lastSoundAt], [false, -Infinity]);
    await world.say(['1']);
    await world.mouth.prepare();
    assert.deepEqual([world.speaker.opened.length, world.speaker.samples.at(-1)], [1, 1]);
    // Nobody was answered: the system gets its speaker back.
    await pass(world.machine, [world.clock], 11_000);
    assert.equal(world.speaker.opened[0]?.signal.aborted, true);
  });

  it('[V-40] a reply waits for a speaker that is getting ready, and uses it', async () => {
    const world = new World();
    const ready = world.mouth.prepare();
    const said = world.say(['1']);
    await world.hearOne();
    await ready;
    await world.hearOne();
    await said;
    assert.deepEqual([world.speaker.opened.length, world.speaker.samples.at(-1)], [1, 1]);
  });

  it('[V-43] a speaker that cannot get ready is no problem until something is to be heard', async () => {
    const world = new World({ instant: true });
    world.speaker.failure = new Error('unplugged');
    await world.mouth.prepare();
    assert.deepEqual(world.problems, []);
    world.speaker.failure = null;
    await world.say(['1']);
    assert.deepEqual([world.speaker.samples, world.problems], [[1], []]);
  });

  it('[V-40] says sentences in order, each announced when it begins to sound', async () => {
    const world = new World();
    const said = world.say(['1', '2']);
    await world.speaker.written();
    assert.deepEqual([world.captions, world.mouth.isSpeaking], [['1'], true]);
    // The next one is in the making while the first sounds.
    assert.deepEqual(world.voice.asked, ['1', '2']);
    world.speaker.heard();
    await world.hearOne();
    assert.deepEqual(await said, { spoken: 2, stopped: false });
    assert.deepEqual(
      [world.captions, world.speaker.samples],
      [
        ['1', '2'],
        [1, 2],
      ],
    );
  });

  it('[V-41] is silent once told to stop, and forgets what waits', async () => {
    const world = new World();
    const first = world.say(['1', '2', '3']);
    const second = world.say(['4']);
    await world.hearOne();
    await world.speaker.written();
    await world.mouth.stop();
    assert.deepEqual([world.mouth.isSpeaking, world.speaker.stops > 0], [false, true]);
    assert.deepEqual(await first, { spoken: 1, stopped: true });
    assert.deepEqual(await second, { spoken: 0, stopped: true });
    world.speaker.heard();
    assert.deepEqual([world.speaker.samples, world.captions], [[1], ['1', '2']]);
    const later = world.say(['5']);
    await world.hearOne();
    assert.deepEqual(await later, { spoken: 1, stopped: false });
  });

  it('[V-41] is told to stop while the speaker opens: it is silent at once, and speaks again', async () => {
    const world = new World({ instant: true });
    const opening = world.speaker.opensLater();
    const said = world.say(['1', '2']);
    while (world.speaker.opened.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await world.mouth.stop();
    assert.deepEqual(await said, { spoken: 0, stopped: true });
    opening();
    assert.equal((await world.say(['3'])).spoken, 1);
    assert.deepEqual(world.speaker.samples, [3]);
    assert.deepEqual(
      world.speaker.opened.map(({ signal }) => signal.aborted),
      [true, false],
    );
  });

  it('[V-41] ends one of them with its signal, and goes on with the other', async () => {
    const world = new World();
    const controller = new AbortController();
    const first = world.say(['1', '2'], 'reply', controller.signal);
    const second = world.say(['3']);
    await world.speaker.written();
    controller.abort();
    assert.deepEqual(await first, { spoken: 0, stopped: true });
    await world.hearOne();
    assert.deepEqual(await second, { spoken: 1, stopped: false });
    assert.deepEqual(world.speaker.samples, [3]);
    assert.deepEqual(await world.say(['6'], 'reply', controller.signal), {
      spoken: 0,
      stopped: true,
    });
  });

  it('[V-41] survives a hundred starts and stops', async () => {
    const world = new World();
    const all: Promise<{ stopped: boolean }>[] = [];
    for (let n = 0; n < 100; n += 1) {
      const controller = new AbortController();
      all.push(world.say([String(n)], n % 3 === 0 ? 'agent' : 'reply', controller.signal));
      if (n % 2 === 0) await settled();
      controller.abort();
    }
    assert.ok((await Promise.all(all)).every(({ stopped }) => stopped));
    assert.deepEqual([world.speaker.samples, world.mouth.isSpeaking], [[], false]);
    const last = world.say(['7']);
    await world.hearOne();
    await last;
    assert.deepEqual(world.speaker.samples, [7]);
  });

  it('[V-44] cuts an agent off for a reply, and says its sentence again afterwards', async () => {
    const world = new World();
    const agent = world.say(['1', '2'], 'agent');
    await world.hearOne();
    await world.speaker.written();
    const reply = world.say(['8']);
    await settled();
    await world.hearOne();
    assert.deepEqual(await reply, { spoken: 1, stopped: false });
    await world.hearOne();
    assert.deepEqual(await agent, { spoken: 2, stopped: false });
    assert.deepEqual(world.speaker.samples, [1, 8, 2]);
    assert.deepEqual(world.captions, ['1', '2', '8', '2']);
  });

  it('[V-44] never lets an agent cut off a question or go before it', async () => {
    const world = new World();
    const reply = world.say(['1'], 'reply');
    const agent = world.say(['2'], 'agent');
    const question = world.say(['3', '4'], 'question');
    for (let n = 0; n < 4; n += 1) await world.hearOne();
    await Promise.all([reply, agent, question]);
    assert.deepEqual(world.speaker.samples, [1, 3, 4, 2]);
  });

  it('[V-44] keeps agents silent while somebody talks, and lets them finish afterwards', async () => {
    const world = new World();
    const agent = world.say(['1'], 'agent');
    await world.speaker.written();
    const release = world.mouth.hold();
    const release2 = world.mouth.hold();
    await settled();
    assert.equal(world.mouth.isSpeaking, false);
    release();
    release();
    await settled();
    assert.deepEqual([world.speaker.samples, world.mouth.isSpeaking], [[], false]);
    release2();
    await world.hearOne();
    assert.deepEqual(await agent, { spoken: 1, stopped: false });
    assert.deepEqual(world.speaker.samples, [1]);
  });

  it('[V-45] says no reply and asks no question while somebody talks; the question first afterwards', async () => {
    const world = new World();
    const release = world.mouth.hold();
    const all = [world.say(['1']), world.say(['2'], 'agent'), world.say(['3'], 'question')];
    await settled();
    assert.deepEqual([world.captions, world.voice.asked, world.mouth.isSpeaking], [[], [], false]);
    release();
    for (const _ of all) await world.hearOne();
    await Promise.all(all);
    assert.deepEqual(world.speaker.samples, [3, 1, 2]);
  });

  it('[V-45] forgets what is stopped while it waits for somebody to end', async () => {
    const world = new World();
    const release = world.mouth.hold();
    const controller = new AbortController();
    const said = world.say(['1'], 'reply', controller.signal);
    controller.abort();
    assert.deepEqual(await said, { spoken: 0, stopped: true });
    release();
    await settled();
    assert.deepEqual(world.speaker.samples, []);
  });

  it('[V-43] shows and does not say in quiet mode', async () => {
    const world = new World();
    world.choice.quiet = true;
    assert.deepEqual(await world.say(['1', '2']), { spoken: 0, stopped: false });
    assert.deepEqual(
      [world.captions, world.voice.asked, world.speaker.opened.length, world.problems],
      [['1', '2'], [], 0, []],
    );
  });

  it('[V-43] shows what cannot be heard, says once why, and when it is heard again', async () => {
    const world = new World({ instant: true });
    world.speaker.failure = new Error('no speaker');
    assert.deepEqual(await world.say(['1', '2']), { spoken: 0, stopped: false });
    assert.deepEqual(world.captions, ['1', '2']);
    assert.deepEqual(
      world.problems.map((problem) => problem?.part),
      ['speaker'],
    );
    world.speaker.failure = null;
    assert.deepEqual(await world.say(['3']), { spoken: 1, stopped: false });
    assert.equal(world.problems.at(-1), null);
    world.voice.failure = new Error('no voice');
    assert.deepEqual(await world.say(['4']), { spoken: 0, stopped: false });
    assert.equal(world.problems.at(-1)?.part, 'voice');
    assert.deepEqual(world.captions, ['1', '2', '3', '4']);
  });

  it('[V-43] announces a sentence that has no sound', async () => {
    const world = new World({ instant: true });
    assert.deepEqual(await world.say(['', '2']), { spoken: 1, stopped: false });
    assert.deepEqual(world.captions, ['', '2']);
  });

  it('[V-41] knows when it was last heard', async () => {
    const world = new World();
    assert.equal(world.mouth.lastSoundAt, -Infinity);
    const said = world.say(['1']);
    await world.speaker.written();
    world.machine.advanceTo(5_000);
    assert.equal(world.mouth.lastSoundAt, 5_000);
    world.speaker.heard();
    await said;
    world.machine.advanceTo(9_000);
    assert.equal(world.mouth.lastSoundAt, 5_000);
  });

  it('[V-40] takes another speaker from the next sentence on, and gives it back when idle', async () => {
    const world = new World({ instant: true });
    await world.say(['1']);
    world.choice.device = 'other';
    await world.say(['2']);
    const { opened } = world.speaker;
    assert.deepEqual(
      opened.map(({ device, signal }) => [device, signal.aborted]),
      [
        [null, true],
        ['other', false],
      ],
    );
    world.machine.advanceTo(20_000);
    world.clock.fire();
    assert.equal(opened[1]?.signal.aborted, true);
  });
});
