import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeSpeechModel, type Said } from '../../../../../test/fakes/fake-speech-model.ts';
import { waysOf } from '../../core/phrases.ts';
import { phraseGraph } from './phrase-graph.ts';
import { search, usual, type Rescored, type SearchOptions } from './search.ts';
import { SpellingTree } from './spelling-tree.ts';

interface Case {
  phrases: string[];
  sound: Said;
  noise?: Said;
  known?: string;
  options?: Partial<SearchOptions>;
}

async function looked({ phrases, sound, noise = {}, known, options }: Case) {
  const model = new FakeSpeechModel(sound);
  const { tokens } = model;
  const treeOf = (all: string[]): SpellingTree =>
    new SpellingTree(tokens, phraseGraph(all.flatMap((phrase) => waysOf(phrase) ?? [])));
  const rescored = await search(
    { sound: model.hearing(sound), noise: model.hearing(noise) },
    {
      tokens,
      tree: treeOf(phrases),
      known: known === undefined ? null : { text: known, tree: treeOf([known]) },
      options: { ...usual, ...options },
    },
  );
  return { rescored: rescored as Rescored, calls: model.calls };
}

const near = (value: number | undefined, chance: number): void =>
  assert.ok(Math.abs((value ?? 0) - Math.log(chance)) < 0.01, `${value} for ${Math.log(chance)}`);

