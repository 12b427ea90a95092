import * as assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { argvText } from '#schema/views/call-text.ts';
import { argvOf } from './argv.ts';

describe('a command line without a shell', () => {
  it('[F-45] gives back the words that were written as one', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (argv) => {
        assert.deepEqual(argvOf(argvText(argv)), argv);
      }),
    );
  });

  it('[F-45] is read as people write it', () => {
    assert.deepEqual(argvOf('  npm   test -- --grep "log in" '), [
      'npm',
      'test',
      '--',
      '--grep',
      'log in',
    ]);
    assert.deepEqual(argvOf(String.raw`git commit -m "say \"so\"" a\ b`), [
      'git',
      'commit',
      '-m',
      'say "so"',
      'a b',
    ]);
    assert.deepEqual(argvOf('a\'b\'"c"'), ['abc']);
    assert.deepEqual(argvOf("x ''"), ['x', '']);
  });

  it('[F-45] is nothing where only a shell would know what is meant', () => {
    for (const line of [
      '',
      ' ',
      'a | b',
      'a && b',
      'a > b',
      'a $HOME',
      'a "$HOME"',
      'a `b`',
      'ls *.ts',
      'a; b',
      "a 'b",
      'a "b',
      'a \\',
      'cd ~',
      '(a)',
      'a # b',
      'a&',
    ])
      assert.equal(argvOf(line), null, line);
  });
});
