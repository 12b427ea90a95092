import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { diffSides } from './diff-sides.ts';

describe('the sides of a diff', () => {
  it('keeps the context on both, and each change on its own', () => {
    const diff = '--- a.txt\n+++ a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three';
    assert.deepEqual(diffSides(diff), {
      before: '@@ -1,3 +1,3 @@\none\ntwo\nthree',
      after: '@@ -1,3 +1,3 @@\none\n2\nthree',
    });
  });

  it('shows a new file as nothing and its text', () => {
    assert.deepEqual(diffSides('--- a\n+++ a\n+x\n+y'), { before: '', after: 'x\ny' });
  });
});
