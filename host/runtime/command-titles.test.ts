import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { phrasesFor, prepareTitles } from '#host/conversation/turns/phrases.ts';
import { commandNames } from '#host/intents/core/command-names.ts';
import { titlesOf } from './command-titles.ts';

describe('titles of thousands of commands', () => {
  const context = (title = 'Git: Stage Changes') => [
    { id: 'git.stage', title },
    { id: 'view.zoom', title: 'View: Zoom In' },
  ];

  it('[V-21] are the same array until one changes, however often the window sends them', () => {
    const first = titlesOf(context());
    assert.deepEqual(first, ['Git: Stage Changes', 'View: Zoom In']);
    assert.equal(titlesOf(context()), first);
    const changed = titlesOf(context('Git: Stage All Changes'));
    assert.deepEqual(changed, ['Git: Stage All Changes', 'View: Zoom In']);
    assert.deepEqual(titlesOf(context()), first);
    assert.deepEqual([titlesOf(undefined), titlesOf([])], [[], []]);
  });

  it('[V-38] are the same array for each window, however often people go from one to another', () => {
    const windows = ['Git: Push', 'Git: Pull', 'Git: Fetch'];
    const first = windows.map((title) => titlesOf(context(title)));
    for (const [at, title] of windows.entries()) assert.equal(titlesOf(context(title)), first[at]);
  });

  it('[V-21] are made ready to be said and looked up once', () => {
    const titles = titlesOf(context());
    const now = { tasks: [], schedules: [], choices: [], answers: false, commands: titles };
    const said = phrasesFor(now).meanings;
    const zoom = said.find((same) => same.includes('View: Zoom In'));
    assert.deepEqual(zoom, ['View: Zoom In', 'Zoom In']);
    assert.equal(commandNames(titles), commandNames(titles));
    const looked = { count: 0 };
    const watched = new Proxy([...titles], {
      get(target, name, receiver) {
        if (name === '0') looked.count += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    phrasesFor({ ...now, commands: watched });
    const atFirst = looked.count;
    phrasesFor({ ...now, commands: watched });
    assert.equal(looked.count, atFirst);
  });

  it('[V-38] are worked out ahead between other work, and nothing of it is left to the first turn', async () => {
    const commands = Array.from({ length: 500 }, (_, at) => `Git: Stage Part ${at}`);
    let looks = 0;
    const titles = new Proxy(commands, {
      get(target, name, receiver) {
        looks += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    let [ms, turns, isOver] = [0, 0, false];
    const otherWork = (): void => {
      turns += 1;
      if (!isOver) setImmediate(otherWork);
    };
    setImmediate(otherWork);
    await prepareTitles(titles, () => (ms += 1));
    isOver = true;
    assert.ok(turns > 100, `${turns} turns of the event loop`);
    const atFirst = looks;
    const now = { tasks: [], schedules: [], choices: [], answers: false };
    const { meanings } = phrasesFor({ ...now, commands: titles });
    commandNames(titles);
    assert.equal(looks, atFirst);
    assert.ok(meanings.some((same) => same.includes('Stage Part 499')));
  });
});
