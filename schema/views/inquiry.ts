import * as z from 'zod';
import { domainId, timestampSchema } from '../envelope/ids.ts';
import { principalSchema } from '../envelope/principal.ts';

/*
 * An inquiry: an agent asks the person something. It is no approval: whatever is answered allows nothing,
 * needs no signature, and is words for the agent that asked.
 */

/** `question`: choices, own words, or both. `listen`: the agent wants to hear the person. */
export const inquiryKinds = ['question', 'listen'] as const;
export const inquiryStatuses = ['open', 'answered', 'declined', 'cancelled', 'expired'] as const;
export const answerSources = ['click', 'typed', 'voice'] as const;

export const inquiryAnswerSchema = z.object({
  /** The chosen choice, or what was typed or said. */
  text: z.string(),
  /** Which of the choices, from 0; null for other words. */
  choice: z.number().int().nullable(),
  source: z.enum(answerSources),
  /** The talk turn in which it was said. */
  turn_id: domainId('turn').nullable(),
});
export type InquiryAnswer = z.infer<typeof inquiryAnswerSchema>;

/** What an agent asks. */
export const inquiryTextSchema = z.object({
  kind: z.enum(inquiryKinds),
  question: z.string().min(1).max(500),
  choices: z.array(z.string().min(1).max(80)).max(8),
  /** Other words than the choices count as well. */
  free_text: z.boolean(),
  /** What the recogniser listens for beside the choices. */
  phrases: z.array(z.string().min(1).max(80)).max(64),
});
export type InquiryText = z.infer<typeof inquiryTextSchema>;

export const inquiryViewSchema = inquiryTextSchema.extend({
  inquiry_id: domainId('inquiry'),
  workspace_id: z.string(),
  requester: principalSchema,
  status: z.enum(inquiryStatuses),
  answer: inquiryAnswerSchema.nullable(),
  /** Why it was cancelled. */
  ended_reason: z.string().nullable(),
  asked_at: timestampSchema,
  expires_at: timestampSchema,
  settled_at: timestampSchema.nullable(),
  /** The call that asked, so that the same call sent again asks once. */
  ref: z.string().nullable(),
});
export type InquiryView = z.infer<typeof inquiryViewSchema>;
