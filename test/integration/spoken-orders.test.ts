import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import { intentTable } from '#host/intents/core/table.ts';
import { understand } from '#host/intents/core/understand.ts';
import { meaningsOf, NUMBER, waysOf } from '#host/voice/recognition/core/phrases.ts';
import { createRecogniser } from '#host/voice/recognition/recogniser.ts';
import { FRAME_SAMPLES } from '#host/voice/ports.ts';

const tasks = ['npm: test', 'build-prod2'];
const schedules = ['nightly build'];
const commands = ['Git: Stage Selected Ranges'];
const sayable = (phrases: (typeof intentTable)[number]['phrases']): string[] =>
  meaningsOf(
    phrases.map((phrase) => ({ say: typeof phrase === 'string' ? phrase : phrase.say, means: '' })),
    { task: tasks, schedule: schedules, command: commands },
  ).flat();

/** Samples of a 16 kHz mono WAV from the fixtures, with half a second of quiet around them. */
function speech(name: string): Float32Array {
  const bytes = readFileSync(new URL(`../fixtures/speech/${name}.wav`, import.meta.url)).subarray(
    44,
  );
  const samples = new Float32Array(bytes.length / 2 + 16_000);
  for (let at = 0; at < bytes.length / 2; at++)
    samples[at + 8_000] = bytes.readInt16LE(at * 2) / 32_768;
  return samples;
}

describe('every row of the intent table', () => {
  for (const row of intentTable)
    it(`is understood from what is heard: ${row.name}`, () => {
      const ways = sayable(row.phrases).flatMap((phrase) => waysOf(phrase) ?? []);
      assert.ok(ways.length > 0);
      const heard = ways.map((way) =>
        way.map((word) => (word === NUMBER ? '12' : word.toLowerCase())).join(' '),
      );
      const meant = heard.filter(
        (text) => understand(text, { tasks, schedules, commands }).match?.name === row.name,
      );
      assert.ok(meant.length > 0, heard.slice(0, 5).join(', '));
    });
});

describe('createRecogniser', function () {
  // The engine reads its whole dictionary when it starts.
  const recogniser = createRecogniser();
  after(() => recogniser.dispose());

  const hear = (samples: Float32Array): Promise<{ text: string }> => {
    const session = recogniser.open();
    for (let at = 0; at < samples.length; at += FRAME_SAMPLES)
      session.push(samples.subarray(at, at + FRAME_SAMPLES));
    return session.finish();
  };

  it('hears spoken orders in their written form', async () => {
    const spoken = new Set(['go_to_line', 'git_status', 'run_task']);
    const rows = intentTable.filter(({ name }) => spoken.has(name));
    const phrases = rows.flatMap((row) => sayable(row.phrases));
    const report = await recogniser.setPhrases({ meanings: [phrases], answers: false });
    assert.deepEqual(report.left_out, []);
    assert.equal((await hear(speech('go-to-line-120'))).text, 'go to line 120');
    assert.equal((await hear(speech('git-status'))).text, 'show me the git status');
  });

  it('[V-21] hears one of 5,000 editor commands, and leaves out and names what nobody can say', async () => {
    const verbs = 'open close show hide toggle move copy clear reset run'.split(' ');
    const things = 'editor panel window terminal branch commit symbol reference folder view'.split(
      ' ',
    );
    const places = 'left right above below first last next previous here inside'.split(' ');
    const ranks = 'one two three four five'.split(' ');
    const titles = verbs.flatMap((verb) =>
      things.flatMap((thing) =>
        places.flatMap((place) => ranks.map((rank) => `${verb} ${thing} ${place} ${rank}`)),
      ),
    );
    assert.equal(titles.length, 5_000);
    const phrases = [...titles, 'Показать вид', 'show me the git status'];
    const meanings = phrases.map((phrase) => [phrase]);
    const report = await recogniser.setPhrases({ meanings, answers: false });
    assert.equal(report.phrases, 5_001);
    assert.deepEqual(report.left_out, [{ phrase: 'Показать вид', word: 'Показать' }]);
    assert.equal((await hear(speech('git-status'))).text, 'show me the git status');
  });

  it('drops an utterance that is aborted, and hears the next', async () => {
    const session = recogniser.open();
    session.push(speech('git-status'));
    const result = session.finish();
    session.abort();
    await assert.rejects(result, { name: 'AbortError' });
    assert.equal((await hear(speech('git-status'))).text, 'show me the git status');
  });

  it('fails with an utterance that cannot be worked on, and what waited for it; the next is heard', async () => {
    await recogniser.setPhrases({ meanings: [['open settings']], answers: false });
    const broken = recogniser.open();
    const next = recogniser.open();
    const known = recogniser.setPhrases({ meanings: [['show me the git status']], answers: false });
    // The thread cannot cut this into pieces, as no sound is.
    const nonsense = { buffer: new ArrayBuffer(4), length: 1 };
    broken.push({ slice: () => nonsense } as unknown as Float32Array);
    for (const waiting of [broken.finish(), next.finish(), known])
      await assert.rejects(waiting, { code: 'voice_unavailable' });
    assert.equal((await hear(speech('git-status'))).text, 'show me the git status');
  });

  it('accepts nothing where nothing was said', async () => {
    const session = recogniser.open();
    const heard = await session.finish();
    assert.deepEqual([heard.text, heard.accepted], ['', false]);
  });
});

describe('a recognition thread that dies', () => {
  it('fails what is open with a code, and starts anew with the next use', async () => {
    const dies = new URL('../fixtures/speech/dies.mjs', import.meta.url);
    const recogniser = createRecogniser({ worker: dies });
    try {
      for (const _ of [1, 2]) {
        const heard = recogniser.open().finish();
        await assert.rejects(heard, { code: 'voice_unavailable' });
      }
    } finally {
      await recogniser.dispose();
    }
  });
});
