import type { InquiryView } from '#schema/views/inquiry.ts';

/** As it is compared: no case, no punctuation, one space between words. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/**
 * What these words answer: a choice that they name whole, or themselves where other words count. Null when
 * they are no answer to this question.
 */
export function answerIn(
  { choices, free_text }: Pick<InquiryView, 'choices' | 'free_text'>,
  words: string,
): { choice: number | null } | null {
  const said = plain(words);
  if (said !== '') {
    const named = choices.findIndex((choice) => plain(choice) === said);
    if (named !== -1) return { choice: named };
  }
  return free_text && words.trim() !== '' ? { choice: null } : null;
}
