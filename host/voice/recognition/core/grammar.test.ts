import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { grammarOf, writtenForm } from './grammar.ts';
import { inWords, valueOf } from './number-words.ts';
import { meaningsOf, waysOf } from './phrases.ts';
import { waysToSay, type Dictionary } from './pronounce.ts';
import { NUMBER_PREFIX, type WordGraph } from './word-graph.ts';

const english = new Map(
  'open OW P AH N|point P OY N T|break B R EY K|web W EH B|pack P AE K|go G OW|to T UW|line L AY N|ten T EH N|two T UW|folder F OW L D ER'
    .split('|')
    .map((row): [string, string] => {
      const end = row.indexOf(' ');
      return [row.slice(0, end), row.slice(end + 1)];
    }),
);
const dictionary: Dictionary = (word) => english.get(word) ?? null;

/** Whether the graph lets exactly these words through. */
function takes({ arcs, final }: WordGraph, words: readonly string[]): boolean {
  const end = words.reduce(
    (states, word) =>
      new Set(arcs.filter((arc) => states.has(arc.from) && arc.word === word).map(({ to }) => to)),
    new Set([0]),
  );
  return end.has(final);
}

describe('grammarOf', () => {
  it('[V-21] leaves out and reports what nobody can say, and keeps the rest', () => {
    const { graph, report } = grammarOf(
      { meanings: [['open folder'], ['open 文件', 'find {query:text}']], answers: false },
      dictionary,
    );
    assert.equal(report.phrases, 1);
    assert.deepEqual(report.left_out, [
      { phrase: 'open 文件', word: '文件' },
      { phrase: 'find {query:text}', word: 'find {query:text}' },
    ]);
    assert.ok(takes(graph, ['open', 'folder']));
    assert.ok(!takes(graph, ['open']));
  });

  it('takes every number from 1 to 99,999 in words and writes it in digits', () => {
    const { graph } = grammarOf(
      { meanings: [['go to [line] {line:number}']], answers: false },
      dictionary,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (value) => {
        const spoken = inWords(value).split(' ');
        const tokens = ['go', 'to', 'line', ...spoken.map((word) => NUMBER_PREFIX + word)];
        assert.ok(takes(graph, tokens), inWords(value));
        assert.equal(writtenForm(tokens), `go to line ${value}`);
        assert.equal(valueOf(spoken), value);
      }),
    );
  });

  it('[V-21] builds a graph of five thousand commands', function () {
    const meanings = Array.from({ length: 5_000 }, (_, at) => [`open folder${at} point`]);
    const { report } = grammarOf({ meanings, answers: false }, dictionary);
    assert.equal(report.phrases, 5_000);
  });
});

describe('waysToSay', () => {
  for (const [word, sounds] of [
    ['npm', 'EH N P IY EH M'],
    ['breakpoint', 'B R EY K P OY N T'],
    ['webpack', 'W EH B P AE K'],
    ['openFolder2', 'OW P AH N F OW L D ER T UW'],
    ['kubernetes', 'K UW B ER N EH T IY Z'],
    ['bcrd', 'B IY S IY AA R D IY'],
    ['zustix', 'Z AH S T IH K S'],
  ] as const)
    it(`[V-34] says ${word}`, () => assert.equal(waysToSay(word, dictionary)[0], sounds));

  it('[V-34] has a way to say whatever is written in English letters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,15}$/), (word) => {
        assert.ok(waysToSay(word, dictionary).length > 0, word);
      }),
    );
  });

  it('[V-34] uses only sounds that the recogniser knows, whatever the word', () => {
    const known = new Set(
      'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (word) => {
        for (const way of waysToSay(word, dictionary))
          for (const sound of way.split(' ')) assert.ok(known.has(sound), `${word}: ${way}`);
      }),
    );
  });
});

describe('meaningsOf', () => {
  it('puts names into their slots, as nothing but themselves', () => {
    const table = [
      { say: 'run [the] {name:task} [task]', means: 'run' },
      { say: 'search for {query:text}', means: 'find' },
      { say: 'line {line:number}', means: 'go' },
    ];
    const spoken = meaningsOf(table, { task: ['npm: (test)'] });
    assert.deepEqual(spoken, [['run [the] npm: test [task]'], ['line {line:number}']]);
    assert.deepEqual(waysOf(spoken[0]?.[0] ?? '')?.at(-1), ['run', 'the', 'npm', 'test', 'task']);
  });
});
