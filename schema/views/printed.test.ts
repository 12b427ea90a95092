import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { printedText } from './printed.ts';

describe('what a command printed', () => {
  it('[W-01] is stdout, then stderr, without what a terminal would obey', () => {
    assert.equal(printedText({ stdout: 'main\n', stderr: '' }), 'main');
    assert.equal(printedText({ stdout: 'one\n', stderr: 'fatal: two\n' }), 'one\nfatal: two');
    assert.equal(
      printedText({ stdout: '\u001B[32mgreen\u001B[0m\u001B]0;title\u0007\n' }),
      'green',
    );
    for (const nothing of [null, undefined, {}, { stdout: '', stderr: '\n' }, { stdout: 3 }])
      assert.equal(printedText(nothing), null);
  });
});
