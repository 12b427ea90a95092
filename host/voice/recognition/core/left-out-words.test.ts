import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { leftOutWords } from './left-out-words.ts';

const report = (...phrases: string[]): Parameters<typeof leftOutWords>[0] => ({
  phrases: 10,
  left_out: phrases.map((phrase) => ({ phrase, word: phrase })),
});

describe('what is not listened for', () => {
  it('[V-21] is named, as far as it helps, and what to do instead', () => {
    assert.equal(leftOutWords(report()), null);
    assert.match(
      leftOutWords(report('сборка')) ?? '',
      /^One phrase .*: "сборка"\. Type it instead\.$/,
    );
    const many = leftOutWords(report('a', 'b', 'c', 'd', 'e')) ?? '';
    assert.match(many, /^5 phrases .*: "a", "b", "c" and 2 more\. Type them instead\.$/);
  });
});
