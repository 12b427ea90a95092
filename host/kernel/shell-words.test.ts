import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { shellSegments, shellWords } from './shell-words.ts';

const simple = (...argv: string[]) => ({ kind: 'simple', argv });
const complex = (reason: string) => ({ kind: 'complex', reason });

describe('shellWords', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['git status', simple('git', 'status')],
    ['  git   log\t-1  \n', simple('git', 'log', '-1')],
    [`grep 'a b' "c d" e\\ f`, simple('grep', 'a b', 'c d', 'e f')],
    [`echo "a\\"b\\\\c\\d" ''`, simple('echo', 'a"b\\c\\d', '')],
    ['git show HEAD~1 HEAD^', simple('git', 'show', 'HEAD~1', 'HEAD^')],
    ['echo a"b"\'c\'d', simple('echo', 'abcd')],
    ['ls \\\n -l', simple('ls', '-l')],
    ['', complex('empty')],
    ['ls; rm -rf /', complex('operator')],
    ['ls && rm x', complex('operator')],
    ['ls\nrm x', complex('operator')],
    ['ls | sh', complex('operator')],
    ['sleep 1 &', complex('operator')],
    ['(ls)', complex('operator')],
    ['cat <x', complex('redirection')],
    ['echo hi > x', complex('redirection')],
    ['echo $HOME', complex('expansion')],
    ['echo "$(id)"', complex('expansion')],
    ['echo `id`', complex('expansion')],
    ['ls *.ts', complex('glob')],
    ['ls a?', complex('glob')],
    ['ls [ab]', complex('glob')],
    ['touch {a,b}', complex('brace')],
    ['ls ~/x', complex('tilde')],
    ['make P=~/x', complex('tilde')],
    ['FOO=1 ls', complex('assignment')],
    ['if x', complex('keyword')],
    ['! ls', complex('keyword')],
    ['ls # rm', complex('comment')],
    ["echo 'open", complex('unterminated')],
    ['echo "open', complex('unterminated')],
    ['echo x\\', complex('unterminated')],
    ['echo =ls', complex('expansion')],
    ['echo a\rb', complex('hidden_character')],
    ['echo \u202egnp.exe', complex('hidden_character')],
    ['echo a\u200bb', complex('hidden_character')],
  ];
  for (const [line, expected] of cases) {
    it(`reads ${JSON.stringify(line)}`, () => assert.deepEqual(shellWords(line), expected));
  }

  it('splits a longer line at its unquoted operators', () => {
    assert.deepEqual(
      shellSegments(`cd 'a;b' && bash || x <f 2>g >&2 h`).map(({ words, after, readsFile }) => [
        after,
        words.join(' '),
        readsFile,
      ]),
      [
        ['', 'cd a;b', false],
        ['&&', 'bash', false],
        ['||', 'x h', true],
      ],
    );
  });
});
