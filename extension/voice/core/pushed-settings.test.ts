import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { changesToPush } from './pushed-settings.ts';

const defaults = { 'voice.quiet': false, 'voice.rate': 1 };

describe('voice settings of the editor', () => {
  it('are given on when they are written or changed, and not again', () => {
    const written = { 'voice.quiet': true };
    assert.deepEqual(changesToPush({ written, pushed: {}, defaults }), written);
    assert.deepEqual(changesToPush({ written, pushed: written, defaults }), {});
    assert.deepEqual(
      changesToPush({ written: { 'voice.quiet': false }, pushed: written, defaults }),
      { 'voice.quiet': false },
    );
  });

  it('are as by default again once they are written no more', () => {
    const pushed = { 'voice.quiet': true, 'voice.rate': 2 };
    assert.deepEqual(changesToPush({ written: { 'voice.rate': 2 }, pushed, defaults }), {
      'voice.quiet': false,
    });
  });

  it('that were never written here change nothing', () => {
    assert.deepEqual(changesToPush({ written: {}, pushed: {}, defaults }), {});
  });
});
