import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { citedParts } from './cited.ts';

describe('an answer with its events', () => {
  it('[V-74] each sentence keeps the event that it comes from', () => {
    assert.deepEqual(citedParts('This happened: Asked: a. [3] Done: a. [7]', [3, 7]), [
      { text: 'This happened: Asked: a.' },
      { seq: 3 },
      { text: ' Done: a.' },
      { seq: 7 },
    ]);
  });

  it('[V-74] what a call only writes in brackets is no event', () => {
    assert.deepEqual(citedParts('Done: echo [9] x. [3]', [3]), [
      { text: 'Done: echo' },
      { text: ' [9]' },
      { text: ' x.' },
      { seq: 3 },
    ]);
    assert.deepEqual(citedParts('Nobody waits.', []), [{ text: 'Nobody waits.' }]);
  });
});
