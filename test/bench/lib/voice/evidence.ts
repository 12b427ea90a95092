// What both looks say of a part of the tuning set: what the weights of rejection are fitted to.
import { phrasesFor } from '#host/conversation/turns/phrases.ts';
import type { Evidence } from '#host/voice/recognition/core/rejection.ts';
import type { Rescored } from '#host/voice/recognition/rescoring/core/search.ts';
import { Judge } from '../speech/judge.ts';
import { every, speechSet } from '../speech/speech-set.ts';
import { clipsOf, type Clip } from '../speech/utterances.ts';
import { meaning } from './meaning.ts';

export interface Look {
  evidence: Evidence;
  /** It is an order, and this is what was said. */
  isRight: boolean;
}

export interface Row {
  sentence: string;
  voice: string;
  isOrder: boolean;
  formant: boolean;
  noise: Clip['noise'];
  /** Of the recogniser itself. */
  looks: Look[];
  /** Of the model that knows text, where it is there. */
  rescored: Rescored | null;
  /** Which of its phrases mean what was said. */
  right: string[];
}

/** Every so manieth sentence, the orders by some of the voices in turn. */
export async function evidenceOf(step: number, voices: number): Promise<Row[]> {
  const set = every(speechSet('tuning'), step);
  const clips = (await clipsOf(set)).filter(({ sentence, voice, isOrder, noise }) => {
    // At 20 dB it is heard as clean.
    if (noise?.snrDb === 20 || (!isOrder && noise?.snrDb === 5)) return false;
    const at = set.voices.findIndex(({ id }) => id === voice);
    const turn = set.orders.indexOf(sentence) * voices;
    return !isOrder || (at - turn + set.voices.length * turn) % set.voices.length < voices;
  });
  await using judge = new Judge({ always: true });
  await judge.setPhrases(phrasesFor({ ...set.vocabulary, choices: [], answers: false }));
  const outcomes = await judge.hearAll(clips.map((clip) => () => clip.sound()));
  return clips.map(({ sentence, voice, isOrder, formant, noise }, at) => {
    const { evidence = [], rescored = null } = outcomes[at] ?? {};
    const isMeant = (text: string): boolean =>
      isOrder && meaning(text, set.vocabulary) === meaning(sentence, set.vocabulary);
    return {
      sentence,
      voice,
      isOrder,
      formant,
      noise,
      looks: evidence.map((one) => ({ evidence: one, isRight: isMeant(one.text) })),
      rescored,
      right: (rescored?.phrases ?? []).map(({ text }) => text).filter(isMeant),
    };
  });
}
