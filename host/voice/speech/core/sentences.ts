import { plainBlocks } from './plain-text.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A dot after one of these ends no sentence. The segmenter of ICU does not know them. */
const abbreviations = new Set(
  'e.g i.e cf vs approx ca mr mrs ms dr prof st no nos fig figs eq sec ch vol pp p ed eds al dept est inc ltd co jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m'.split(
    ' ',
  ),
);

/**
 * A text for people, Markdown or plain, as the sentences that are shown and said one after the other.
 * Never empty strings; an empty text gives an empty list.
 */
export function splitSentences(text: string): string[] {
  return plainBlocks(text).flatMap(sentencesOf);
}

function sentencesOf(block: string): string[] {
  const sentences: string[] = [];
  let open = '';
  for (const { segment } of segmenter.segment(block)) {
    open += segment;
    if (goesOn(open)) continue;
    sentences.push(open);
    open = '';
  }
  return [...sentences, open].map((one) => one.trim()).filter((one) => one !== '');
}

/** True where the segmenter cut inside a sentence. */
function goesOn(open: string): boolean {
  // Inside a word: the query of an address, a file name.
  if (!/\s$/.test(open)) return true;
  const last = /(\S+)\s+$/.exec(open)?.[1] ?? '';
  if (!last.endsWith('.')) return false;
  const word = last.replace(/^[("'[]+/, '').slice(0, -1);
  // One capital is an initial; a number alone in front of a sentence is that of a list.
  return (
    abbreviations.has(word.toLowerCase()) || /^\p{Lu}$/u.test(word) || /^\s*\d+\.\s+$/.test(open)
  );
}