describe('search', () => {
  it('finds the phrase that explains the sound, whatever its end is written with', async () => {
    const { rescored } = await looked({
      phrases: ['open settings', 'open [the] terminal', 'close'],
      sound: {
        '': { ' Open': 0.8, ' Close': 0.2 },
        Open: { ' settings': 0.5, ' the': 0.5 },
        'Open settings': { '.': 0.5, '': 0.25, '?': 0.25 },
        'Open the': { ' terminal': 1 },
        'Open the terminal': { '.': 1 },
        Close: { '.': 1 },
      },
    });
    const [best, ...others] = rescored.phrases;
    assert.ok(best?.text === 'open settings' || best?.text === 'open the terminal');
    near(best.logp, 0.4);
    near(others.at(-1)?.logp, 0.2);
    assert.equal(others.at(-1)?.text, 'close');
  });

  it('reads freely beside it, and says how much likelier that is', async () => {
    const { rescored } = await looked({
      phrases: ['close it'],
      sound: {
        '': { ' Close': 1 },
        Close: { ' the': 0.9, ' it': 0.1 },
        'Close it': { '.': 1 },
        'Close the': { ' door': 1 },
        'Close the door': { '': 1 },
      },
    });
    assert.equal(rescored.free.text, 'Close the door');
    near(rescored.free.logp, 0.9);
    near(rescored.phrases[0]?.logp, 0.1);
  });

  it('takes off what is likely without a sound', async () => {
    const sound: Said = { '': { ' Why': 0.6, ' Undo': 0.4 }, Why: { '?': 1 }, Undo: { '.': 1 } };
    const noise: Said = { ...sound, '': { ' Why': 0.9, ' Undo': 0.01 } };
    const phrases = ['why', 'undo'];
    const best = async (prior: number): Promise<string | undefined> =>
      (await looked({ phrases, sound, noise, options: { prior } })).rescored.phrases[0]?.text;
    assert.equal(await best(0), 'why');
    assert.equal(await best(0.5), 'undo');
  });

  it('adds up the ways to write a phrase: numbers in digits and in words, names in letters', async () => {
    const { rescored } = await looked({
      phrases: ['line {line:number}', 'run npm'],
      sound: {
        '': { ' Line': 0.5, ' Run': 0.5 },
        Line: { ' ': 0.4, ' twenty': 0.6 },
        'Line ': { '2': 1 },
        'Line 2': { '1': 1 },
        'Line 21': { '.': 1 },
        'Line twenty': { '-': 1 },
        'Line twenty-': { one: 1 },
        'Line twenty-one': { '': 1 },
        Run: { ' npm': 0.5, ' N': 0.5 },
        'Run N': { ' P': 1 },
        'Run N P': { ' M': 1 },
        'Run N P M': { '.': 1 },
        'Run npm': { '.': 1 },
      },
    });
    assert.deepEqual(rescored.phrases.map(({ text }) => text).toSorted(), ['line 21', 'run npm']);
    for (const { logp } of rescored.phrases) near(logp, 0.5);
  });

  it('follows the phrase that was heard before, however bad it is', async () => {
    const sound: Said = {
      '': { ' Close': 0.999, ' Undo': 0.001 },
      Close: { '.': 1 },
      Undo: { '.': 1 },
    };
    const phrases = ['close', 'undo'];
    const few = { spread: 2 };
    const texts = async (known?: string): Promise<string[]> =>
      (
        await looked({ phrases, sound, options: few, ...(known === undefined ? {} : { known }) })
      ).rescored.phrases.map(({ text }) => text);
    assert.deepEqual(await texts(), ['close']);
    assert.deepEqual(await texts('undo'), ['close', 'undo']);
  });

  it('[V-31] follows many beginnings, since somebody else may have talked into the right one', async () => {
    const begun =
      'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike'.split(' ');
    const found = async (options: Partial<SearchOptions>): Promise<string | undefined> => {
      const firsts = begun.map((word): [string, number] => [` ${word}`, 0.99 / begun.length]);
      const ends = begun.map((word): [string, Record<string, number>] => [
        word,
        { ' it': 0.01, '': 0.99 },
      ]);
      const { rescored } = await looked({
        phrases: [...begun.map((word) => `${word} it`), 'undo it'],
        sound: {
          '': { ...Object.fromEntries(firsts), ' undo': 0.01 },
          ...Object.fromEntries(ends),
          undo: { ' it': 1 },
          'undo it': { '.': 1 },
        },
        options,
      });
      return rescored.phrases[0]?.text;
    };
    assert.equal(await found({}), 'undo it');
    assert.notEqual(await found({ beamAtFirst: { pieces: 2, beam: 12 } }), 'undo it');
  });

  it('[V-31] says how good the best is of those that it does not name', async () => {
    const cutOf = async (count: number): Promise<number | undefined> => {
      const words = Array.from({ length: count }, (_, at) => `w${String.fromCodePoint(97 + at)}`);
      const firsts = words.map((word): [string, number] => [` ${word}`, 1 / count]);
      const ends = words.map((word): [string, Record<string, number>] => [word, { '.': 1 }]);
      const sound = { '': Object.fromEntries(firsts), ...Object.fromEntries(ends) };
      const { phrases, cut } = (await looked({ phrases: words, sound })).rescored;
      assert.equal(phrases.length, Math.min(count, usual.beam));
      assert.equal(cut, count > usual.beam ? phrases[0]?.rank : undefined);
      return cut;
    };
    assert.equal(await cutOf(usual.beam), undefined);
    assert.notEqual(await cutOf(usual.beam + 1), undefined);
  });

  it('gives up what was not said at all, and asks no more than it needs', async () => {
    const { rescored, calls } = await looked({
      phrases: ['open settings'],
      sound: {
        '': { ' It': 1 },
        It: { ' rains': 1 },
        'It rains': { '.': 1 },
        'It rains.': { '': 1 },
      },
      options: { hopeless: 5 },
    });
    assert.deepEqual(rescored.phrases, []);
    assert.ok(calls.length <= 2, `${calls.length} calls`);
  });

  it('stops where nobody wants it any longer', async () => {
    const model = new FakeSpeechModel({});
    const tree = new SpellingTree(model.tokens, phraseGraph([['open']]));
    const hearings = { sound: model.hearing({}), noise: model.hearing({}) };
    const asked = { tokens: model.tokens, tree, known: null, options: usual };
    assert.equal(await search(hearings, asked, () => false), null);
    assert.deepEqual(model.calls, []);
  });
});
