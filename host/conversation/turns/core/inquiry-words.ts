import type { InquiryView } from '#schema/views/inquiry.ts';

type Asked = Pick<InquiryView, 'question' | 'choices' | 'during'>;

/** An inquiry as it is said: "Which database? PostgreSQL, SQLite, or none?" */
export function inquiryAloud({ question, choices, during }: Asked): string {
  // A server writes as much as it wants, and is answered by hand.
  if (during !== undefined) return 'look at its card in the panel.';
  const text = question.trim();
  const asked = /[.?!]$/.test(text) ? text : `${text}?`;
  return choices.length === 0 ? asked : `${asked} ${listed(choices)}?`;
}

const listed = (choices: readonly string[]): string => {
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')}, or ${last}`;
};

/** What Hob says to an answer that was none. */
export const notOneOf = (heard: string, { choices }: Asked, agent: string): string =>
  choices.length === 0
    ? `I heard "${heard}", and am not sure of it. ${agent} waits on; say it again, or type it.`
    : `I heard "${heard}". ${agent} asks for one of: ${choices.join(' · ')}.`;
