import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { waysOf } from '#host/voice/recognition/core/phrases.ts';
import { answerPhrases, spokenAnswer } from './spoken-answer.ts';

const waysToSay = (phrases: readonly string[]): string[] =>
  phrases.flatMap((phrase) => (waysOf(phrase) ?? []).map((way) => way.join(' ')));
const answering = waysToSay([...answerPhrases.values()].flat());

const says = (answer: ReturnType<typeof spokenAnswer>, ...sentences: string[]): void => {
  for (const sentence of sentences) assert.equal(spokenAnswer(sentence), answer, sentence);
};

describe('what a spoken answer says', () => {
  it('[V-13] yes', () =>
    says(
      'approve',
      'yes',
      'Yes.',
      'yes please',
      'yeah',
      'okay',
      'approve',
      'Approve it!',
      'go ahead',
      'yes, do it',
      'yes yes',
      'sure, go ahead',
      'hob, approve',
    ));

  it('[V-13] no, also where a yes is inside it', () =>
    says(
      'deny',
      'no',
      'nope',
      "don't",
      'do not',
      "don't do it",
      "Don't approve it",
      'do not approve',
      'not that one',
      'not now',
      'no thanks',
      'no, not that one',
      "no, don't",
      'absolutely not',
      'not approved',
      "don't go ahead",
      'don’t',
      'deny',
    ));

  it('[V-13] hold, which decides nothing', () =>
    says(
      'hold',
      'not sure',
      "I'm not sure",
      'hold on',
      'wait',
      'not yet',
      'let me think about it',
      "I don't know",
      'no, wait',
      "no, I'm not sure",
    ));

  it('[V-13] an answer that is not clear is asked again', () =>
    says(
      'ambiguous',
      'maybe',
      'yes no',
      'yes but wait',
      'no yes',
      'yes or no',
      'I guess so',
      'okay not sure',
      'yes, maybe',
      'not sure, yes',
      'yes not that one',
    ));

  it('[V-13] other speech is no answer, whatever words it is made of', () =>
    says(
      null,
      '',
      'yesterday',
      'yes men',
      'noon',
      'nothing',
      'yes terday',
      'open settings',
      'know',
      'okra',
      'approval',
      'disapprove',
      'unapproved',
      'I approve of the weather',
      'no problem with the tests',
      'run the tests',
      'go ahead and delete the branch',
      'yes delete everything',
      'what is yes in German',
      'the answer is no',
      "can't",
      'eyes',
      'surely not the yes we meant',
      'approve git push',
      'allow everything',
      'always allow',
    ));

  it('[V-13] what is listened for while a question waits is the answer that it stands under', () => {
    for (const [answer, phrases] of answerPhrases) says(answer, ...waysToSay(phrases));
    assert.ok(answering.includes('yes allow it') && answering.includes('no not that one'));
  });

  it('[V-13] a yes with anything foreign beside it is never a yes', () => {
    const known = new Set(answering.flatMap((way) => way.split(' ')));
    const foreign = fc
      .stringMatching(/^[a-z]{3,9}$/)
      .filter(
        (word) =>
          !known.has(word) &&
          ![
            'and',
            'but',
            'well',
            'then',
            'please',
            'hob',
            'thanks',
            'now',
            'hey',
            'just',
            'lets',
          ].includes(word),
      );
    fc.assert(
      fc.property(
        foreign,
        fc.constantFrom('yes', 'approve', 'go ahead', 'ok'),
        fc.boolean(),
        (word, yes, before) => {
          assert.notEqual(spokenAnswer(before ? `${word} ${yes}` : `${yes} ${word}`), 'approve');
          assert.notEqual(spokenAnswer(`${yes}${word}`), 'approve');
        },
      ),
    );
  });

  it('[V-13] a negation anywhere is never a yes', () => {
    const negation = fc.constantFrom(
      "don't",
      'do not',
      'no',
      'not',
      'never',
      'not that one',
      'not sure',
    );
    fc.assert(
      fc.property(fc.constantFrom(...answering), negation, fc.boolean(), (phrase, no, before) => {
        assert.notEqual(spokenAnswer(before ? `${no} ${phrase}` : `${phrase} ${no}`), 'approve');
      }),
    );
  });
});
