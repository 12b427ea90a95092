import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { spelling } from './command-names.ts';
import { shortTitles } from './titles.ts';

const short = (...titles: string[]): [string, string][] => [...shortTitles(titles, spelling)];

describe('titles without their category', () => {
  it('[V-23] a title is said without its category', () => {
    assert.deepEqual(short('Git: Stage Changes', 'Fold All'), [
      ['Stage Changes', 'Git: Stage Changes'],
    ]);
  });

  it('[V-23] what two commands are called names neither', () => {
    assert.deepEqual(short('Git: Show Output', 'Developer: Show Output'), []);
    assert.deepEqual(short('Git: Show Output', 'Git: Show Output'), []);
  });

  it('[V-23] the whole title of another command is that command', () => {
    assert.deepEqual(short('View: Fold All', 'fold all'), []);
  });

  it('[V-23] one word is too little', () => {
    assert.deepEqual(short('Git: Delete', 'Terminal: Clear'), []);
  });
});
