import type { DomainEvent } from '#schema/events/domain-events.ts';
import type { JsonObject } from '#schema/envelope/json.ts';
import type { Asked, InquiryAnswer, InquiryView } from '#schema/views/inquiry.ts';
import type { Principal } from '#schema/envelope/principal.ts';
import { answerIn } from './answer-in.ts';
import { formAnswer } from './form-answer.ts';

/** How somebody answers: which choice, in what words, or with what in the fields. */
export type Given =
  | { readonly choice: number }
  /** Words that name a choice are that choice. */
  | { readonly text: string }
  /** Of a link: empty, it is to be opened. */
  | { readonly content: JsonObject };

export type InquiryCommand =
  | {
      readonly kind: 'ask';
      readonly inquiry_id: string;
      readonly text: Asked;
      readonly requester: Principal;
      readonly expires_at: string;
      readonly ref: string | null;
    }
  | {
      readonly kind: 'answer';
      readonly given: Given;
      readonly source: InquiryAnswer['source'];
      readonly turn_id: string | null;
    }
  | { readonly kind: 'decline' }
  | { readonly kind: 'cancel'; readonly reason: string }
  /** `at`: epoch ms of this look at the clock. */
  | { readonly kind: 'expire'; readonly at: number };

export type InquiryOutcome =
  | { readonly ok: true; readonly events: readonly DomainEvent[] }
  | {
      readonly ok: false;
      readonly code: 'not_found' | 'already_settled' | 'invalid_payload';
      readonly message?: string;
    };

const ok = (...events: DomainEvent[]): InquiryOutcome => ({ ok: true, events });

/** What follows from something that happens to one inquiry. */
export function decideInquiry(
  command: InquiryCommand,
  inquiry: InquiryView | null,
): InquiryOutcome {
  if (command.kind === 'ask') return ask(command);
  if (inquiry === null) return { ok: false, code: 'not_found' };
  const { inquiry_id } = inquiry;
  const isOpen = inquiry.status === 'open';
  switch (command.kind) {
    case 'answer':
      return isOpen ? answer(command, inquiry) : { ok: false, code: 'already_settled' };
    case 'decline':
      return isOpen
        ? ok({ type: 'inquiry.declined', data: { inquiry_id } })
        : { ok: false, code: 'already_settled' };
    case 'cancel':
      return isOpen
        ? ok({ type: 'inquiry.cancelled', data: { inquiry_id, reason: command.reason } })
        : ok();
    case 'expire':
      return isOpen && Date.parse(inquiry.expires_at) <= command.at
        ? ok({ type: 'inquiry.expired', data: { inquiry_id } })
        : ok();
  }
}

/** A question that nobody could answer is not put: it has choices, or takes words. */
function ask(command: Extract<InquiryCommand, { kind: 'ask' }>): InquiryOutcome {
  const { inquiry_id, text, requester, expires_at, ref } = command;
  const isWords = text.kind === 'question' || text.kind === 'listen';
  if (isWords && text.choices.length === 0 && !text.free_text)
    return {
      ok: false,
      code: 'invalid_payload',
      message: 'A question needs choices, or takes an answer in own words.',
    };
  if (new Set(text.choices.map((choice) => choice.trim().toLowerCase())).size < text.choices.length)
    return { ok: false, code: 'invalid_payload', message: 'Two choices are the same.' };
  return ok({
    type: 'inquiry.asked',
    data: { ...text, inquiry_id, requester, expires_at, ref },
  });
}

function answer(
  { given, source, turn_id }: Extract<InquiryCommand, { kind: 'answer' }>,
  inquiry: InquiryView,
): InquiryOutcome {
  const meant = meaning(given, inquiry);
  if ('problem' in meant) return { ok: false, code: 'invalid_payload', message: meant.problem };
  const { inquiry_id } = inquiry;
  return ok({ type: 'inquiry.answered', data: { inquiry_id, ...meant, source, turn_id } });
}

type Meant = Pick<InquiryAnswer, 'text' | 'choice' | 'content'> | { problem: string };

/** The answer as it is kept, or why it is none. */
function meaning(given: Given, inquiry: InquiryView): Meant {
  if ('content' in given) return filledIn(given.content, inquiry);
  return (
    inWords(given, inquiry) ?? {
      problem:
        inquiry.choices.length === 0
          ? 'This is answered on its card.'
          : `This question takes one of its choices: ${inquiry.choices.join(' · ')}.`,
    }
  );
}

function filledIn(content: JsonObject, { kind, fields = [] }: InquiryView): Meant {
  if (kind === 'link') return { text: 'opened the page', choice: null, content: {} };
  if (kind !== 'form') return { problem: 'This question is no form.' };
  const answer = formAnswer(fields, content);
  return 'problem' in answer ? answer : { ...answer, choice: null };
}

function inWords(
  given: Exclude<Given, { content: JsonObject }>,
  inquiry: InquiryView,
): Pick<InquiryAnswer, 'text' | 'choice'> | null {
  const { choices } = inquiry;
  const named = 'choice' in given ? given.choice : (answerIn(inquiry, given.text)?.choice ?? null);
  if (named !== null) {
    const text = choices[named];
    return text === undefined ? null : { text, choice: named };
  }
  return 'text' in given && answerIn(inquiry, given.text) !== null
    ? { text: given.text.trim(), choice: null }
    : null;
}
