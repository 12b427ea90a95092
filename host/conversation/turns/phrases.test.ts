import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { understand } from '#host/intents/core/understand.ts';
import { grammarOf, writtenForm } from '#host/voice/recognition/core/grammar.ts';
import { NUMBER } from '#host/voice/recognition/core/phrases.ts';
import { NUMBER_PREFIX } from '#host/voice/recognition/core/word-graph.ts';
import { spokenAnswer } from './core/spoken-answer.ts';
import { phrasesFor } from './phrases.ts';

const names = {
  tasks: ['npm: test', 'build-prod2'],
  schedules: ['nightly build', 'report 2'],
  commands: ['Git: Stage Selected Ranges', 'View: Zoom In', 'Zoom In', 'View: Zoom Out'],
};
const listenedFor = (answers: boolean) =>
  grammarOf(phrasesFor({ ...names, choices: ['blue'], answers }), () => 'S EY');

describe('what is listened for', () => {
  const { sequences, meaningOf } = listenedFor(false);

  it('[V-31] means the same by two phrases where it is understood as the same, and only there', () => {
    const [twelve, forty] = [['twelve'], ['forty', 'two']].map((words) =>
      words.map((word) => NUMBER_PREFIX + word),
    );
    const texts = [twelve, forty].flatMap((number = []) =>
      sequences.map((way) =>
        writtenForm(way.flatMap((word) => (word === NUMBER ? number : word.toLowerCase()))),
      ),
    );
    const understood = new Map<string, Set<string>>();
    const keys = new Map<string, Set<string>>();
    for (const text of new Set(texts)) {
      const { match } = understand(text, names);
      const meant = match === null ? text : `${match.name} ${JSON.stringify(match.slots)}`;
      const key = meaningOf(text);
      understood.set(key, (understood.get(key) ?? new Set()).add(meant));
      keys.set(meant, (keys.get(meant) ?? new Set()).add(key));
    }
    for (const [key, meant] of understood)
      assert.equal(meant.size, 1, `${key}: ${[...meant].join()}`);
    const several = [...keys].filter(([, some]) => some.size > 1);
    assert.deepEqual(several, []);
    assert.ok(understood.size > 40 && texts.length > 10 * understood.size);
  });

  it('[V-31] tells apart what must not be taken for each other', () => {
    const apart = (a: string, b: string): void => assert.notEqual(meaningOf(a), meaningOf(b));
    apart('kill switch on', 'kill switch off');
    apart('turn the kill switch on', 'turn the kill switch off');
    apart('go to line 12', 'go to line 13');
    apart('view zoom in', 'view zoom out');
    apart('run task npm test', 'run task build prod2');
    apart('what happened in the last 5 minutes', 'what happened in the last 5 hours');
    apart('show terminal', 'hide terminal');
    apart('blue', 'undo');
  });

  it('[V-13] [V-31] tells apart what answers a question, and takes two ways to answer as one', () => {
    const asked = listenedFor(true).meaningOf;
    const answers = ['yes', 'no', 'not sure', 'maybe', 'not that one', 'allow it', "don't do it"];
    for (const one of answers)
      for (const other of answers)
        assert.equal(asked(one) === asked(other), spokenAnswer(one) === spokenAnswer(other));
    assert.notEqual(asked('yes'), asked('stop everything'));
    // "wait" is an order, too, and then neither only the one nor only the other.
    assert.notEqual(asked('wait'), asked('not yet'));
  });
});
