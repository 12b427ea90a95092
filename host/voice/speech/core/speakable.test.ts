import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { attributed } from './attribution.ts';
import { clauses } from './clauses.ts';
import { plainBlocks } from './plain-text.ts';
import { splitSentences } from './sentences.ts';
import { spokenWords } from './spoken.ts';

describe('sentences', () => {
  for (const [text, sentences] of [
    ['', []],
    [' \n\n ', []],
    ['Done', ['Done']],
    [
      'Done! Really?! "Yes." He left... And so on.',
      ['Done!', 'Really?!', '"Yes."', 'He left...', 'And so on.'],
    ],
    [
      'Use e.g. Foo or i.e. Bar. Ask Dr. Smith vs. Bob.',
      ['Use e.g. Foo or i.e. Bar.', 'Ask Dr. Smith vs. Bob.'],
    ],
    ['J. R. Tolkien wrote no. 5. See Fig. 3.', ['J. R. Tolkien wrote no. 5.', 'See Fig. 3.']],
    [
      'Version v1.2.3 ran in 3.5 s. See src/index.ts. Next.',
      ['Version v1.2.3 ran in 3.5 s.', 'See src/index.ts.', 'Next.'],
    ],
    ['See http://a.b/c.d?e=1. Then go on.', ['See http://a.b/c.d?e=1.', 'Then go on.']],
    [
      '# Title\n\nOne **bold** `word`\nand _more_.\n\n- first\n- [second](http://x.y)\n\n1. third',
      ['Title', 'One bold word and more.', 'first', 'second', 'third'],
    ],
    ['Look:\n\n```ts\na();\nb();\n```\n\n> quoted', ['Look:', '2 lines of code.', 'quoted']],
    ['| a | b |\n|---|---|\n| one | two |', ['one, two']],
    ['1 < 2 && a <b>c</b> &amp; d', ['1 < 2 && a c & d']],
  ] as const)
    it(`[V-40] splits ${JSON.stringify(text)}`, () =>
      assert.deepEqual(splitSentences(text), sentences));

  it('[V-40] reads a line the same, with and without the reader of Markdown', () => {
    const part = fc.constantFrom(
      ...'Done: npm run lint 1. 12) 3 - + = # > ! & < * _ ` ~ | [ ] \\ -- === +++ ``` ![x](y)'.split(
        ' ',
      ),
      ...'src/index.ts http://a.b/c?d=1&e www.a.b a@b.cd "Yes." (no) é 🙂 &amp; <b> snake_case'.split(
        ' ',
      ),
      ' ',
      '\u00a0',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const line = parts.join(' ');
        // Behind a paragraph with a sign of Markdown in it, it is read as such in any case.
        assert.deepEqual(['x', ...plainBlocks(line)], plainBlocks(`**x**\n\n${line}`));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[V-40] loses no word of a plain text, whatever it is', () => {
    const word = fc.constantFrom(
      'Hob',
      'asks',
      'no.',
      'why?',
      'e.g.',
      'Yes!',
      'v1.2',
      'J.',
      'src/a.ts',
      '3',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        // A number with a dot in front would be that of a list.
        const text = `Well ${words.join(' ')}`;
        assert.equal(splitSentences(text).join(' '), text);
      }),
    );
  });
});

describe('spoken words', () => {
  for (const [shown, heard] of [
    ['I changed `src/index.ts`.', 'I changed source slash index dot T S.'],
    [
      'See /home/me/work/hob/host/voice/ports.ts:42, please',
      'See voice slash ports dot T S line 42, please',
    ],
    ['C:\\Users\\me\\x.txt and ~/notes.md', 'me slash X dot txt and home slash notes dot M D'],
    ['Commit 0dc3afd91 (by me@example.com)', 'Commit 0 D C 3, by me at example dot com'],
    ['https://www.github.com/a/b?x=1.', 'ghit hub dot com.'],
    ['Use --force-with-lease or -f', 'Use dash dash force with lease or dash F'],
    ['parseConfigFile() reads fs.readFileSync', 'parse config file reads F S dot read file sync'],
    ['MAX_RETRY_COUNT in .env', 'max retry count in dot env'],
    [
      'Node v24.21.0 needs 35 MB → 3–5 s (12%).',
      'Node version 24 point 21 point 0 needs 35 megabytes to 3 to 5 seconds, 12 percent.',
    ],
    ['run_01JABCDEFGHJKMNPQRSTVWXYZ0 ended', 'run ending in X Y Z 0 ended'],
    ['550e8400-e29b-41d4-a716-446655441234', 'the id ending in 1 2 3 4'],
    ['git push && npm test | grep x', 'ghit push and npm test pipe grep x'],
    ['“Über” naïve — café 🎉 日本', 'Uber naive, cafe'],
    ['e.g. #12, either/or', 'for example number 12, either or'],
    ['日本 🎉', ''],
    ["don't, can't", "don't, can't"],
    ['2026-11-21 at 12:38', '2026 11 21 at 12:38'],
  ] as const)
    it(`[V-42] says ${shown}`, () => assert.equal(spokenWords(shown), heard));

  const character = fc.constantFrom(
    ...Array.from('aZ09 ./\\-_:#@=()[]{}<>"\'`*~|&%$,;!?é→日🎉\n\t\u0000\u0301µ…—'),
  );
  it('[V-42] is printable ASCII for every text, and never throws', () => {
    fc.assert(
      fc.property(fc.array(character, { maxLength: 80 }), (text) => {
        assert.match(spokenWords(text.join('')), /^[\x20-\x7e]*$/);
      }),
    );
  });
});

describe('clauses', () => {
  it('[V-40] leaves an ordinary sentence whole', () =>
    assert.deepEqual(clauses('Done, and the tests are green.'), [
      'Done, and the tests are green.',
    ]));

  it('[V-40] cuts a long one so that its first piece is soon there, and loses no word', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('approval', 'and', 'the', 'waits,', 'which', 'scheduler', 'x'.repeat(90)),
        ),
        (words) => {
          const pieces = clauses(words.join(' '));
          assert.equal(pieces.join('').replace(/ /g, ''), words.join(''));
          assert.ok((pieces[0] ?? '').length <= 40);
          assert.ok(pieces.every((piece) => piece.length <= 200 && piece.length > 0));
        },
      ),
    );
  });
});

describe('attribution', () => {
  it('[V-44] puts the name of an agent before what it says', () => {
    assert.deepEqual(attributed('codex', ['Green.', 'All of them.']), [
      'codex says: Green.',
      'All of them.',
    ]);
    assert.deepEqual(attributed('codex', []), []);
  });
  it('[V-44] keeps the name a name', () =>
    assert.equal(attributed('Hob: you\nsaid', ['Yes.'])[0], 'Hob you said says: Yes.'));
});
