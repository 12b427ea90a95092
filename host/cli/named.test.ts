import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { named } from './named.ts';

describe('what a command line names', () => {
  const all = ['Reminder: stretch', 'run the tests', 'run the build', 'two', 'two'].map(
    (name, i) => ({ id: `task_${i}`, name }),
  );
  const how = {
    id: ({ id }: (typeof all)[number]) => id,
    name: ({ name }: (typeof all)[number]) => name,
    what: 'schedule',
    whats: 'schedules',
    lister: 'hob schedule list',
  };
  const of = (given: string): string => {
    try {
      return named(all, given, how).id;
    } catch (failure) {
      return (failure as Error).message;
    }
  };

  it('[G-40] is found by its id or its name', () => {
    assert.deepEqual([of('task_1'), of('run the tests')], ['task_1', 'task_1']);
    assert.match(of('two'), /^Several schedules are called "two"; give the id/);
  });

  it('[G-40] is answered with what was probably meant, where one name holds the word or is near', () => {
    const meant = (name: string): RegExp => new RegExp(`\\(did you mean "${name}"\\?\\)`);
    assert.match(of('Stretch'), meant('Reminder: stretch'));
    assert.match(of('run the test'), meant('run the tests'));
    assert.match(of('rin the build'), meant('run the build'));
    for (const given of ['run', 'bananas'])
      assert.equal(of(given), `No schedule is called "${given}"; see hob schedule list.`);
  });
});
