import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { editorTools } from '#schema/views/editor-tools.ts';
import { patternsOf, spoken, type Pattern } from './phrase.ts';
import type { Slots } from './match.ts';
import { intentTable } from './table.ts';
import { becomesOf, understand } from './understand.ts';

const lines = (name: string): string[] =>
  readFileSync(new URL(`../../../test/fixtures/sentences/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('# '));
const vocabulary = {
  tasks: lines('tasks'),
  schedules: ['lint'],
  commands: ['View: Toggle Zen Mode', 'Fold All', 'Git: Sync', 'git sync'],
};

/** `sentence -> intent {slots}` */
function expectation(line: string): { sentence: string; name: string; slots: Slots } {
  const [sentence = '', meaning = ''] = line.split(' -> ');
  const [name = ''] = meaning.split(' ');
  const slots = meaning.slice(name.length).trim();
  return { sentence, name, slots: slots === '' ? {} : (JSON.parse(slots) as Slots) };
}

const patterns = intentTable.flatMap((row) =>
  row.phrases.flatMap(patternsOf).map((pattern) => ({ row, pattern })),
);
const sample: Record<string, string | number> = {
  line: 42,
  query: 'needle',
  name: 'lint',
  title: 'View: Toggle Zen Mode',
  what: 'it',
  minutes: 5,
  hours: 3,
};
const say = (pattern: Pattern): string => spoken(pattern, sample);

describe('understand', () => {
  for (const { sentence, name, slots } of lines('understood').map(expectation)) {
    it(`[F-40] understands "${sentence}"`, () => {
      const { match, closest } = understand(sentence, vocabulary);
      assert.deepEqual(
        { name: match?.name, slots: match?.slots, score: match?.score, closest },
        { name, slots, score: 1, closest: [] },
      );
    });
  }

  for (const { sentence, name, slots } of lines('near').map(expectation)) {
    it(`[F-40] only offers what is closest to "${sentence}"`, () => {
      const { match, closest } = understand(sentence, vocabulary);
      assert.equal(match, null);
      assert.equal(closest[0]?.name, name);
      for (const [slot, value] of Object.entries(slots))
        assert.equal(closest[0]?.slots[slot], value);
      assert.ok(closest.length <= 3 && closest.every(({ score }) => score < 1));
    });
  }

  for (const sentence of lines('nothing')) {
    it(`[F-40] makes nothing of "${sentence}"`, () => {
      assert.deepEqual(understand(sentence, vocabulary), { match: null, closest: [] });
    });
  }

  it('looked at enough sentences', () => {
    assert.ok(lines('understood').length + lines('near').length + lines('nothing').length >= 200);
  });

  it('has a sentence for every intent', () => {
    const named = new Set(lines('understood').map((line) => expectation(line).name));
    assert.deepEqual(
      intentTable.map(({ name }) => name).filter((name) => !named.has(name)),
      [],
    );
  });

  it('says every phrase of the table in one meaning only', () => {
    for (const { row, pattern } of patterns)
      assert.equal(understand(say(pattern), vocabulary).match?.name, row.name, say(pattern));
  });

  it('fills the arguments of every editor tool', () => {
    for (const { row, pattern } of patterns) {
      const becomes = becomesOf(row.name);
      if (becomes?.kind !== 'editor') continue;
      const slots = understand(say(pattern), vocabulary).match?.slots;
      assert.ok(editorTools[becomes.tool].arguments.safeParse(slots).success, say(pattern));
    }
  });

  it('has an intent for every editor tool', () => {
    const tools = new Set(
      intentTable.flatMap(({ becomes }) => (becomes.kind === 'editor' ? [becomes.tool] : [])),
    );
    assert.deepEqual(
      Object.keys(editorTools).filter((tool) => !tools.has(tool as keyof typeof editorTools)),
      [],
    );
  });
});

/** Orders that take no free text: there every word counts. */
const takesText = new Set(['find_in_files', 'decision_word']);
const closed = patterns.filter(({ row }) => !takesText.has(row.name));
const anyClosed = fc.constantFrom(...closed.map(({ pattern }) => say(pattern)));

describe('understand, whatever is said', () => {
  it('never acts on random text', () => {
    const known = new Set(closed.map(({ pattern }) => say(pattern)));
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.lorem({ mode: 'sentences' }), fc.base64String()),
        (text) => {
          const { match } = understand(text, vocabulary);
          assert.ok(match === null || known.has(match.phrase));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never acts on an order that is negated', () => {
    const not = fc.constantFrom(
      "don't",
      'do not',
      'never',
      'please do not',
      'hob, don’t',
      'could you not',
    );
    fc.assert(
      fc.property(
        not,
        anyClosed,
        (word, order) => understand(`${word} ${order}`, vocabulary).match === null,
      ),
      { numRuns: 500 },
    );
  });

  it('never acts when a foreign word stands anywhere in an order', function () {
    fc.assert(
      fc.property(
        anyClosed,
        fc.nat(),
        fc.constantFrom('zebra', 'not', 'unless', 'xyzzy', 'rm', ';rm'),
        (order, place, word) => {
          const words = order.split(' ');
          words.splice(place % (words.length + 1), 0, word);
          const { match } = understand(words.join(' '), vocabulary);
          // "why not" is a question of its own.
          return match === null || match.name === 'why';
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hears the same order in any case and with any punctuation at its edges', () => {
    fc.assert(
      fc.property(
        anyClosed,
        fc.constantFrom('.', '!', '…', '?!'),
        fc.boolean(),
        (order, mark, loud) => {
          const said = (loud ? order.toUpperCase() : order) + mark;
          return (
            understand(said, vocabulary).match?.name === understand(order, vocabulary).match?.name
          );
        },
      ),
    );
  });

  it('repeats its own suggestions: every closest phrase with all slots is understood', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...lines('near').map((line) => expectation(line).sentence)),
        (sentence) => {
          for (const { name, phrase } of understand(sentence, vocabulary).closest) {
            if (/ (N|…|NAME)( |$)/.test(phrase)) continue;
            assert.equal(understand(phrase, vocabulary).match?.name, name, phrase);
          }
        },
      ),
    );
  });
});
