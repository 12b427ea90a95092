import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { array, constantFrom, sample } from 'fast-check';
import { describe, it } from 'mocha';
import { shellWords } from '#host/kernel/shell-words.ts';

/** Pieces that shells treat specially, mixed with plain text: most random lines hit an edge. */
const piece = constantFrom(
  'ls',
  'a',
  'b-c',
  '=',
  'x=y',
  '~',
  'HEAD~1',
  '^',
  '%',
  '@',
  '+',
  ',',
  ':',
  '.',
  '/',
  '-',
  '!',
  '#',
  'é',
  "'",
  '"',
  '\\',
  ' ',
  '  ',
  '\t',
  '\n',
  '$',
  '${a}',
  '$(id)',
  '`',
  '*',
  '?',
  '[a]',
  '{',
  '}',
  '{a,b}',
  ';',
  '&',
  '&&',
  '|',
  '||',
  '<',
  '>',
  '>>',
  '(',
  ')',
  "'a b'",
  '"c d"',
  '"e\\"f"',
  '\\ ',
  '\\\n',
  "''",
  '""',
);
const line = array(piece, { minLength: 1, maxLength: 9 }).map(
  (pieces) => `printf ${pieces.join('')}`,
);

/** What the shell makes of each line's arguments, asked in one process: words end in \0, lines in \1\0. */
function askShell(shell: string, lines: readonly string[]): string[][] {
  const script = lines
    .map((text) => `set -- ${text}\nprintf '%s\\0' "$@"\nprintf '\\1\\0'`)
    .join('\n');
  const answer = spawnSync(shell, [], {
    input: script,
    cwd: '/',
    env: { PATH: '/nowhere', HOME: '/home/nobody' },
  });
  assert.equal(answer.status, 0, answer.stderr.toString());
  const words = answer.stdout.toString('utf8').split('\0').slice(0, -1);
  const result: string[][] = [];
  let current: string[] = [];
  for (const word of words) {
    if (word === '\u0001') {
      result.push(current);
      current = [];
    } else current.push(word);
  }
  return result;
}

describe('shellWords against real shells', () => {
  const shells = ['/bin/sh', '/bin/bash', '/bin/zsh'].filter((path) => existsSync(path));

  for (const shell of shells) {
    it(`[G-18] every line called simple has exactly the words that ${shell} makes of it`, () => {
      const lines = [...new Set(sample(line, { numRuns: 20_000, seed: 20_261_120 }))];
      const simple = lines.flatMap((text) => {
        const words = shellWords(text);
        return words.kind === 'simple' ? [{ text, argv: [...words.argv] }] : [];
      });
      assert.ok(
        simple.length > 500,
        `only ${simple.length} simple lines: the test looked at too little`,
      );
      const real = askShell(
        shell,
        simple.map(({ text }) => text),
      );
      assert.equal(real.length, simple.length);
      for (const [at, { text, argv }] of simple.entries())
        assert.deepEqual(argv, real[at], JSON.stringify(text));
    });
  }

  it('the comparison can fail: a reader that splits at spaces only is caught', () => {
    assert.notDeepEqual(askShell('/bin/sh', [`printf 'a b'`]), [`printf 'a b'`.split(' ')]);
  });
});
