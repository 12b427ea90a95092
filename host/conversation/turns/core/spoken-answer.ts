import { toWords, withoutPoliteness, type Word } from '#host/intents/core/words.ts';

/** What a sentence says to a question. `ambiguous`: it is an answer, and not clear which. */
export type SpokenAnswer = 'approve' | 'deny' | 'hold' | 'ambiguous';

const phrases = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split(/\s*\|\s*/)
    .map((words) => words.trim().split(/\s+/));

/*
 * An answer is a sentence that consists of these phrases alone; a sentence with any other word in it is
 * something else. So "yesterday", "the next one is a yes" or "approve of nothing" are no answers.
 */
const approvals = phrases(
  'yes | yeah | yep | yup | approve | approved | approve it | approve that | approve this | allow it | allow that | allow this | allow | i approve | i approve it | go ahead | do it | let it | let it run | go for it | sure | okay | ok | accept | confirm | confirmed | correct | that is right',
);
const denials = phrases(
  "no | nope | deny | denied | deny it | deny that | deny this | i deny it | reject | reject it | reject that | refuse | decline | don't | do not | don't do it | do not do it | don't do that | do not do that | don't approve | do not approve | don't approve it | do not approve it | don't allow it | do not allow it | don't run it | do not run it | don't let it run | don't go ahead | not that | not that one | not this | not this one | not it | never | no way | no thanks | certainly not | absolutely not | of course not | definitely not | not approved | not allowed | not now | cancel it | stop it",
);
const holds = phrases(
  "hold | hold on | hold it | hold that | hold this | wait | wait a moment | wait a minute | not sure | i'm not sure | i am not sure | not so sure | i'm not so sure | not yet | later | let me think | let me think about it | let me see | let me look | i don't know | i do not know | i don't know yet | don't know | one moment | give me a moment | leave it | maybe later | not certain | i'm not certain",
);
/** Half an answer: asked again. */
const unclear = phrases(
  'maybe | perhaps | probably | i guess | i guess so | i suppose | i suppose so | i think so | i think | kind of | if you like | if you want | whatever | either | both | hmm | um | uh | what | pardon | which one | which | yes if | only if',
);

interface Meaning {
  words: readonly string[];
  says: SpokenAnswer;
}
const meanings: readonly Meaning[] = [
  ...approvals.map((words): Meaning => ({ words, says: 'approve' })),
  ...denials.map((words): Meaning => ({ words, says: 'deny' })),
  ...holds.map((words): Meaning => ({ words, says: 'hold' })),
  ...unclear.map((words): Meaning => ({ words, says: 'ambiguous' })),
].toSorted((a, b) => b.words.length - a.words.length);

/** Two in one breath, as phrases of the intent table are written. */
const together: Partial<Record<SpokenAnswer, readonly string[]>> = {
  approve: ['yes (approve|allow) [it|this|that]', 'yes (accept|confirm|go ahead|do it|go for it)'],
  deny: [
    'no deny [it|this|that]',
    "no (reject|reject it|reject that|decline|refuse|don't|don't do it|do not|not that one)",
  ],
};

/** What is listened for while a question waits, by what it answers. */
export const answerPhrases: ReadonlyMap<SpokenAnswer, readonly string[]> = new Map(
  [...Map.groupBy(meanings, ({ says }) => says)].map(([says, same]) => [
    says,
    [...same.map(({ words }) => words.join(' ')), ...(together[says] ?? [])],
  ]),
);

/** Joins answers without being one. */
const between = new Set(['and', 'but', 'well', 'then', 'oh', 'or', 'so', 'please', 'hob']);

/** What the sentence answers, or null when it is no answer at all. Compares whole words only. */
export function spokenAnswer(sentence: string): SpokenAnswer | null {
  const words = toWords(sentence);
  // "Now" may be said to be friendly, and "not now" is an answer.
  const parts = partsOf(spoken(words)) ?? partsOf(spoken(withoutPoliteness(words)));
  if (parts === null || parts.length === 0) return null;
  const all = new Set(parts);
  if (all.size === 1) return parts[0] ?? null;
  // "No, don't" is one answer; "no, wait" leaves it open; "yes … no" is for nobody to guess.
  if (all.size === 2 && all.has('deny') && all.has('hold')) return 'hold';
  return 'ambiguous';
}

const spoken = (words: readonly Word[]): string[] =>
  words.flatMap(({ norm }) => (norm === '' ? [] : [norm]));

/** The sentence as a row of answers, or null when a word of it belongs to none. */
function partsOf(words: readonly string[]): SpokenAnswer[] | null {
  const parts: SpokenAnswer[] = [];
  let at = 0;
  while (at < words.length) {
    const here = meanings.find(({ words: phrase }) =>
      phrase.every((word, offset) => words[at + offset] === word),
    );
    if (here !== undefined) {
      parts.push(here.says);
      at += here.words.length;
    } else if (between.has(words[at] ?? '')) at += 1;
    else return null;
  }
  return parts;
}
